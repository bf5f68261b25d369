import type { Alarm } from '../../domain/alarm.ts'
import { causeName, type Incident } from '../../domain/incident.ts'
import { circuitTitle } from '../../domain/policy.ts'
import type { AwayTime, ReportFacts, TripCount } from '../../domain/report-facts.ts'
import { daysOf, periodAt, periodOf, type ReportWish } from '../../domain/report-schedule.ts'
import { pagesOf } from '../paging.ts'
import type { Lookup, Parts } from '../parts.ts'
import { createReckoning } from './energy.ts'

const PAGE = 200

interface Span {
  from: number
  to: number
}

/** Gathers what a room's report tells of a period, page by page: nothing else has to wait for it. */
export function createGathering(parts: Parts, lookup: Lookup) {
  const { store, now } = parts
  const reckon = createReckoning(parts, lookup)

  return async function gather({ room, every, period }: ReportWish): Promise<ReportFacts> {
    const zone = lookup.zone(room)
    const whole = periodOf(every, period, zone)
    const at = now()
    const span = { from: whole.from, to: Math.min(whole.to, at) }
    return {
      ...{ room, every, period, days: daysOf(every, period), ago: periodAt(every, at, zone) - period },
      ...(at < whole.to && { soFar: at }),
      ...(await reckon({ room, every, period }, span.to)),
      trips: await tripsOf(room, span),
      away: await awayOf(room, span),
    }
  }

  /** The incidents that opened in the span, by circuit and cause. */
  async function tripsOf(room: string, { from, to }: Span): Promise<TripCount[]> {
    const counts = new Map<string, TripCount>()
    for await (const incident of openedIn<Incident>('incident', from, to)) {
      const breaker = lookup.breaker(incident.breaker)
      if (breaker?.room !== room || incident.noTrip) continue
      const { circuit, cause, raw = '' } = incident
      const key = [breaker.id, circuit, cause, raw].join('/')
      const title = circuitTitle(breaker, circuit)
      counts.set(key, { title, cause: causeName(incident), count: (counts.get(key)?.count ?? 0) + 1 })
    }
    return [...counts.values()]
  }

  /** How long breakers and sites were away within the span, as far as it was an alarm. */
  async function awayOf(room: string, { from, to }: Span): Promise<AwayTime[]> {
    const times = new Map<string, AwayTime>()
    // One that began before may reach into it.
    for await (const alarm of openedIn<Alarm>('alarm', from - LONGEST, to)) {
      const isAway = alarm.kind === 'breaker-offline' || alarm.kind === 'site-offline'
      const lasted = Math.min(alarm.resolvedAt ?? to, to) - Math.max(alarm.openedAt, from)
      if (!isAway || alarm.room !== room || lasted <= 0) continue
      const breaker = alarm.breaker === undefined ? undefined : lookup.breaker(alarm.breaker)
      const what = breaker?.name ?? alarm.site ?? room
      const known = times.get(what) ?? { what, lasted: 0, times: 0 }
      times.set(what, { what, lasted: known.lasted + lasted, times: known.times + 1 })
    }
    return [...times.values()]
  }

  async function* openedIn<T extends { openedAt: number }>(kind: string, from: number, to: number) {
    for await (const page of pagesOf<T>(store, { kind }, (one) => one.openedAt, PAGE)) {
      yield* page.map(({ value }) => value).filter(({ openedAt }) => openedAt >= from && openedAt < to)
      if (page.some(({ value }) => value.openedAt < from)) return
    }
  }
}

/** What has been away for longer is told of no more, ms. */
const LONGEST = 31 * 86_400_000
