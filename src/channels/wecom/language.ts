import type { Locale } from '../../domain/card-text.ts'

/** The language of a sentence that does not say its own. */
export const languageOf = (text: string): Locale => (/\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en')
