import { VOLTAGE_CAUSES } from './fault-class.ts'
import type { Cause } from './report.ts'
import type { StormMember } from './storm-member.ts'

export interface Counted {
  name: string
  count: number
}

/** A storm's members in numbers: `total` is the sum of `open`, `closed`, `noTrip`, `own` and `gone`. */
export interface StormTally {
  total: number
  open: number
  /** Of the open ones: nobody has acknowledged them; locked out; offline or silent; about to close by themselves. */
  unacknowledged: number
  locked: number
  away: number
  reclosing: number
  closed: number
  /** They turned out to have been opened on purpose. */
  noTrip: number
  /** They have cards of their own. */
  own: number
  /** Their breakers are not configured in this room any more. */
  gone: number
  /** When the last one joined, ms. */
  lastJoin: number
  /** Of all but those gone, the most first; at most {@link MOST_SITES} of `siteCount`. */
  sites: Counted[]
  siteCount: number
  causes: { cause: Cause; raw?: string; count: number }[]
  /** Who acknowledged how many of the open ones. */
  owners: Counted[]
  /** The weightiest of the open ones. */
  names: { title: string; cause: Cause; raw?: string }[]
  /** Sites of which all breakers have opened for want of a supply, as far as is known. */
  supply: string[]
}

export interface Counting {
  add(member: StormMember): void
  done(): StormTally
}

/** What counting goes by. */
export interface CountedBy {
  since: number
  /** How many breakers each site of the room has. */
  sizes: ReadonlyMap<string, number>
  /** So many of each site may have had cards of their own before. */
  more: number
  /** False for a breaker that is not configured in the storm's room. */
  isHere: (breaker: string) => boolean
}

export const MOST_SITES = 40
const MOST_NAMES = 8
const MOST_CAUSES = 8
const MOST_OWNERS = 5
const MOST_SUPPLY = 5
/** Fewer than this say nothing of the supply. */
const LEAST_FOR_SUPPLY = 3
/** What should be looked at first. */
const WEIGHT: readonly Cause[] = ['short-circuit', 'leakage', 'over-temperature', 'overload', 'unknown']

type Key = 'open' | 'closed' | 'noTrip' | 'own' | 'gone'
const KEYS = { open: 'open', closed: 'closed', 'no-trip': 'noTrip', own: 'own' } as const

/** Counts members one by one: they are many, and read page by page. Their order makes no difference. */
export function startCounting({ since, sizes, more, isHere }: CountedBy): Counting {
  const counts: Record<Key, number> = { open: 0, closed: 0, noTrip: 0, own: 0, gone: 0 }
  const of = { unacknowledged: 0, locked: 0, away: 0, reclosing: 0 }
  const [sites, owners, supply] = [counter(), counter(), counter()]
  const causes = counter<StormMember>(({ cause, raw }) => JSON.stringify([cause, raw]))
  const named: StormMember[] = []
  let lastJoin = since

  function addOpen(member: StormMember) {
    if (member.owner === undefined) of.unacknowledged++
    else owners.add(member.owner)
    if (member.locked) of.locked++
    if (member.away) of.away++
    if (member.reclosing) of.reclosing++
    named.push(member)
    if (named.length > 20 * MOST_NAMES) first(named)
  }

  return {
    add(member) {
      if (member.standing === 'superseded') return
      lastJoin = Math.max(lastJoin, member.joinedAt)
      const isGone = member.standing === 'open' && !isHere(member.breaker)
      counts[isGone ? 'gone' : KEYS[member.standing]]++
      if (isGone) return
      sites.add(member.site)
      causes.add(member)
      if (isOfSupply(member)) supply.add(member.site)
      if (member.standing === 'open') addOpen(member)
    },
    done() {
      const all = sites.sorted()
      return {
        total: Object.values(counts).reduce((sum, one) => sum + one, 0),
        ...counts,
        ...of,
        lastJoin,
        sites: all.slice(0, MOST_SITES).map(({ key, count }) => ({ name: key, count })),
        siteCount: all.length,
        causes: causes
          .sorted()
          .slice(0, MOST_CAUSES)
          .map(({ of: { cause, raw }, count }) => ({ cause, ...(raw !== undefined && { raw }), count })),
        owners: owners
          .sorted()
          .slice(0, MOST_OWNERS)
          .map(({ key, count }) => ({ name: key, count })),
        names: first(named).map(({ title, cause, raw }) => ({
          title,
          cause,
          ...(raw !== undefined && { raw }),
        })),
        supply: all
          .filter(({ key, count }) => {
            const isAll =
              supply.of(key) === count && count + more >= (sizes.get(key) ?? Number.POSITIVE_INFINITY)
            return isAll && count >= LEAST_FOR_SUPPLY
          })
          .slice(0, MOST_SUPPLY)
          .map(({ key }) => key),
      }
    },
  }
}

const isOfSupply = ({ cause, raw }: StormMember): boolean =>
  VOLTAGE_CAUSES.includes(cause) || (cause === 'unknown' && raw === undefined)

/** Leaves the weightiest: by cause, then those that nobody looks after, then by when they joined. */
function first(members: StormMember[]): StormMember[] {
  const weight = ({ cause }: StormMember) => (WEIGHT.includes(cause) ? WEIGHT.indexOf(cause) : WEIGHT.length)
  members.sort(
    (a, b) =>
      weight(a) - weight(b) ||
      Number(a.owner !== undefined) - Number(b.owner !== undefined) ||
      a.joinedAt - b.joinedAt ||
      order(a.incident, b.incident),
  )
  members.length = Math.min(members.length, MOST_NAMES)
  return members
}

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** Counts by key, and keeps the first of each. */
function counter<T = string>(keyOf: (one: T) => string = String) {
  const found = new Map<string, { key: string; of: T; count: number }>()
  return {
    add(one: T) {
      const key = keyOf(one)
      const known = found.get(key)
      if (known) known.count++
      else found.set(key, { key, of: one, count: 1 })
    },
    of: (key: string): number => found.get(key)?.count ?? 0,
    /** The most first. */
    sorted: () => [...found.values()].sort((a, b) => b.count - a.count || order(a.key, b.key)),
  }
}
