import { type PeriodWord, periodOf } from '../domain/energy-asked.ts'
import { type Message, message } from '../domain/message.ts'
import type { EnergyWish } from './energy-answer.ts'
import { LINK_LASTS } from './energy-links.ts'
import type { Lookup, Parts } from './parts.ts'
import type { Place } from './place.ts'

/** More make an address that is too long for a message. */
const MOST = 100
const THIS_MONTH: PeriodWord = { unit: 'month', shift: 0 }

/** The answer to `导出 …`: the address of the table, or what is to be configured for one. */
export function exportAnswer(
  { links, now }: Parts,
  lookup: Lookup,
  { name, breakers, period = THIS_MONTH }: EnergyWish,
  { chat, room }: Place,
): Message[] {
  if (breakers.length > MOST) return [message('export.too-many', { count: breakers.length, most: MOST })]
  const { from, to, unit, name: called } = periodOf(period, now(), lookup.timezone(chat))
  const wish = {
    breakers: breakers.map(({ id }) => id),
    ...{ from, to },
    by: unit === 'year' ? ('day' as const) : ('hour' as const),
    ...(room && { room: room.name }),
  }
  const link = links?.make(wish, now())
  if (link === undefined) return [message('export.no-address')]
  return [message('export.link', { name, period: called, hours: LINK_LASTS / 3_600_000, link })]
}
