import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Key, keysOfConfig } from '../scripts/reference/keys.ts'
import { withTables } from '../scripts/reference/tables.ts'
import { LANGUAGES, type Language, wordsOf } from '../scripts/reference/words.ts'
import { findFaults, pageOf } from '../scripts/write-reference.ts'

const ROOT = resolve(import.meta.dirname, '..')
const keys = keysOfConfig()
const words = wordsOf(ROOT, 'en')
const keyAt = (path: string) => keys.find((one) => one.path === path)

describe.each(Object.keys(LANGUAGES) as Language[])('the reference in %s', (language) => {
  test('says something of every key, and of no other', () => {
    expect(findFaults(keys, wordsOf(ROOT, language))).toEqual([])
  })

  test('is what the schema says', () => {
    const { is, should } = pageOf(ROOT, language)
    expect(is).toBe(should)
  })
})

test('the schema is read: blocks, lists, names, bounds and defaults', () => {
  expect(keyAt('server.port')).toEqual({
    path: 'server.port',
    value: { form: 'whole number', least: 0, most: 65_535 },
    isRequired: false,
    fallback: 8080,
  })
  expect(keyAt('breakers[].id')).toMatchObject({ isRequired: true, value: { form: 'text' } })
  expect(keyAt('breakers[].queryEvery')?.value).toEqual({ form: 'duration', least: '1m', most: '1d' })
  expect(keyAt('escalation.<name>.steps[].after')?.isRequired).toBe(true)
  expect(keyAt('reports[].mail')?.value).toEqual({ form: 'list', of: { form: 'text' } })
})

describe('a table', () => {
  const own: Key[] = [
    {
      path: 'a.grace',
      value: { form: 'duration', least: '0s', most: '1h' },
      isRequired: false,
      fallback: 90_000,
    },
    { path: 'a.b.c', value: { form: 'list', of: { form: 'x, y' } }, isRequired: true },
  ]
  const said = { ...words, keys: { 'a.grace': 'how | long', 'a.b.c': 'what' } }
  const page = (...marks: string[]) =>
    marks.map((mark) => `<!-- keys ${mark} -->\nold\n<!-- end of keys -->`).join('\n')

  test('holds the keys that no other takes more closely', () => {
    const text = withTables(page('a.', 'a.b.'), own, said)
    expect(text).toContain('| `grace` | duration, 0s to 1h | `90s` | how \\| long |')
    expect(text).toContain('| `c` | list of `x`, `y` | **required** | what |')
    expect(text).not.toContain('old')
    expect(withTables(text, own, said)).toBe(text)
  })

  test('that no key is for, and a key that is in none, are faults', () => {
    expect(() => withTables(page('a.b.'), own, said)).toThrow('no table takes a.grace')
    expect(() => withTables(page('a.', 'z.'), own, said)).toThrow('no keys for the table «z.»')
  })

  test('with a key of which nothing is said, or a text of no key, is a fault', () => {
    expect(findFaults([...own, { ...own[0]!, path: 'a.new' }], said)).toEqual([
      'says nothing of the key a.new',
    ])
    expect(findFaults(own.slice(1), said)).toEqual(['speaks of a.grace, which is no key'])
  })
})
