import type { Entity } from '../api.ts'
import { MarkupError } from './formatted.ts'

const PROTOCOLS = new Set(['http:', 'https:', 'ton:', 'tonsite:', 'tg:'])

/** A link as Telegram stores it, or undefined if it would not take it: no known protocol, or a host without a dot. */
export function checkedLink(link: string): string | undefined {
  const trimmed = link.trim()
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(trimmed) ? trimmed : `http://${trimmed}`)
  if (!url || !PROTOCOLS.has(url.protocol)) return undefined
  if (url.protocol.startsWith('http') && !url.hostname.includes('.')) return undefined
  return url.href
}

/** The user of a `tg://user?id=N` link. */
function mentionedUser(link: string): number | undefined {
  const query = internalQuery(link, 'user')
  const id = Number(query?.get('id'))
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}

/** The query of a `tg://host?…` or `tg:host?…` link. */
function internalQuery(link: string, host: string): URLSearchParams | undefined {
  const [, name, query] = /^tg:(?:\/\/)?([^/?#]*)\/?(?:\?([^#]*))?/i.exec(link) ?? []
  return name?.toLowerCase() === host ? new URLSearchParams(query ?? '') : undefined
}

/** Throws for anything that is not a positive 64-bit number. */
export function checkedEmojiId(id: string): string {
  if (!/^[1-9]\d{0,18}$/.test(id)) throw new MarkupError('Invalid custom emoji identifier specified')
  return id
}

/** The fields of a `date_time` entity; the format is `r` or `w?[dD]?[tT]?` (documented). */
export function checkedTime(unix: string | undefined, format: string) {
  if (!/^\d{1,10}$/.test(unix ?? '')) throw new MarkupError('Invalid date specified')
  if (!/^(r|w?[dD]?[tT]?)$/.test(format)) throw new MarkupError('Invalid date format specified')
  return { unix_time: Number(unix), date_time_format: format }
}

/** The entity of a link: a mention for `tg://user`, nothing if Telegram would not take it. */
export function linkFields(link: string): Omit<Entity, 'offset' | 'length'> | undefined {
  const user = mentionedUser(link)
  if (user !== undefined) return { type: 'text_mention', user: { id: user } }
  const url = checkedLink(link)
  return url === undefined ? undefined : { type: 'text_link', url }
}

/** The entity of a `tg://emoji?id=…` or `tg://time?unix=…&format=…` link. */
export function emojiFields(url: string): Omit<Entity, 'offset' | 'length'> {
  const time = internalQuery(url, 'time')
  if (time) return { type: 'date_time', ...checkedTime(time.get('unix') ?? '', time.get('format') ?? '') }
  if (!/^tg:/i.test(url)) throw new MarkupError('Custom emoji URL must have scheme tg')
  const emoji = internalQuery(url, 'emoji')
  if (!emoji) throw new MarkupError('Custom emoji URL must have host "emoji"')
  const id = emoji.get('id')
  if (id === null) throw new MarkupError('Custom emoji URL must have an emoji identifier')
  return { type: 'custom_emoji', custom_emoji_id: checkedEmojiId(id) }
}
