import type { LineChart } from './chart.ts'
import type { Incident } from './incident.ts'
import { type Message, message } from './message.ts'
import { type BreakerConfig, circuitTitle, type Policy } from './policy.ts'
import { amps, power } from './reading-text.ts'
import type { Measured } from './summary.ts'

/** So much of the load before a trip is shown, ms. */
export const BEFORE_TRIP = 600_000
/** Fewer samples show no course. */
const FEWEST = 3
/** Samples further apart are not joined, ms. */
const GAP = 180_000

/** True for an incident whose card is followed by a picture: one that has a card of its own, and that is told of now. */
export function wantsPicture(
  { tripPictures }: Policy,
  { storm, hush }: Pick<Incident, 'storm' | 'hush'>,
): boolean {
  return tripPictures === true && !storm && !hush
}

/** The load before a trip, with the rating and the trip on it, and what it says in words. */
export interface TripPicture {
  text: Message
  chart: LineChart
}

/** @param samples of the {@link BEFORE_TRIP} before it. Undefined where they show no course. */
export function tripPicture(
  config: BreakerConfig,
  { circuit, openedAt }: Pick<Incident, 'circuit' | 'openedAt'>,
  samples: readonly Measured[],
): TripPicture | undefined {
  const [quantity, points] = (['current', 'power'] as const)
    .map((name) => [name, pointsOf(samples, name)] as const)
    .find(([, some]) => some.length >= FEWEST) ?? [undefined, []]
  if (!quantity) return undefined
  const breaker = circuitTitle(config, circuit)
  const highest = points.reduce((a, b) => (b.value > a.value ? b : a)).value
  const limit = limitOf(config, quantity)
  const [unit, load] = quantity === 'current' ? ['A', amps(highest)] : ['W', power(highest)]
  return {
    text: message('trip-picture.text', { breaker, load }),
    chart: {
      kind: 'line',
      title: message('trip-picture.title', { breaker }),
      unit: unit!,
      from: openedAt - BEFORE_TRIP,
      to: openedAt,
      gap: GAP,
      lines: [{ name: message(`row.${quantity}`), points }],
      ...(limit !== undefined && { limit: { name: message('trip-picture.rating'), value: limit } }),
      mark: { name: message('trip-picture.trip'), at: openedAt },
    },
  }
}

const pointsOf = (samples: readonly Measured[], quantity: 'current' | 'power') =>
  samples.flatMap((sample) => {
    const value = sample[quantity]
    return value === undefined ? [] : [{ at: sample.at, value }]
  })

function limitOf({ ratedCurrent, nominalVoltage = 220 }: BreakerConfig, quantity: 'current' | 'power') {
  if (ratedCurrent === undefined) return undefined
  return quantity === 'current' ? ratedCurrent : ratedCurrent * nominalVoltage
}
