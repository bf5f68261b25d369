import type { CardText, CardTone, Locale } from '../../domain/card-text.ts'
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

const TYPE_INSTEAD: Record<Locale, (words: string[]) => string> = {
  'zh-CN': (words) => `请 @机器人 并发送：${words.join('、')}`,
  en: (words) => `Mention the bot and write ${words.join(', ')}`,
}
/** Where a button does not say what is to be typed. */
const NAME_TOO: Record<Locale, string> = {
  'zh-CN': '（后接断路器名称）',
  en: ", followed by the breaker's name",
}

/** The line of markdown that says what to type where a card cannot have its buttons; none if it has none. */
export function typeInstead({ buttons, locale }: CardText): string[] {
  const asked = buttons.filter(({ action }) => action !== 'noop')
  if (asked.length === 0) return []
  const words = asked.map(({ text, typed = text }) => `**${escapeMarkdown(typed)}**`)
  const isWhole = asked.every(({ typed }) => typed !== undefined)
  return [TYPE_INSTEAD[locale](words) + (isWhole ? '' : NAME_TOO[locale])]
}
