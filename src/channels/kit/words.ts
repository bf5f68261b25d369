import type { CardText, CardTone, Locale } from '../../domain/card-text.ts'
import { type Message, type MessageKey, message } from '../../domain/message.ts'
import { translator } from '../../text/translate.ts'
import { escapeMarkdown } from './text.ts'

/** The sign in front of a title. */
export const TONES: Record<CardTone, string> = {
  alarm: '🔴',
  warning: '🟠',
  working: '🔵',
  good: '🟢',
  neutral: '⚪',
}

/** What stands between a label and its value. */
export const COLONS: Record<Locale, string> = { 'zh-CN': '：', en: ': ' }

/** What an adapter has to say of its own, in one language. */
export function say(locale: Locale, key: MessageKey, values?: Message['values']): string {
  return translator(locale, 'UTC')(message(key, values))
}

/** The line of markdown that says what to type where a card cannot have its buttons; none if it has none. */
export function typeInstead({ buttons, locale }: CardText, safe = escapeMarkdown): string[] {
  const asked = buttons.filter(({ action }) => action !== 'noop')
  if (asked.length === 0) return []
  const words = asked.map(({ text, typed = text }) => `**${safe(typed)}**`).join(say(locale, 'list.comma'))
  const isWhole = asked.every(({ typed }) => typed !== undefined)
  return [say(locale, isWhole ? 'card.type-typed' : 'card.type-instead', { words })]
}
