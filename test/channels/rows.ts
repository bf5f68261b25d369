import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const NAME = /(['"`])((?:(?!\1)[^\\\n]|\\.)*)\1/.source

/** Where names of tests stand: what a test has first, or a call has before a function, the first of a table's row, a key. */
const PLACES = [
  `\\b(?:test|it)\\(\\s*${NAME},`,
  `\\(\\s*${NAME},\\s*(?:async\\s*)?\\(`,
  `^\\s*\\[\\s*${NAME},\\s`,
  `^\\s+(?:async )?${NAME}(?:\\(\\) \\{|: )`,
].map((source) => new RegExp(source, 'gm'))

function namesIn(file: string): Set<string> {
  const source = readFileSync(join(ROOT, file), 'utf8')
  return new Set(PLACES.flatMap((place) => [...source.matchAll(place)].map(([, , name]) => name!)))
}

/**
 * Checks a platform's sheet `rows.md`: each of its rows names tests that there are, or says why there is none. `least`:
 * how many rows it has at least.
 */
export function checkRows(folder: string, least: number): void {
  const sheet = readFileSync(join(folder, 'rows.md'), 'utf8')
  const rows = [...sheet.matchAll(/^- (.*)$/gm)].map(([, row]) => row!)
  const names = new Map(
    [...sheet.matchAll(/^\[(\w+)\]: (.*)$/gm)].map(([, alias, file]) => [alias, namesIn(file!)]),
  )

  test('the sheet is read as it is meant', () => {
    expect(rows.length).toBeGreaterThanOrEqual(least)
    expect(new Set(rows).size).toBe(rows.length)
    for (const alias of names.keys()) expect(rows.join(' ')).toContain(`[${alias}] «`)
  })

  test.for(rows)('%s', (row) => {
    const shownBy = [...row.matchAll(/\[(\w+)\] «(.*?)»(?=, \[|$)/g)]
    if (shownBy.length === 0) expect(row).toMatch(/: none, .{20}/)
    expect(shownBy).toHaveLength(row.split('] «').length - 1)
    for (const [, file, name] of shownBy) expect([...(names.get(file) ?? [])]).toContain(name)
  })
}
