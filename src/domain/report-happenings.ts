import { evidenceOf } from './abnormal/words.ts'
import type { Alarm } from './alarm.ts'
import { causeName, type Incident } from './incident.ts'
import { message, span } from './message.ts'
import type { Stretch } from './periods.ts'
import { type BreakerConfig, circuitTitle } from './policy.ts'
import type { Abnormality, AwayTime, TripCount } from './report-facts.ts'

type BreakerOf = (id: string) => BreakerConfig | undefined

/** The trips among incidents, by circuit and cause; what turned out to be somebody's hand is none. */
export function tripsOf(incidents: readonly Incident[], breakerOf: BreakerOf): TripCount[] {
  const trips = incidents.filter(({ noTrip, breaker }) => !noTrip && breakerOf(breaker))
  const alike = Map.groupBy(trips, ({ breaker, circuit, cause, raw = '' }) =>
    [breaker, circuit, cause, raw].join('/'),
  )
  return [...alike.values()].map((all) => {
    const [{ breaker, circuit, ...first }] = all as [Incident]
    const title = circuitTitle(breakerOf(breaker)!, circuit)
    return { title, cause: causeName(first), count: all.length }
  })
}

/** How long breakers and sites were away within a stretch, as far as it was an alarm. */
export function awayIn(alarms: readonly Alarm[], stretch: Stretch, breakerOf: BreakerOf): AwayTime[] {
  const away = alarms.filter(({ kind }) => kind === 'breaker-offline' || kind === 'site-offline')
  const alike = Map.groupBy(
    away.filter((one) => lastedIn(one, stretch) > 0),
    ({ breaker = '', site = '', room }) => breakerOf(breaker)?.name ?? (site || room),
  )
  return [...alike].map(([what, all]) => ({
    what,
    lasted: all.reduce((sum, one) => sum + lastedIn(one, stretch), 0),
    times: all.length,
  }))
}

const lastedIn = ({ openedAt, resolvedAt }: Alarm, { from, to }: Stretch): number =>
  Math.min(resolvedAt ?? to, to) - Math.max(openedAt, from)

/** What breakers drew that was abnormal, the latest first, and of one breaker and kind once; not what somebody called normal. */
export function drawsIn(alarms: readonly Alarm[], stretch: Stretch): Abnormality[] {
  const draws = alarms.filter(
    (one) => one.kind === 'draw' && lastedIn(one, stretch) >= 0 && one.outcome?.key !== 'draw.normal',
  )
  const alike = Map.groupBy(draws, ({ breaker, title }) => `${breaker}/${title.key}`)
  return [...alike.values()]
    .map((all) => all.reduce((a, b) => (b.openedAt > a.openedAt ? b : a)))
    .sort((a, b) => b.openedAt - a.openedAt)
    .flatMap(({ breaker, title, finding, openedAt, resolvedAt }) => {
      if (breaker === undefined || !finding) return []
      const when = span(finding.since, Math.max(openedAt, resolvedAt ?? stretch.to), 'date-time')
      const times = alike.get(`${breaker}/${title.key}`)?.length ?? 1
      const reason = message('report.draw', { when, times, evidence: evidenceOf(finding) })
      return [{ breaker, what: title, reason }]
    })
}
