import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Key, keysOfConfig } from './reference/keys.ts'
import { withTables } from './reference/tables.ts'
import { fileOf, LANGUAGES, type Language, type Words, wordsOf } from './reference/words.ts'

/** Keys that nothing is said of, and texts for keys that there are not. */
export function findFaults(keys: readonly Key[], words: Words): string[] {
  const known = new Set(keys.map((one) => one.path))
  return [
    ...[...known].filter((path) => !words.keys[path]).map((path) => `says nothing of the key ${path}`),
    ...Object.keys(words.keys)
      .filter((path) => !known.has(path))
      .map((path) => `speaks of ${path}, which is no key`),
  ]
}

/** The page of a language as it stands and as it should. */
export function pageOf(root: string, language: Language): { file: string; is: string; should: string } {
  const file = join(root, LANGUAGES[language])
  const is = readFileSync(file, 'utf8')
  return { file, is, should: withTables(is, keysOfConfig(), wordsOf(root, language)) }
}

/** `npm run docs` writes the tables of keys; with `--check` it only says where they are stale. */
function main(root: string, isCheck: boolean): number {
  const languages = Object.keys(LANGUAGES) as Language[]
  const faults = languages.flatMap((language) =>
    findFaults(keysOfConfig(), wordsOf(root, language)).map((fault) => `${fileOf(language)} ${fault}`),
  )
  for (const fault of faults) console.error(fault)
  const stale = languages.map((language) => pageOf(root, language)).filter(({ is, should }) => is !== should)
  for (const { file, should } of stale) {
    if (isCheck) console.error(`${file} is not what the schema says: npm run docs`)
    else writeFileSync(file, should)
  }
  return faults.length > 0 || (isCheck && stale.length > 0) ? 1 : 0
}

if (import.meta.main)
  process.exitCode = main(resolve(import.meta.dirname, '..'), process.argv.includes('--check'))
