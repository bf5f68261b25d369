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
  'zh-CN': (words) => `请 @机器人 并发送：${words.join('、')}（后接断路器名称）`,
  en: (words) => `Mention the bot and write ${words.join(', ')}, followed by the breaker's name`,
}

/** The line of markdown that says what to type where a card cannot have its buttons; none if it has none. */
export function typeInstead({ buttons, locale }: CardText): string[] {
  const words = buttons
    .filter(({ action }) => action !== 'noop')
    .map(({ text }) => `**${escapeMarkdown(text)}**`)
  return words.length > 0 ? [TYPE_INSTEAD[locale](words)] : []
}
