import { packSamples, packSummaries } from '../src/store/blocks.ts'
import { DAY, HOUR, MINUTE, startOf, summariesOf } from '../src/store/hour.ts'
import type { Sample } from '../src/store/sample.ts'
import type { Tier } from '../src/store/tiers.ts'

/** A block of a breaker, as it would have been put away. */
export interface Put {
  tier: Tier
  start: number
  block: Uint8Array
}

const KEPT: [Tier, number][] = [
  ['raw', 7 * DAY],
  ['minutes', 90 * DAY],
  ['hours', 730 * DAY],
]

/**
 * Two years of a pump that runs some hours of the day, as it is kept at the end: volts to a tenth, amperes to a
 * hundredth, watts to a tenth, the counter to a hundredth of a kWh, each with noise; the apparent power is V × A.
 * @param every ms between two samples
 * @param end a whole hour, ms
 */
export function* yearsOf(seed: number, every: number, end: number): Generator<Put> {
  const next = measuring(seed, every)
  let day: ReturnType<typeof summariesOf> = []
  for (let hour = end - KEPT[2]![1]; hour < end; hour += HOUR) {
    const samples = Array.from({ length: HOUR / every }, (_, n) => next(hour + n * every))
    const [raw, minutes] = KEPT.map(([, age]) => hour >= end - age)
    if (raw) yield { tier: 'raw', start: hour, block: packSamples(samples) }
    else if (minutes)
      yield { tier: 'minutes', start: hour, block: packSummaries(summariesOf(samples, MINUTE)) }
    day.push(...summariesOf(samples, HOUR))
    if (startOf(hour + HOUR, DAY) === startOf(hour, DAY) && hour + HOUR < end) continue
    yield { tier: 'hours', start: startOf(hour, DAY), block: packSummaries(day) }
    day = []
  }
}

/** What a pump draws, sample by sample. */
export function measuring(seed: number, every: number): (at: number) => Sample {
  const random = createRandom(seed)
  const rated = 2 + random() * 20
  let [volts, energy] = [228 + random() * 4, random() * 5000]
  return (at) => {
    volts += (random() - 0.5) * 0.6 + (230 - volts) * 0.02
    const isOn = Math.sin(Math.floor(at / HOUR) * 2.1 + seed) > -0.3
    const voltage = Math.round(volts * 10) / 10
    const current = isOn ? Math.round(rated * (0.97 + random() * 0.06) * 100) / 100 : 0
    const power = Math.round(voltage * current * (0.84 + random() * 0.02) * 10) / 10
    energy += (power * every) / 3.6e9
    return {
      device: `${seed}`,
      at,
      voltage,
      current,
      power,
      apparent: Math.max(voltage * current, power),
      energy: Math.floor(energy * 100) / 100,
    }
  }
}

/** The same numbers from 0 to 1 for the same seed. */
function createRandom(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
