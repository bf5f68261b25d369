import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** All pages for people, from the root. */
export const PAGES = globSync(['*.md', 'docs/**/*.md', 'deploy/**/*.md'], { cwd: ROOT }).sort()

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** What stands between two fences, with the line where it begins. */
export interface Block {
  page: string
  line: number
  language: string
  text: string
}

const FENCE = /^```(\S*)\n([\s\S]*?)^```$/gm

export function blocksOf(page: string): Block[] {
  const text = read(page)
  return [...text.matchAll(FENCE)].map(({ 1: language = '', 2: inside = '', index }) => ({
    page,
    line: text.slice(0, index).split('\n').length + 1,
    language,
    text: inside,
  }))
}

/** The page without what stands between fences. */
export const proseOf = (page: string): string => read(page).replace(FENCE, '')

/** What stands as code within the lines. */
export const codeOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)

/** One command that a page tells to type. */
export interface Told {
  command: string
  /** `docs/operations.md:12`, of the first page that has it. */
  where: string
}

/** A block that says nothing of its language holds commands if it begins like one; drawings and charts do not. */
const isShell = ({ language, text }: Block) =>
  language === '' ? /^[#a-z]/.test(text) : ['sh', 'bash', 'shell', 'console'].includes(language)

/** The commands of all pages, each once: lines that go on are joined, remarks are left out, and what `&&` joins is taken apart. */
export function commandsTold(pages: readonly string[] = PAGES): Told[] {
  const all = pages
    .flatMap(blocksOf)
    .filter(isShell)
    .flatMap(({ page, line, text }) =>
      commandsIn(text).map((command) => ({ command, where: `${page}:${line}` })),
    )
  return [...new Map(all.toReversed().map((one) => [one.command, one])).values()].toReversed()
}

export function commandsIn(block: string): string[] {
  return block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s+)# .*$/, '').trim())
    .filter(Boolean)
    .flatMap((line) => line.split(' && '))
}
