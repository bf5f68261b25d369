import type { Alarm } from '../../domain/alarm.ts'
import type { Incident } from '../../domain/incident.ts'
import { DAY } from '../../domain/local-time.ts'
import type { Stretch } from '../../domain/periods.ts'
import type { ReportFacts } from '../../domain/report-facts.ts'
import { awayIn, drawsIn, tripsOf } from '../../domain/report-happenings.ts'
import { daysOf, periodAt, periodOf, type ReportWish } from '../../domain/report-schedule.ts'
import { pagesOf } from '../paging.ts'
import type { Lookup, Parts } from '../parts.ts'
import { createReckoning } from './energy.ts'

const PAGE = 200
/** What began longer before a period is not told of in it, ms. */
const LONGEST = 31 * DAY

/** Gathers what a room's report tells of a period, page by page: nothing else has to wait for it. */
export function createGathering(parts: Parts, lookup: Lookup) {
  const { store, now } = parts
  const reckon = createReckoning(parts, lookup)

  return async function gather({ room, every, period }: ReportWish): Promise<ReportFacts> {
    const zone = lookup.zone(room)
    const whole = periodOf(every, period, zone)
    const at = now()
    const stretch = { from: whole.from, to: Math.min(whole.to, at) }
    const breakerOf = (id: string) => {
      const breaker = lookup.breaker(id)
      return breaker?.room === room ? breaker : undefined
    }
    const incidents = await openedIn<Incident>(
      'incident',
      stretch,
      (one) => breakerOf(one.breaker) !== undefined,
    )
    // One that began before may reach into it.
    const around = { ...stretch, from: stretch.from - LONGEST }
    const alarms = await openedIn<Alarm>('alarm', around, (one) => one.room === room)
    const draws = drawsIn(alarms, stretch)
    const { abnormal, ...energy } = await reckon({ room, every, period }, stretch.to)
    return {
      ...{ room, every, period, days: daysOf(every, period), ago: periodAt(every, at, zone) - period },
      ...(at < whole.to && { soFar: at }),
      ...energy,
      // What an alarm has told of is not told of twice.
      abnormal: [
        ...draws,
        ...abnormal.filter((one) => !draws.some(({ breaker }) => breaker === one.breaker)),
      ],
      trips: tripsOf(incidents, breakerOf),
      away: awayIn(alarms, stretch, breakerOf),
    }
  }

  async function openedIn<T extends { openedAt: number }>(
    kind: string,
    { from, to }: Stretch,
    isMeant: (one: T) => boolean,
  ): Promise<T[]> {
    const found: T[] = []
    for await (const page of pagesOf<T>(store, { kind }, (one) => one.openedAt, PAGE)) {
      const values = page.map(({ value }) => value)
      found.push(...values.filter((one) => one.openedAt >= from && one.openedAt < to && isMeant(one)))
      if (values.some(({ openedAt }) => openedAt < from)) break
    }
    return found
  }
}
