import { describe, expect, it } from 'vitest'
import { parseMarkdown } from '../../../src/simulator/telegram/entities/markdown.ts'
import { parseMarkdownV2 } from '../../../src/simulator/telegram/entities/markdown-v2.ts'

const reserved = (character: string) =>
  `Character '${character}' is reserved and must be escaped with the preceding '\\'`

describe('MarkdownV2', () => {
  it.each<[source: string, text: string, entities: object[]]>([
    ['plain, text', 'plain, text', []],
    ['a\\.b\\-c\\\\', 'a.b-c\\', []],
    ['🔴 _过载_', '🔴 过载', [{ type: 'italic', offset: 3, length: 2 }]],
    [
      '*a _b_*',
      'a b',
      [
        { type: 'italic', offset: 2, length: 1 },
        { type: 'bold', offset: 0, length: 3 },
      ],
    ],
    [
      '_a __b___',
      'a b',
      [
        { type: 'underline', offset: 2, length: 1 },
        { type: 'italic', offset: 0, length: 3 },
      ],
    ],
    [
      '~a~||b||',
      'ab',
      [
        { type: 'strikethrough', offset: 0, length: 1 },
        { type: 'spoiler', offset: 1, length: 1 },
      ],
    ],
    ['`a_b.c`', 'a_b.c', [{ type: 'code', offset: 0, length: 5 }]],
    ['```\na```', 'a', [{ type: 'pre', offset: 0, length: 1 }]],
    ['```ts\nlet a\n```', 'let a\n', [{ type: 'pre', offset: 0, length: 6, language: 'ts' }]],
    ['**', '', []],
    ['[a](http://x.com/\\))', 'a', [{ type: 'text_link', offset: 0, length: 1, url: 'http://x.com/)' }]],
    ['[x\\.com]', 'x.com', [{ type: 'text_link', offset: 0, length: 5, url: 'http://x.com/' }]],
    ['[a](nowhere)', 'a', []],
    ['[Li](tg://user?id=42)', 'Li', [{ type: 'text_mention', offset: 0, length: 2, user: { id: 42 } }]],
    [
      '![👍](tg://emoji?id=25)',
      '👍',
      [{ type: 'custom_emoji', offset: 0, length: 2, custom_emoji_id: '25' }],
    ],
    [
      '![now](tg://time?unix=5&format=r)',
      'now',
      [{ type: 'date_time', offset: 0, length: 3, unix_time: 5, date_time_format: 'r' }],
    ],
    ['>a\n>b\nc', 'a\nb\nc', [{ type: 'blockquote', offset: 0, length: 4 }]],
    ['x\n>a', 'x\na', [{ type: 'blockquote', offset: 2, length: 1 }]],
    ['>a\n>b||\nc', 'a\nb\nc', [{ type: 'expandable_blockquote', offset: 0, length: 4 }]],
    [
      '>a\n**>b',
      'a\nb',
      [
        { type: 'blockquote', offset: 0, length: 2 },
        { type: 'blockquote', offset: 2, length: 1 },
      ],
    ],
    ['>', '', []],
  ])('%j', (source, text, entities) => {
    expect(parseMarkdownV2(source)).toEqual({ text, entities })
  })

  it.each([...'])>#+-={}.!('])('refuses a bare %s', (character) => {
    expect(() => parseMarkdownV2(`a${character}`)).toThrow(new Error(reserved(character)))
    expect(parseMarkdownV2(`a\\${character}`).text).toBe(`a${character}`)
  })

  it.each<[source: string, error: string]>([
    ['🔴_a', "Can't find end of Italic entity at byte offset 4"],
    ['过*a', "Can't find end of Bold entity at byte offset 3"],
    ['__a', "Can't find end of Underline entity at byte offset 0"],
    ['a~', "Can't find end of Strikethrough entity at byte offset 1"],
    ['||a|', reserved('|')],
    ['`a', "Can't find end of Code entity at byte offset 0"],
    ['```a', "Can't find end of Pre entity at byte offset 0"],
    ['```a b', "Can't find end of PreCode entity at byte offset 0"],
    ['[a', "Can't find end of TextUrl entity at byte offset 0"],
    ['[a](b\\)', "Can't find end of a URL at byte offset 4"],
    ['![a', "Can't find end of CustomEmoji entity at byte offset 0"],
    ['![a]', 'Custom emoji entity must contain a tg://emoji URL'],
    ['![a](x://emoji?id=1)', 'Custom emoji URL must have scheme tg'],
    ['![a](tg://x?id=1)', 'Custom emoji URL must have host "emoji"'],
    ['![a](tg://emoji?x=1)', 'Custom emoji URL must have an emoji identifier'],
    ['![a](tg://emoji?id=01)', 'Invalid custom emoji identifier specified'],
    ['>*a\nb*', "Can't find end of Bold entity at byte offset 1"],
  ])('refuses %j', (source, error) => {
    expect(() => parseMarkdownV2(source)).toThrow(new Error(error))
  })
})

describe('legacy Markdown', () => {
  it.each<[source: string, text: string, entities: object[]]>([
    [
      '*a* _b_ `c` \\*',
      'a b c *',
      [
        { type: 'bold', offset: 0, length: 1 },
        { type: 'italic', offset: 2, length: 1 },
        { type: 'code', offset: 4, length: 1 },
      ],
    ],
    ['[a](x.com)', 'a', [{ type: 'text_link', offset: 0, length: 1, url: 'http://x.com/' }]],
    ['```ts\na\nb```', 'a\nb', [{ type: 'pre', offset: 0, length: 3, language: 'ts' }]],
    ['63.1 A - 60 A!', '63.1 A - 60 A!', []],
  ])('%j', (source, text, entities) => {
    expect(parseMarkdown(source)).toEqual({ text, entities })
  })

  it('refuses what is not closed', () => {
    const error = "Can't find end of the entity starting at byte offset 3"
    expect(() => parseMarkdown('过_a')).toThrow(new Error(error))
  })
})
