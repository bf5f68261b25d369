import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clip,
  escapeMarkdown,
  excerpt,
  type Measure,
  plain,
  utf8Bytes,
  utf16Units,
} from '../../../src/channels/kit/text.ts'
import { widthOf } from '../../../src/channels/wecom/width.ts'

test('plain text keeps to one line and its reading order', () => {
  expect(plain(' 3号\r\n\u0000泵\u202Egnp\ud800 ')).toBe('3号 泵gnp\ufffd')
  expect(plain('a \u202e b')).toBe('a b')
})

const cuts: [Measure, text: string, limit: number, cut: string][] = [
  [utf8Bytes, '断路器', 9, '断路器'],
  [utf8Bytes, '断路器跳闸', 10, '断路…'],
  [utf8Bytes, '😀😀', 7, '😀…'],
  [utf8Bytes, '\ud800\ud800x', 6, '\ud800…'],
  [utf16Units, 'ab🔴', 4, 'ab🔴'],
  [utf16Units, 'ab🔴c', 4, 'ab…'],
  [widthOf, '断路器', 3, '断路器'],
  [widthOf, '断路器跳闸', 3, '断路…'],
  [widthOf, '😀😀😀', 2, '😀…'],
  [widthOf, 'abcdef', 3, 'abcdef'],
  [widthOf, 'abcdefg', 3, 'abcd…'],
]
test.for(cuts)('cutting keeps characters whole: %o «%s» to %d is «%s»', ([measure, text, limit, cut]) => {
  expect(clip(text, limit, measure)).toBe(cut)
})

const FAMILY = '👨‍👩‍👧‍👦'
const FLAG = '🇨🇳'

test('a family, a flag, a letter with its accent are one character each', () => {
  expect(clip(`${FAMILY}${FLAG}`, utf8Bytes(FAMILY) + 4, utf8Bytes)).toBe(`${FAMILY}…`)
  expect(clip(FLAG.repeat(3), 10, utf16Units)).toBe(`${FLAG.repeat(2)}…`)
  expect(clip('caf\u0065\u0301s', 5, utf16Units)).toBe('caf…')
  expect(clip(FAMILY.repeat(2), 5, utf16Units)).toMatch(/^👨\u200d…$|^👨…$/)
})

test('cutting anything keeps to the limit, to a beginning of the text and to whole characters', () => {
  const characters = new Intl.Segmenter('zh', { granularity: 'grapheme' })
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc
      .array(fc.constantFrom(FAMILY, FLAG, 'e\u0301', '断', '\ud83d'), { maxLength: 20 })
      .map((all) => all.join('')),
  )
  const measure = fc.constantFrom<Measure>(utf8Bytes, utf16Units, widthOf)
  fc.assert(
    fc.property(text, fc.integer({ min: 3, max: 60 }), measure, (text, limit, measure) => {
      const cut = clip(text, limit, measure)
      expect(measure(cut)).toBeLessThanOrEqual(limit)
      if (cut === text) return
      const kept = cut.slice(0, -1)
      expect(cut.endsWith('…') && text.startsWith(kept)).toBe(true)
      const [first] = characters.segment(text)
      const ends = [...characters.segment(text)].map(({ index }) => index)
      if (measure(first!.segment) <= limit - measure('…')) expect(ends).toContain(kept.length)
      else expect(kept.isWellFormed() || !text.isWellFormed()).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('what is told of a text from outside is one line, short, and no secret', () => {
  expect(excerpt('bad\nkey s3cret, or 42', 's3cret', '42')).toBe('bad key <secret>, or <secret>')
  expect(excerpt('x'.repeat(500))).toHaveLength(200)
})

test.for([
  ['wrOgQh_DgAA__x-Y_', 'wrOgQh_DgAA__x-Y_'],
  ['_急_ 3号_泵', '＿急_ 3号_泵'],
  ['(_x_)', '(＿x_)'],
  ['*a* ~~b~~ \\*', '＊a＊ ～～b～～ ＼＊'],
  ['[a](b) <c> `d` |e|', '［a］(b) ＜c＞ ｀d｀ ｜e｜'],
  ['## x', '＃# x'],
  ['#3', '＃3'],
  ['- x', '－ x'],
  ['+ x', '＋ x'],
  ['-5 °C, B#2', '-5 °C, B#2'],
  ['---', '－--'],
  ['===', '＝=='],
  ['a\n# b', 'a # b'],
] as const)('«%s» in markdown is «%s»', ([written, escaped]) => {
  expect(escapeMarkdown(written)).toBe(escaped)
})
