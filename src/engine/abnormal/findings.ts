import type { Alarm } from '../../domain/alarm.ts'
import { pagesOf } from '../paging.ts'
import type { Parts } from '../parts.ts'

const PAGE = 200

/**
 * What was abnormal in the draw of a room's breakers within [from, to), newest first: the alarms themselves, each with its
 * `finding`; what began before and had not ended by then as well.
 */
export async function findingsIn(
  { store }: Pick<Parts, 'store'>,
  room: string,
  from: number,
  to: number,
): Promise<Alarm[]> {
  const found: Alarm[] = []
  // Those that stand are listed by when they began, those that are over by their end.
  for (const open of [true, false]) {
    const atOf = ({ resolvedAt, openedAt }: Alarm) => resolvedAt ?? openedAt
    for await (const page of pagesOf<Alarm>(store, { kind: 'alarm', open }, atOf, PAGE)) {
      const alarms = page.map(({ value }) => value)
      found.push(...alarms.filter((one) => isWithin(one, room, from, to)))
      if (!open && alarms.some((one) => atOf(one) < from)) break
    }
  }
  return found.sort((a, b) => b.openedAt - a.openedAt)
}

function isWithin(
  { kind, room, openedAt, resolvedAt }: Alarm,
  where: string,
  from: number,
  to: number,
): boolean {
  return kind === 'draw' && room === where && openedAt < to && (resolvedAt ?? to) >= from
}
