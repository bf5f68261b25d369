import { type Message, message } from './message.ts'
import type { ReportFacts, TripCount } from './report-facts.ts'
import { hoursOf, more, short } from './report-words.ts'

/** So many circuits are named to a cause. */
const OFTEN = 3

/** By cause, each with the circuits that it tripped most often. */
export function tripLine({ trips }: ReportFacts, most: number): Message {
  if (trips.length === 0) return message('report.no-trips')
  const causes = [...Map.groupBy(trips, ({ cause }) => JSON.stringify(cause)).values()]
    .map((all) => ({ cause: all[0]!.cause, count: tripsIn(all), all }))
    .sort((a, b) => b.count - a.count)
  const parts = causes.slice(0, most).map(({ cause, count, all }) => {
    const often = [...all].sort((a, b) => b.count - a.count)
    const shown = Math.min(most, OFTEN)
    const breakers = often
      .slice(0, shown)
      .map(({ title, count: times }) => message('report.trip', { breaker: short(title), times }))
    return message('report.cause', { cause, count, breakers: [...breakers, ...more(all.length - shown)] })
  })
  return message('report.trips', { count: tripsIn(trips), parts: [...parts, ...more(causes.length - most)] })
}

const tripsIn = (trips: readonly TripCount[]): number => trips.reduce((sum, { count }) => sum + count, 0)

export function awayLine({ away }: ReportFacts, most: number): Message[] {
  if (away.length === 0) return []
  const longest = [...away].sort((a, b) => b.lasted - a.lasted)
  const parts = longest
    .slice(0, most)
    .map(({ what, lasted, times }) =>
      message('report.away-one', { what: short(what), lasted: hoursOf(lasted), times }),
    )
  return [message('report.away', { parts: [...parts, ...more(away.length - most)] })]
}
