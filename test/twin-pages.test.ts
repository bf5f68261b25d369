import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const FENCE = /^```(\w*)\n([\s\S]*?)^```/gm

const proseOf = (page: string) => read(page).replace(FENCE, '')
const fencesOf = (page: string) =>
  [...read(page).matchAll(FENCE)].map(([, kind, inside]) =>
    linesOf(inside!).map(kind === 'yaml' ? keysOf : unquoted),
  )

/** The lines of a block without their comments, which are in the page's language. */
function linesOf(block: string): string[] {
  return block
    .split('\n')
    .map((line) => line.replace(/(^|\s)(#|\/\/) .*$/, '').trimEnd())
    .filter(Boolean)
}

/** Names of people and places differ between the languages. */
const unquoted = (line: string) => line.replace(/"[^"]*"/g, '""').replace(/(--room) \S+/, '$1')
const keysOf = (line: string) => [...line.matchAll(/[\w-]+(?=: |:$)/g)].map(([key]) => key).join(' ')

const levelsOf = (page: string) => [...proseOf(page).matchAll(/^(#+) /gm)].map(([, marks]) => marks!.length)

/** The rows of each table, in order. */
function tablesOf(page: string): number[] {
  const blocks = proseOf(page).split(/\n(?!\|)/)
  return blocks
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')).length)
    .filter(Boolean)
}

/** What is written as code and belongs to no language: keys, files, names of metrics. */
function codeOf(page: string): string[] {
  const spans = [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)
  return [...new Set(spans)]
    .filter((code) => !code.includes('://') && /^[!-~]*([a-z][A-Z]|\w[._]\w)[!-~]*$/.test(code))
    .sort()
}

const TWINS = globSync('{README,SECURITY,docs/*}.zh-CN.md', { cwd: ROOT }).map((chinese) => ({
  chinese,
  english: chinese.replace('.zh-CN', ''),
}))

describe.each(TWINS)('$chinese', ({ chinese, english }) => {
  test('leads to its English page and back', () => {
    expect(existsSync(join(ROOT, english))).toBe(true)
    expect(read(chinese)).toContain(`[English](${basename(english)})`)
    expect(read(english)).toContain(`[中文](${basename(chinese)})`)
  })

  test('has the same headings, tables, commands and settings in the same order', () => {
    expect(levelsOf(chinese)).toEqual(levelsOf(english))
    expect(tablesOf(chinese)).toEqual(tablesOf(english))
    expect(fencesOf(chinese)).toEqual(fencesOf(english))
  })

  test('names every key and file that the English page names', () => {
    const named = codeOf(chinese)
    expect(codeOf(english).filter((code) => !named.includes(code))).toEqual([])
  })
})

test('every page for those who use or run it stands in both languages', () => {
  /** For who changes the program; and the words, which are in both languages themselves. */
  const oneLanguage = ['architecture', 'chaos', 'glossary', 'performance', 'simulators', 'soak']
  const pages = globSync('docs/*.md', { cwd: ROOT }).filter((page) => !page.endsWith('.zh-CN.md'))
  const alone = pages.filter((page) => !existsSync(join(ROOT, page.replace('.md', '.zh-CN.md'))))
  expect(alone.map((page) => basename(page, '.md')).sort()).toEqual(oneLanguage)
})
