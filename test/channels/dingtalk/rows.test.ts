import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const sheet = readFileSync(join(import.meta.dirname, 'rows.md'), 'utf8')
const rows = [...sheet.matchAll(/^- (.*)$/gm)].map(([, row]) => row!)

/** The titles of a file's tests: the text that a call has before a function. */
function titlesIn(file: string): Set<string> {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const found = source.matchAll(/\(\s*(['"])((?:(?!\1)[^\\\n]|\\.)*)\1,\s*(?:async\s*)?\(/g)
  return new Set([...found].map(([, , title]) => title!))
}

const titles = new Map(
  [...sheet.matchAll(/^\[(\w+)\]: (.*)$/gm)].map(([, name, file]) => [name, titlesIn(file!)]),
)

test('the sheet is read as it is meant', () => {
  expect(rows.length).toBeGreaterThan(85)
  expect(new Set(rows).size).toBe(rows.length)
})

test.for(rows)('%s', (row) => {
  const shownBy = [...row.matchAll(/\[(\w+)\] «(.*?)»/g)]
  if (shownBy.length === 0) expect(row).toMatch(/: none, .{20}/)
  for (const [, file, title] of shownBy) expect([...(titles.get(file) ?? [])]).toContain(title)
})
