import { clip, plain, utf16Units } from '../kit/text.ts'
import type { Notice } from '../way.ts'

/** Names of a template's variables, and of the facts they are filled with. */
export type VoiceParams = Readonly<Record<string, string>>

/** Documented: all variables together have less than so many characters. */
const ALL_PARAMS = 250

/**
 * The variables of the template. A fact that this notice has not is spoken as its title, for a template with an empty
 * variable is refused.
 * @param length characters of one, less where there are so many that all would be too long
 */
export function spoken(notice: Notice, params: VoiceParams, length: number): Record<string, string> {
  const { facts, title, text } = notice
  const known: Notice['facts'] = { title, text, ...facts }
  const entries = Object.entries(params)
  const limit = Math.min(length, Math.floor((ALL_PARAMS - 1) / Math.max(entries.length, 1)))
  return Object.fromEntries(
    entries.map(([name, fact]) => {
      const value = sayable(String(Object.hasOwn(known, fact) ? known[fact] : title)) || sayable(title) || '-'
      return [name, clip(value, limit, utf16Units)]
    }),
  )
}

/** What a voice can say. Addresses are refused in variables (documented), and symbols or pictures may be (inferred). */
const sayable = (text: string) =>
  plain(text.replace(/(?:https?:\/\/|www\.)/gi, ' ').replace(/[^\p{L}\p{M}\p{N}\p{P}\p{Z}]/gu, ' '))
