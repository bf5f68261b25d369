import { wasHeardOf } from './absence.ts'
import type { AlarmFacts } from './alarm.ts'
import type { BreakerState } from './breaker.ts'
import { lasting, type Message, message, time } from './message.ts'
import { type Flaps, type OfflineRules, outlast } from './offline.ts'

/** What is remembered of a site as a whole. */
export interface SiteAway extends Flaps {
  room: string
  site: string
  /** While all is away: since when, and its alarm. */
  away?: { since: number; alarm: string }
  /** When it was last over, ms: what is away still has its grace from then. */
  overAt?: number
}

/** In a large site so many away at a moment are not the breakers' fault, though others are there. */
const MANY = 10

/** Those of a site that are away at a moment: those whose own alarm stands went earlier, and count for nothing. */
export interface Together {
  away: BreakerState[]
  total: number
  /** When the last of them that it takes was noticed, ms. */
  noticed: number
}

/** Undefined where it is not the site that is away. */
export function awayTogether(states: readonly BreakerState[]): Together | undefined {
  const free = states.filter((one) => wasHeardOf(one) && one.absence?.alarm === undefined)
  const away = free.filter((one) => one.absence).toSorted((a, b) => a.absence!.noticed - b.absence!.noticed)
  const isAll = away.length === free.length
  if (away.length < 2 || !(isAll || away.length >= MANY)) return undefined
  const last = isAll ? away.at(-1) : away[MANY - 1]
  return { away, total: free.length, noticed: last!.absence!.noticed }
}

export interface SiteVerdict {
  site: SiteAway
  raise?: { alarm: string; facts: AlarmFacts }
  resolve?: { alarm: string; outcome: Message }
  /** For the room: it flaps. */
  tell?: Message
  /** When it is to be looked at again, ms. */
  lookAt?: number
}

/** Brings what is known of a site to how its breakers stand. Pure; said again of the same it changes nothing. */
export function judgeSite(
  site: SiteAway,
  states: readonly BreakerState[],
  { now, rules, newId }: { now: number; rules: OfflineRules; newId: () => string },
): SiteVerdict {
  const together = awayTogether(states)
  if (!together) return over(site, states, now)
  if (site.away) return { site }
  const { siteGrace, flaps: most } = rules
  const { noticed } = together
  if (now < noticed + siteGrace) return { site, lookAt: noticed + siteGrace }
  const { counted, due, begins } = outlast(site, noticed, siteGrace, most)
  const { flaps: _, ...calm } = site
  const next = { ...calm, ...counted }
  const times = counted.outlasted?.length ?? 0
  const tell = message('notice.flaps', { what: site.site, times, patience: lasting(due - noticed) })
  const told = begins ? { tell } : {}
  if (now < due) return { site: next, ...told, lookAt: due }
  const alarm = newId()
  const since = Math.min(...together.away.map((one) => one.absence!.since))
  const raise = { alarm, facts: factsOf(site, together, since, rules) }
  return { site: { ...next, away: { since, alarm } }, ...told, raise }
}

function over(site: SiteAway, states: readonly BreakerState[], now: number): SiteVerdict {
  const { away, ...rest } = site
  if (!away) return { site }
  const still = states.filter((one) => one.absence && one.absence.alarm === undefined).length
  const after = lasting(now - away.since)
  const outcome =
    states.length === 0
      ? message('alarm.unconfigured')
      : message(still > 0 ? 'alarm.site-partly-back' : 'alarm.back', { after, still })
  return { site: { ...rest, overAt: now }, resolve: { alarm: away.alarm, outcome } }
}

function factsOf(
  { room, site }: SiteAway,
  { away, total }: Together,
  since: number,
  rules: OfflineRules,
): AlarmFacts {
  const isAll = away.length === total
  const values = { site, count: away.length, total, at: time(since) }
  return {
    ...{ kind: 'site-offline', room, site, severity: rules.siteSeverity },
    title: message('alarm.site-offline', values),
    notes: [message(isAll ? 'alarm.site-all' : 'alarm.site-many', values)],
  }
}
