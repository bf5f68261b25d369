import type { Incident } from '../src/domain/incident.ts'
import type { Standing } from './chats.ts'
import { chatsOf, type Fleet, type Platform, type Room } from './fleet.ts'
import type { Trip } from './ledger.ts'
import { cardKey } from './state.ts'
import { type Facts, type Violation, wasUnderWay } from './verdict.ts'

/** Trips that a standing incident took in may be so many more than it says it was repeated: the cause became known. */
const UNCOUNTED = 1

export const accepted = (trips: readonly Trip[]): Trip[] =>
  trips.filter(({ push }) => push.outcome === 'delivered')

/** Every accepted trip has an incident, and every incident its card in each chat of its room. */
export function checkAlarms({ fleet, ledger, standing, kept }: Facts): Violation[] {
  const byBreaker = Map.groupBy(kept.incidents, (one) => one.breaker)
  const cards = new Set(
    standing.flatMap((one) => (one.card ? [cardKey(one.platform, one.chat, one.card.id)] : [])),
  )
  const absorbed = new Map<Incident, Trip[]>()
  const lost: Violation[] = []
  for (const trip of accepted(ledger.trips)) {
    const incidents = byBreaker.get(trip.breaker) ?? []
    if (incidents.some((one) => one.openedAt === trip.at)) continue
    const standingThen = incidents.find((one) => wasOpen(one, trip.at))
    if (standingThen) absorbed.set(standingThen, [...(absorbed.get(standingThen) ?? []), trip])
    else if (!saysNothing(fleet, trip))
      lost.push({
        rule: 'alarms',
        what: `no incident of an accepted trip of ${trip.breaker}`,
        evidence: { trip, incidents },
      })
  }
  const swallowed = [...absorbed]
    .filter(([incident, trips]) => trips.length > incident.repeats + UNCOUNTED)
    .map(([incident, trips]) => ({
      rule: 'alarms',
      what: `incident ${incident.id} of ${incident.breaker} took in ${trips.length} trips and tells of ${incident.repeats}`,
      evidence: { incident, trips },
    }))
  const missing = kept.incidents.flatMap((incident) =>
    chatsFor(fleet, incident.breaker)
      .filter(({ platform, chat }) => !cards.has(cardKey(platform, chat, incident.id)))
      .map((where) => ({
        rule: 'alarms',
        what: `no card of incident ${incident.id} of ${incident.breaker} in ${where.platform}`,
        evidence: { where, incident },
      })),
  )
  return [...lost, ...swallowed, ...missing]
}

/** Calls by which the service sees for itself how a breaker stands. */
const LOOKS = ['device/info', 'device/list']
/** Within so many ms of an opening the same word may be its echo. */
const ECHO = 3000

/**
 * True for an event that only says «open», soon after an opening, of a breaker whose closing in between no push has
 * told: the service has to take it for that opening's echo.
 */
export function saysNothing({ cloud }: Fleet, { breaker, cause, at }: Trip): boolean {
  if (cause !== 'unknown') return false
  const before = cloud.pushes.filter((one) => one.device === breaker && one.at < at)
  const closing = before.findLast((one) => one.body.includes('"power":"1"'))
  const opening = before.findLast((one) => one.body.includes('"power":"0"') && one.outcome === 'delivered')
  const look = cloud.calls.findLast((one) => one.at < at && LOOKS.includes(one.path))
  const isLost = closing !== undefined && closing.outcome !== 'delivered'
  return isLost && [opening, look].some((one) => one !== undefined && at - one.at <= ECHO)
}

function wasOpen({ openedAt, resolvedAt = Number.POSITIVE_INFINITY }: Incident, at: number): boolean {
  // Reconciliation may have found the trip a moment before its push was judged.
  return openedAt <= at + 10_000 && resolvedAt >= at
}

function chatsFor(fleet: Fleet, breaker: string): { platform: Platform; chat: string }[] {
  const room = fleet.breakers.find((one) => one.id === breaker)?.room
  return room ? chatsOf(room).map((platform) => ({ platform, chat: chatId(room, platform) })) : []
}

const chatId = (room: Room, platform: Platform): string => String(room[platform])

/** A text that comes later says the same by chance, as refusals do, ms. */
const SENT_AGAIN = 10_000

export interface Doubles {
  /** Cards that stand twice, one of them written in the moment of a kill. */
  cards: number
  /** Texts that stand twice, likewise. */
  texts: number
  violations: Violation[]
}

/** Doubles are allowed for what was under way at a kill, and nowhere on platforms that know the message by its key. */
export function countDoubles({ ledger, standing, kept }: Facts): Doubles {
  const mayBeDouble = (one: Standing) => one.platform === 'telegram' && wasUnderWay(ledger, one.at)
  const isSentAgain = (before: Standing | undefined, { at }: Standing) =>
    before !== undefined && wasUnderWay(ledger, before.at) && at < before.at + SENT_AGAIN
  const ofCards = standing.filter((one) => one.card)
  const cards = [...Map.groupBy(ofCards, (one) => cardKey(one.platform, one.chat, one.card!.id))]
    .map(([key, copies]) => ({ key, copies, excess: copies.length - Math.max(1, kept.sent.get(key) ?? 0) }))
    .filter((one) => one.excess > 0)
  const texts = [
    ...Map.groupBy(
      standing.filter((one) => !one.card),
      (one) => `${one.chat} ${one.text}`,
    ).values(),
  ].map((copies) => copies.filter((one, index) => isSentAgain(copies[index - 1], one)).length)
  const violations = cards
    .filter(({ copies, excess }) => excess > copies.filter(mayBeDouble).length)
    .map(({ key, copies }) => ({
      rule: 'doubles',
      what: `${key} stands ${copies.length} times, ${kept.sent.get(key) ?? 0} of them known to the service`,
      evidence: copies,
    }))
  return { cards: sum(cards.map((one) => one.excess)), texts: sum(texts), violations }
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)
