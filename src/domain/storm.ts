import type { AuditLine } from './decision.ts'
import type { ChannelName } from './people.ts'
import { MOST_SITES, type StormTally, startCounting } from './storm-tally.ts'

/** Stands in the place of a breaker's id on the card of a storm; the configuration takes no such id. */
export const STORM_CARD = '-'

/** So long after the last incident joined a storm has passed, ms: what trips from then on has a card of its own again. */
export const QUIET = 60_000
/** The card is brought up to date at most once in so many ms, and where each change is told by a text, in so many. */
export const SHOW_EVERY = 5000
export const TELL_EVERY = 15_000
/** From the first incident to the card, ms: the others of the same moment stand on it at once. */
export const FIRST_AFTER = 300
const MOST_ACKS = 5

/** Somebody acknowledged all at once. */
export interface StormAck {
  person: string
  channel: ChannelName
  at: number
  count: number
}

/**
 * Many incidents of one room that opened within seconds, on one card: collecting → standing → over. The incidents are
 * ordinary ones, each in its breaker's lane; the storm only counts them and shows them in place of their cards.
 */
export interface Storm {
  id: string
  room: string
  /** When it began, ms. */
  since: number
  /** `collecting`: what opens at its sites joins; `standing`: nothing joins; `over`: what is still open has cards of its own. */
  phase: 'collecting' | 'standing' | 'over'
  /** Grows with each change that the card shows. */
  version: number
  tally: StormTally
  acks: StormAck[]
  /** When its cards were last to be brought up to date, and when the last text about it was to leave, ms. */
  shownAt: number
  toldAt: number
}

export interface StormDecision {
  /** The same as before where nothing changed. */
  storm: Storm
  card?: { urgent: boolean }
  /** `release`: those still open get cards of their own; `clear`: the members need not be kept. */
  end?: 'release' | 'clear'
  /** When to look again whether it has passed. */
  lookAt?: number
  audit: AuditLine[]
}

export function newStorm(id: string, room: string, site: string, now: number): Storm {
  const none = startCounting({ since: now, sizes: new Map(), more: 0, isHere: () => true }).done()
  const tally = { ...none, sites: [{ name: site, count: 0 }], siteCount: 1 }
  return { id, room, since: now, phase: 'collecting', version: 0, tally, acks: [], shownAt: 0, toldAt: 0 }
}

/** True while what opens may still join. */
export const isCollecting = ({ phase, tally }: Storm, now: number): boolean =>
  phase === 'collecting' && now < tally.lastJoin + QUIET

/** True if what joined at this time has been on its card: what joins in the very moment in which it ends never is. */
export const hasCounted = ({ version, tally }: Storm, joinedAt: number): boolean =>
  version > 0 && joinedAt <= tally.lastJoin

/** True if an incident at this site belongs to it without further ado. */
export const holdsSite = ({ tally }: Storm, site: string): boolean =>
  tally.siteCount > MOST_SITES || tally.sites.some((one) => one.name === site)

/** When the card should next be brought up to date for a change that happened now. */
export const nextShown = ({ shownAt }: Storm, now: number): number =>
  Math.max(now + FIRST_AFTER, shownAt + SHOW_EVERY)

/** When a text about it may next leave; one that waits already is told with. */
export const nextTold = ({ toldAt }: Storm, now: number): number =>
  now < toldAt ? toldAt : Math.max(now, toldAt + TELL_EVERY)

/** What follows from its members having been counted anew. */
export function decideStorm(
  storm: Storm,
  counted: StormTally,
  { now, more }: { now: number; more: number },
): StormDecision {
  // What joined in the very moment in which it ended.
  if (storm.phase === 'over') return { storm, end: counted.open > 0 ? 'release' : 'clear', audit: [] }
  const isQuiet = now >= counted.lastJoin + QUIET
  if (counted.total === 0 && storm.version === 0) return ofNone(storm, isQuiet, counted.lastJoin + QUIET)
  const isOver = isQuiet && counted.open <= more
  const phase = isOver ? 'over' : isQuiet ? 'standing' : 'collecting'
  const tally = isOver ? released(counted) : counted
  const lookAt = isQuiet ? {} : { lookAt: counted.lastJoin + QUIET }
  if (phase === storm.phase && isSame(tally, storm.tally)) return { storm, ...lookAt, audit: [] }
  const details = { storm: storm.id, total: tally.total, open: counted.open }
  return {
    storm: { ...shown(storm, now), phase, tally },
    card: { urgent: storm.version === 0 },
    ...(isOver && { end: counted.open > 0 ? 'release' : 'clear' }),
    ...lookAt,
    audit: isOver ? [{ who: 'system', what: 'storm.over', details }] : [],
  }
}

/** Its first incident is still being decided upon, or never was: the process died in between. */
function ofNone(storm: Storm, isQuiet: boolean, lookAt: number): StormDecision {
  return isQuiet
    ? { storm: { ...storm, phase: 'over' }, end: 'clear', audit: [] }
    : { storm, lookAt, audit: [] }
}

/** The next version of it, to be shown now. */
function shown(storm: Storm, now: number): Storm {
  return { ...storm, version: storm.version + 1, shownAt: now, toldAt: nextTold(storm, now) }
}

/** Somebody acknowledged `count` of its incidents: each of them is asked for in its breaker's lane. */
export function withAck(storm: Storm, ack: StormAck): Storm {
  return { ...shown(storm, ack.at), acks: [...storm.acks, ack].slice(-MOST_ACKS) }
}

/** Those still open have cards of their own from now on. */
const released = (tally: StormTally): StormTally => ({
  ...tally,
  open: 0,
  unacknowledged: 0,
  owners: [],
  ...{ locked: 0, away: 0, reclosing: 0, supply: [] },
  own: tally.own + tally.open,
})

const isSame = (one: StormTally, other: StormTally): boolean => JSON.stringify(one) === JSON.stringify(other)
