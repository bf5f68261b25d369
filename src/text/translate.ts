import { IntlMessageFormat } from 'intl-messageformat'
import en from '../../locales/en.json' with { type: 'json' }
import zh from '../../locales/zh-CN.json' with { type: 'json' }
import type { Locale } from '../domain/card-text.ts'
import { plain } from '../domain/characters.ts'
import { formatLocal, formatSpan } from '../domain/local-time.ts'
import type { Message, MessageKey, MessageValue } from '../domain/message.ts'

const TEXTS: Record<Locale, Record<MessageKey, string>> = { 'zh-CN': zh, en }
const JOIN: Record<Locale, string> = { 'zh-CN': '；', en: '; ' }

/**
 * Puts a text into a language, with moments in the local time of a zone. What others wrote (names, reasons) is made one
 * sound line, so that it cannot forge another.
 */
export type Translate = (text: Message | string) => string

const parsed = new Map<string, IntlMessageFormat>()

function pattern(locale: Locale, key: MessageKey): IntlMessageFormat {
  const name = `${locale}/${key}`
  let found = parsed.get(name)
  if (!found) {
    // Texts hold no markup: tags in them would be read as such, not as the name of a breaker.
    found = new IntlMessageFormat(TEXTS[locale][key], locale, undefined, { ignoreTag: true })
    parsed.set(name, found)
  }
  return found
}

/** The way to put texts into one language and zone. */
export function translator(locale: Locale, timezone: string): Translate {
  const value = (one: MessageValue): string | number => {
    if (typeof one === 'string') return plain(one)
    if (typeof one === 'number') return one
    if (Array.isArray(one)) return one.map(translate).join(JOIN[locale])
    if ('key' in one) return translate(one)
    if ('from' in one) return formatSpan(one.from, one.to, timezone, one.form)
    return formatLocal(one.at, timezone, one.form)
  }
  const translate: Translate = (text) => {
    if (typeof text === 'string') return plain(text)
    const values = Object.entries(text.values ?? {}).map(([name, one]) => [name, value(one)])
    return String(pattern(locale, text.key).format(Object.fromEntries(values)))
  }
  return translate
}
