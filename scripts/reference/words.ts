import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const words = z.strictObject({
  /** Heads of the columns. */
  columns: z.tuple([z.string(), z.string(), z.string(), z.string()]),
  required: z.string(),
  /** What a value looks like; `{of}`, `{least}`, `{most}` are filled in. */
  forms: z.record(z.string(), z.string()),
  bounds: z.strictObject({ both: z.string(), least: z.string(), most: z.string() }),
  /** What each key is for, in Markdown. */
  keys: z.record(z.string(), z.string()),
})
export type Words = z.infer<typeof words>

/** The languages of the reference, and the page that each is on. */
export const LANGUAGES = {
  en: 'docs/configuration.md',
  'zh-CN': 'docs/configuration.zh-CN.md',
} as const
export type Language = keyof typeof LANGUAGES

/** @throws where the file is not of the form above */
export function wordsOf(root: string, language: Language): Words {
  return words.parse(parse(readFileSync(join(root, fileOf(language)), 'utf8')))
}

export const fileOf = (language: Language) => `docs/configuration/${language}.yaml`
