import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CATALOGUE, NOT_BUILT } from './catalogue.ts'

const rows = (letter: string, last: number) =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`)

test('every row of the catalogue is there once, or it is said why not', () => {
  expect(CATALOGUE.map(({ row }) => row)).toEqual([
    ...rows('C', 13),
    ...rows('S', 12),
    ...rows('I', 10),
    ...rows('M', 7),
    ...rows('W', 5),
    ...rows('P', 7),
    ...rows('F', 3),
  ])
  expect(Object.keys(NOT_BUILT)).toEqual(['K1–K5'])
})

test.for(CATALOGUE)('$row is shown by tests that exist: $says', ({ shown }) => {
  const entries = Object.entries(shown)
  expect(entries.flatMap(([, names]) => names)).not.toEqual([])
  for (const [file, names] of entries) {
    const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    // The first argument of a test: a name that is followed by more.
    for (const name of names) expect(source, `${file}: «${name}»`).toContain(`'${name}',`)
  }
})
