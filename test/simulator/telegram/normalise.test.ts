import { expect, it } from 'vitest'
import { parseHtml } from '../../../src/simulator/telegram/entities/html.ts'
import { normalise } from '../../../src/simulator/telegram/entities/normalise.ts'

it.each<[what: string, source: string, text: string, entities: [string, number, number][]]>([
  ['trims both ends', '  a \n', 'a', []],
  ['trims up to the first entity', '\n <b> a</b> ', ' a', [['bold', 0, 2]]],
  ['replaces control characters', 'a\u0007b', 'a b', []],
  ['joins touching styles', '<b>a</b><b>b</b>', 'ab', [['bold', 0, 2]]],
  [
    'cuts styles out of code',
    '<b>a<code>b</code>c</b>',
    'abc',
    [
      ['bold', 0, 1],
      ['code', 1, 1],
      ['bold', 2, 1],
    ],
  ],
  [
    'puts outer entities first',
    '<i><b>ab</b>c</i>',
    'abc',
    [
      ['italic', 0, 3],
      ['bold', 0, 2],
    ],
  ],
  [
    'finds commands, mentions, links and hashtags',
    '/ack@some_bot by @some_user at x.com/a #trip',
    '/ack@some_bot by @some_user at x.com/a #trip',
    [
      ['bot_command', 0, 13],
      ['mention', 17, 10],
      ['url', 31, 7],
      ['hashtag', 39, 5],
    ],
  ],
  ['finds nothing in code', '<code>/ack</code>', '/ack', [['code', 0, 4]]],
  ['takes no Chinese word for a command', '/合闸', '/合闸', []],
])('%s', (_what, source, text, entities) => {
  const result = normalise(parseHtml(source))
  expect(result.text).toBe(text)
  expect(result.entities.map(({ type, offset, length }) => [type, offset, length])).toEqual(entities)
})
