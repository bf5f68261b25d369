import type { Card } from '../../src/domain/card.ts'
import type { Message } from '../../src/domain/message.ts'

/** Names that break careless escaping, cutting or laying out. */
export const HOSTILE: Readonly<Record<string, string>> = {
  markup: '_*[]()~>#+-=|{}.!<b>&amp;`\\',
  link: '[点我](https://evil.example) <a href="tg://user?id=1">x</a> @all',
  emoji: '👨‍👩‍👧‍👦🏳️‍🌈🇨🇳👍🏽é',
  'many-emoji': '👨‍👩‍👧‍👦🇨🇳'.repeat(60),
  'right-to-left': '\u202eمضخة\u2066 ٣\u2069\u202c\u200f',
  long: '断'.repeat(500),
  'line-breaks': '泵\r\n✅ 已合闸\n\n# 一切正常\u2028\u0000',
  'lone-surrogates': '\ud83d泵\udc68',
  icu: "{count, plural, one {x}} '{' # ''",
}

/** The same card about something, somewhere, and by somebody of this name. */
export function named(card: Card, name: string): Card {
  const names = ['3号增氧机', '一号鱼塘', '电工甲', '电工乙', '双泵箱', '左泵', '右泵']
  const change = <T>(value: T): T => {
    if (typeof value === 'string')
      return (names.some((one) => value === one || value.startsWith(`${one} `)) ? name : value) as T
    if (Array.isArray(value)) return value.map(change) as T
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)])) as T
  }
  return change(card)
}

/** A text that names it twice, as the engine's answers do. */
export const textAbout = (name: string): Message => ({
  key: 'command.several',
  values: { text: name, names: `${name} / ${name}` },
})
