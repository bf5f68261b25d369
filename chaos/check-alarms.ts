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

/** Every accepted trip has an incident, and every incident its card in each chat of its room, but where a storm's takes its place. */
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
    // A word that only says «open» says nothing new of a breaker that is believed to be open by a fault.
    if (standingThen && isNameless(fleet, trip)) continue
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
  // What stands on a storm's card has none of its own; whether that card stands is another rule's.
  const alone = kept.incidents.filter((one) => one.storm === undefined)
  const missing = alone.flatMap((incident) =>
    chatsFor(fleet, incident.breaker)
      .filter(({ platform, chat }) => !cards.has(cardKey(platform, chat, incident.id)))
      .map((where) => ({
        rule: 'alarms',
        what: `no card of incident ${incident.id} of ${incident.breaker} in ${where.platform}`,
        evidence: { where, incident },
      })),
  )
  return [...lost, ...swallowed, ...missing, ...takenTwice(kept.incidents, ledger.trips)]
}

/** However often a push came, it is acted upon once: one incident, or counted once as a repetition. */
function takenTwice(incidents: readonly Incident[], trips: readonly Trip[]): Violation[] {
  const twice = [...Map.groupBy(incidents, (one) => `${one.breaker} at ${one.openedAt}`)]
    .filter(([, same]) => same.length > 1)
    .map(([what, same]) => ({
      rule: 'acted twice',
      what: `${same.length} incidents of ${what}`,
      evidence: same,
    }))
  const counted = incidents
    .map((incident) => ({ incident, during: trips.filter((trip) => isDuring(incident, trip)) }))
    .filter(({ incident, during }) => incident.repeats > during.length)
    .map(({ incident, during }) => ({
      rule: 'acted twice',
      what: `incident ${incident.id} of ${incident.breaker} counts ${incident.repeats} repetitions of ${during.length} trips`,
      evidence: { incident, during },
    }))
  return [...twice, ...counted]
}

/** Trips while the incident stood, but for the one that it began with. */
function isDuring(
  { breaker, openedAt, resolvedAt = Number.POSITIVE_INFINITY }: Incident,
  trip: Trip,
): boolean {
  return (
    trip.breaker === breaker && trip.at !== openedAt && trip.at > openedAt - 10_000 && trip.at <= resolvedAt
  )
}

/** Calls by which the service sees for itself how a breaker stands. */
const LOOKS = ['device/info', 'device/list']
/** Within so many ms of an opening the same word may be its echo. */
const ECHO = 3000

/** True for an event that only says «open», of a breaker whose closing in between no push has told. */
function isNameless({ cloud }: Fleet, { breaker, cause, at }: Trip): boolean {
  if (cause !== 'unknown') return false
  const closing = cloud.pushes.findLast(
    (one) => one.device === breaker && one.at < at && one.body.includes('"power":"1"'),
  )
  return closing !== undefined && closing.outcome !== 'delivered'
}

/** True for such an event soon after an opening that is known: the service has to take it for that opening's echo. */
export function saysNothing(fleet: Fleet, trip: Trip): boolean {
  if (!isNameless(fleet, trip)) return false
  const { pushes, calls } = fleet.cloud
  const { breaker, at } = trip
  const opening = pushes.findLast(
    (one) =>
      one.device === breaker &&
      one.at < at &&
      one.body.includes('"power":"0"') &&
      one.outcome === 'delivered',
  )
  const look = calls.findLast((one) => one.at < at && LOOKS.includes(one.path))
  return [opening, look].some((one) => one !== undefined && at - one.at <= ECHO)
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
  /** Copies of those cards whose sending may have been taken for failed, as many as stand there too often. */
  explained: Standing[]
  violations: Violation[]
}

/** Doubles are allowed for what was under way at a kill; on platforms that know a message by its key, not of one key. */
export function countDoubles(
  { ledger, standing, kept }: Pick<Facts, 'ledger' | 'standing' | 'kept'>,
  mayBeDouble = (one: Standing): boolean => wasUnderWay(ledger, one.at),
): Doubles {
  const isSentAgain = (before: Standing | undefined, { at }: Standing) =>
    before !== undefined && mayBeDouble(before) && at < before.at + SENT_AGAIN
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
  const unexplained = cards
    .filter(({ copies, excess }) => excess > copies.filter(mayBeDouble).length)
    .map(({ key, copies }) => ({
      rule: 'doubles',
      what: `${key} stands ${copies.length} times, ${kept.sent.get(key) ?? 0} of them known to the service`,
      evidence: copies,
    }))
  return {
    cards: sum(cards.map((one) => one.excess)),
    texts: sum(texts),
    explained: cards.flatMap(({ copies, excess }) => copies.filter(mayBeDouble).slice(0, excess)),
    violations: [...unexplained, ...sameKeys(ofCards)],
  }
}

function sameKeys(cards: Standing[]): Violation[] {
  return [...Map.groupBy(cards, (one) => one.key)]
    .filter(([key, copies]) => key !== undefined && copies.length > 1)
    .map(([key, copies]) => ({
      rule: 'doubles',
      what: `the platform took the key ${key} ${copies.length} times`,
      evidence: copies,
    }))
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)
