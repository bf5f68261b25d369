import { wordFor } from '../domain/command.ts'
import { findBreaker, findPlace } from '../domain/find-breaker.ts'
import { historyLines, readHistory, splitPage, USUAL } from '../domain/history.ts'
import type { Entry } from '../domain/history-words.ts'
import { type Message, message } from '../domain/message.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Store } from '../store/store.ts'
import { CONTROL } from './control.ts'
import { type Parts, roomSubject } from './parts.ts'
import type { Place } from './place.ts'

/** Entries of several instances may stand in another order than their clocks say, ms. */
export const SLACK = 3_600_000
/** So many entries are read at a time. */
const STEP = 1000

interface Wanted {
  name: string
  breakers: BreakerConfig[]
  /** The whole room: also what was done to groups, and to control. */
  rooms: string[]
}

/** The answer to `历史 [breaker or group] [day] [page]`: from the audit, with what is not of this chat left out. */
export async function historyAnswer(parts: Parts, place: Place, rest: string): Promise<Message[]> {
  const { now, store } = parts
  const asked = find(rest, 1, parts, place) ?? findPage(rest, parts, place)
  if (!asked) return [message('command.no-breaker', { text: rest })]
  const { wanted, day, page } = asked
  const from = day?.from ?? now() - USUAL
  const subjects = [
    ...wanted.breakers.map((one) => one.id),
    ...wanted.rooms.map(roomSubject),
    ...(wanted.rooms.length > 0 ? [CONTROL] : []),
  ]
  const only = wanted.breakers.length === 1 && wanted.rooms.length === 0
  const entries = await entriesOf(store, subjects, from, day?.to ?? now() + SLACK)
  const names = new Map(wanted.breakers.map((one) => [one.id, one.name]))
  const what = wanted.name
  return historyLines(
    entries,
    page,
    day ? message('history.title-day', { what, day: day.text }) : message('history.title', { what }),
    message('history.none', { what }),
    day ? 'time' : 'date-time',
    (subject) => (only ? undefined : names.get(subject)),
    (next) => [wordFor('history', place.language), what, day?.text, next].filter(Boolean).join(' '),
  )
}

function find(rest: string, page: number, { now, policy }: Parts, place: Place) {
  const { name, day } = readHistory(rest, now(), policy.timezone)
  const wanted = wantedBy(name, place)
  return wanted && { wanted, day, page }
}

function findPage(rest: string, parts: Parts, place: Place) {
  const { rest: before, page } = splitPage(rest)
  return before === rest ? undefined : find(before, page, parts, place)
}

function wantedBy(name: string, place: Place): Wanted | undefined {
  const { breakers, room } = place
  const answered = name === '' ? breakers.find((one) => one.id === place.answered?.breaker) : undefined
  if (answered) return { name: answered.name, breakers: [answered], rooms: [] }
  if (name === '') {
    const rooms = room ? [room.name] : [...new Set(breakers.map((one) => one.room))]
    return { name: rooms.join(' / '), breakers, rooms }
  }
  const found = findBreaker(breakers, name)
  const group = findPlace(breakers, name, room?.name)
  if (group && !(found.kind === 'one' && found.breaker.name === name))
    return { ...group, rooms: group.name === room?.name ? [group.name] : [] }
  return found.kind === 'one' ? { name: found.breaker.name, breakers: [found.breaker], rooms: [] } : undefined
}

/** The entries of some subjects within a span, oldest first. */
async function entriesOf(
  store: Store,
  subjects: readonly string[],
  from: number,
  to: number,
): Promise<Entry[]> {
  const found: Entry[] = []
  let after = await placeBefore(store, from - SLACK)
  for (;;) {
    const rows = await store.audit({ after, limit: STEP, subjects })
    found.push(...rows.filter(({ at }) => at >= from && at < to))
    const last = rows.at(-1)
    if (!last || rows.length < STEP || last.at > to + SLACK) break
    after = last.seq
  }
  return found.sort((a, b) => a.at - b.at)
}

/** A number in the chain after which all entries since `at` stand: the chain is as good as sorted by time. */
export async function placeBefore(store: Store, at: number): Promise<number> {
  const isBefore = async (after: number) => {
    const [next] = await store.audit({ after, limit: 1 })
    return next !== undefined && next.at < at
  }
  let low = (await store.auditStart()).seq
  if (!(await isBefore(low))) return low
  let width = 1
  while (await isBefore(low + width)) {
    low += width
    width *= 2
  }
  // Low is before, low + width is not.
  while (width > 1) {
    const half = Math.floor(width / 2)
    if (await isBefore(low + half)) low += half
    width -= half
  }
  return low
}
