import { describe, expect, it } from 'vitest'
import { parseHtml } from '../../../src/simulator/telegram/entities/html.ts'

describe('HTML', () => {
  it.each<[source: string, text: string, entities: object[]]>([
    ['plain', 'plain', []],
    ['&lt;&gt;&amp;&quot;&#65;&#x42;', '<>&"AB', []],
    ['&lt without a semicolon', '< without a semicolon', []],
    ['&laquo;&nbsp;&#99999999;', '&laquo;&nbsp;&#99999999;', []],
    ['过载<b>跳闸</b>', '过载跳闸', [{ type: 'bold', offset: 2, length: 2 }]],
    ['🔴 <i>x</i>', '🔴 x', [{ type: 'italic', offset: 3, length: 1 }]],
    [
      '<u>a</u><ins>b</ins>',
      'ab',
      [
        { type: 'underline', offset: 0, length: 1 },
        { type: 'underline', offset: 1, length: 1 },
      ],
    ],
    ['<del>a</del>', 'a', [{ type: 'strikethrough', offset: 0, length: 1 }]],
    ['<span class="tg-spoiler">a</span>', 'a', [{ type: 'spoiler', offset: 0, length: 1 }]],
    ['<tg-spoiler>a</tg-spoiler>', 'a', [{ type: 'spoiler', offset: 0, length: 1 }]],
    ['<B>a</b>', 'a', [{ type: 'bold', offset: 0, length: 1 }]],
    ['<b>a</>', 'a', [{ type: 'bold', offset: 0, length: 1 }]],
    ['<b></b>a', 'a', []],
    ['<b any = "1">a</b>', 'a', [{ type: 'bold', offset: 0, length: 1 }]],
    [
      '<a href="tg://user?id=42">Li</a>',
      'Li',
      [{ type: 'text_mention', offset: 0, length: 2, user: { id: 42 } }],
    ],
    [
      '<a href="example.com/?a=1&amp;b=2">x</a>',
      'x',
      [{ type: 'text_link', offset: 0, length: 1, url: 'http://example.com/?a=1&b=2' }],
    ],
    [
      '<a>example.com</a>',
      'example.com',
      [{ type: 'text_link', offset: 0, length: 11, url: 'http://example.com/' }],
    ],
    ['<a href="nowhere">x</a>', 'x', []],
    ['<pre>a</pre>', 'a', [{ type: 'pre', offset: 0, length: 1 }]],
    [
      '<pre><code class="language-ts">a</code></pre>',
      'a',
      [{ type: 'pre', offset: 0, length: 1, language: 'ts' }],
    ],
    [
      '<code class="language-ts"><pre>a</pre></code>',
      'a',
      [{ type: 'pre', offset: 0, length: 1, language: 'ts' }],
    ],
    ['<blockquote expandable>a</blockquote>', 'a', [{ type: 'expandable_blockquote', offset: 0, length: 1 }]],
    [
      '<tg-emoji emoji-id="5368">👍</tg-emoji>',
      '👍',
      [{ type: 'custom_emoji', offset: 0, length: 2, custom_emoji_id: '5368' }],
    ],
    [
      '<tg-time unix="1767225600" format="wDT">now</tg-time>',
      'now',
      [{ type: 'date_time', offset: 0, length: 3, unix_time: 1767225600, date_time_format: 'wDT' }],
    ],
  ])('%s', (source, text, entities) => {
    expect(parseHtml(source)).toEqual({ text, entities })
  })

  it('takes the language of code on its own for nothing but code', () => {
    const { entities } = parseHtml('<pre> <code class="language-ts">a</code></pre>')
    expect(entities.map(({ type }) => type).sort()).toEqual(['code', 'pre'])
  })

  it.each<[source: string, error: string]>([
    ['<b>a', `Can't find end tag corresponding to start tag "b"`],
    ['63 A < 60 A', 'Unsupported start tag "" at byte offset 5'],
    ['跳闸<x>a</x>', 'Unsupported start tag "x" at byte offset 6'],
    ['🔴<b', 'Unclosed start tag at byte offset 4'],
    ['<b a', 'Unclosed start tag "b" at byte offset 0'],
    ['<b a>', 'Expected equal sign in declaration of an attribute of the tag "b" at byte offset 0'],
    ['<b =1>', 'Empty attribute name in the tag "b" at byte offset 0'],
    ['<b a="1>', 'Unclosed start tag at byte offset 0'],
    ['<a href=b/c>x</a>', 'Unexpected end of name token at byte offset 8'],
    ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ['a</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>a</b', 'Unclosed end tag at byte offset 4'],
    ['<i>a</em>', 'Unmatched end tag at byte offset 4, expected "</i>", found "</em>"'],
    ['<tg-emoji emoji-id="0">👍</tg-emoji>', 'Invalid custom emoji identifier specified'],
    ['<tg-time unix="soon">x</tg-time>', 'Invalid date specified'],
    ['<tg-time unix="1" format="tw">x</tg-time>', 'Invalid date format specified'],
  ])('refuses %s', (source, error) => {
    expect(() => parseHtml(source)).toThrow(new Error(error))
  })

  it('knows no tg-time before Bot API 9.5', () => {
    expect(() => parseHtml('<tg-time unix="1">x</tg-time>', 9.4)).toThrow('Unsupported start tag "tg-time"')
  })
})
