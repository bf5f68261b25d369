import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { checkLocales } from '../scripts/check-locales.ts'
import { makeTree } from './support/tree.ts'

const USED = "const keys = ['a', 'b', 'c']\n"

function findings(en: string, zh: string, source = USED, file = 'src/engine/x.ts'): string[] {
  const tree = { 'locales/en.json': en, 'locales/zh-CN.json': zh, 'src/domain/used.ts': USED, [file]: source }
  const found = checkLocales(makeTree(tree))
  return found.map(({ file, line, problem }) => `${file}:${line} ${problem}`)
}

test("the project's languages agree", () => {
  expect(checkLocales(resolve(import.meta.dirname, '..'))).toEqual([])
})

test('a key that stands twice is found, though JSON.parse takes it', () => {
  expect(findings('{\n  "a": "x",\n  "a": "y"\n}', '{"a": "z"}')).toEqual([
    'locales/en.json:3 «a» stands at line 2 already; take one out',
  ])
})

test('a text that looks like a key is none', () => {
  expect(findings('{"a": "b: \\"a\\": c"}', '{"a": "\\"a\\": \\"b\\""}')).toEqual([])
})

test('a key that one language lacks is found, either way', () => {
  expect(findings('{"a": "x", "b": "x"}', '{"a": "x", "c": "x"}')).toEqual([
    'locales/zh-CN.json:1 «c» is missing in en.json; translate it',
    'locales/en.json:1 «b» is missing in zh-CN.json; translate it',
  ])
})

test('placeholders that differ are found, those inside plurals too', () => {
  const plural = '{"a": "{count, plural, one {one of {name}} other {# of {name}}}"}'
  expect(findings(plural, '{"a": "{name} {count}"}')).toEqual([])
  expect(findings(plural, '{"a": "{count} {nam}"}')).toEqual([
    'locales/zh-CN.json:1 «a» differs from locales/en.json:1 in {nam}, {name}',
  ])
})

test('a text that cannot be read is found', () => {
  expect(findings('{"a": "{x"}', '{"a": "{x}"}')).toEqual([
    expect.stringMatching(/^locales\/en\.json:1 «a» cannot be read: /),
  ])
})

test.each([
  ['{n, plural, other {#}}', '{n}', undefined],
  ['{n, number}', '{n, plural, other {#}}', undefined],
  ['{n, plural, other {{n}}}', '{n, number}', undefined],
  ['{at, date}', '{at}', '{at} (plain here, date there)'],
  ['{at, date}', '{at, time}', '{at} (time here, date there)'],
  ['{x, select, up {U} other {O}}', '{x}', '{x} (plain here, choice of other up there)'],
  ['{x, select, up {U} other {O}}', '{x, select, up {上} other {它}}', undefined],
  [
    '{x, select, up {U} other {O}}',
    '{x, select, op {上} other {它}}',
    '{x} (choice of op other here, choice of other up there)',
  ],
])('a placeholder that is «%s» and «%s»', (en, zh, differs) => {
  expect(findings(JSON.stringify({ a: en }), JSON.stringify({ a: zh }))).toEqual(
    differs === undefined ? [] : [`locales/zh-CN.json:1 «a» differs from locales/en.json:1 in ${differs}`],
  )
})

/** As it stands in a template. */
const HOLE = ['$', '{kind}'].join('')

test('a key that no source names is found; one may be put together, and a comment names nothing', () => {
  const both = '{"a": "x", "story.x-one": "x", "story.y": "x"}'
  const unused = (key: string) =>
    ['en', 'zh-CN'].map((one) => `locales/${one}.json:1 «${key}» is used nowhere; take it out`)
  expect(findings(both, both)).toHaveLength(4)
  expect(findings(both, both, `t(\`story.x-${HOLE}\`)\n// 'story.y'\n`)).toEqual(unused('story.y'))
  expect(findings(both, both, `t(\`story.${HOLE}\`)`)).toEqual([])
  expect(findings(both, both, `t(\`story.${HOLE}\`)`, 'src/simulator/x.ts')).toHaveLength(4)
})

test('a sentence in a source is found, with its line; words that are read, and comments, are none', () => {
  const source = `// 一句话\nconst a = 'x' // 又一句\n/* 'b'\n 三 */\nconst say = \`请 ${HOLE} 确认\`\n`
  expect(findings('{}', '{}', source)).toEqual([
    `src/engine/x.ts:5 «请 ${HOLE} 确认» is said in one language only; put it into locales/`,
  ])
  expect(findings('{}', '{}', source, 'src/domain/command.ts')).toEqual([])
})
