import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PAGES, proseOf, ROOT } from './pages.ts'

/** All that the program says: its sources and both languages' texts. */
const SAID = globSync(['src/**/*.ts', 'bin/*.js', 'locales/*.json'], { cwd: ROOT })
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n')

const rowsOf = (page: string) =>
  proseOf(page)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (---|symptom|现象|症状)/.test(line))

/** The sentences in italics, taken apart where something is left out. */
const quotedIn = (text: string) =>
  [...text.matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)].flatMap(([, said]) =>
    said!.split(/\s*…\s*/).filter(Boolean),
  )

describe.each(PAGES.filter((page) => /^docs\/troubleshooting(\.zh-CN)?\.md$/.test(page)))('%s', (page) => {
  test('knows many symptoms, each with how to see it and what to do', () => {
    const rows = rowsOf(page).map((row) => row.replaceAll('\\|', '').split('|').slice(1, -1))
    expect(rows.length).toBeGreaterThan(40)
    for (const row of rows) {
      expect(row).toHaveLength(3)
      expect([row, row[0]!.trim() !== '', row[2]!.trim() !== '']).toEqual([row, true, true])
    }
  })

  test('quotes what the program says, word for word', () => {
    const quoted = rowsOf(page).flatMap(quotedIn)
    expect(quoted.length).toBeGreaterThan(25)
    expect(quoted.filter((sentence) => !SAID.includes(sentence))).toEqual([])
  })
})

describe.each(PAGES.filter((page) => /^docs\/thingboot(\.zh-CN)?\.md$/.test(page)))('%s', (page) => {
  test('quotes what the program says, word for word', () => {
    const quoted = proseOf(page)
      .split('\n')
      .filter((line) => /^\| \*/.test(line))
      .map((line) => line.split('|')[1]!)
      .flatMap(quotedIn)
    expect(quoted.length).toBeGreaterThan(5)
    expect(quoted.filter((sentence) => !SAID.includes(sentence))).toEqual([])
  })
})
