import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { checkLocales } from '../scripts/check-locales.ts'
import { makeTree } from './support/tree.ts'

function findings(en: string, zh: string): string[] {
  const found = checkLocales(makeTree({ 'locales/en.json': en, 'locales/zh-CN.json': zh }))
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
