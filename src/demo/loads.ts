import type { CircuitKey } from '../simulator/thingboot/api.ts'
import type { DemoBreaker } from './cast.ts'

const [HOUR, DAY] = [3_600_000, 86_400_000]
/** The demo plays in China, whose clocks are never changed. */
const CHINA = 8 * HOUR

/** The machine that is about to fail, how long before the demo it began to, and how much more it draws by now. */
const WORN = { id: '820720', since: 6 * DAY, more: 0.22 }

/** At which hours of its day a machine runs, and what share of its load it draws then; for the rest `idle`. */
interface Day {
  runs: { from: number; to: number; share: number }[]
  idle: number
}

/** All night and at noon, when ponds have least oxygen; slowly meanwhile. */
const AERATOR: Day = {
  runs: [
    { from: 0, to: 9, share: 1 },
    { from: 12.5, to: 15.5, share: 1 },
    { from: 21, to: 24, share: 1 },
  ],
  idle: 0.62,
}
/** Three meals. */
const FEEDER: Day = {
  runs: [
    { from: 7, to: 7.7, share: 1 },
    { from: 11, to: 11.7, share: 1 },
    { from: 16.5, to: 17.2, share: 1 },
  ],
  idle: 0.02,
}
const PUMP: Day = {
  runs: [
    { from: 6, to: 10, share: 1 },
    { from: 15, to: 18, share: 1 },
  ],
  idle: 0,
}
const PUMP_AT_WEEKENDS: Day = { runs: [{ from: 7, to: 9, share: 1 }], idle: 0 }
/** Up in the morning, down at dusk. */
const BLIND: Day = {
  runs: [
    { from: 7.5, to: 7.9, share: 1 },
    { from: 17, to: 17.4, share: 1 },
  ],
  idle: 0.01,
}

/**
 * What a machine draws at a moment, A: always the same for the same moment, a little more and less from minute to minute.
 * @param started when the demo began: what is wrong with one machine has begun some days before
 */
export function loadAt(breaker: DemoBreaker, circuit: CircuitKey, at: number, started: number): number {
  const load = breaker.circuits.find(({ key }) => key === circuit)?.load ?? 0
  const hour = ((at + CHINA) % DAY) / HOUR
  const { runs, idle } = dayOf(breaker, circuit, at)
  const share = runs.find(({ from, to }) => hour >= from && hour < to)?.share ?? idle
  const minute = Math.floor(at / 60_000)
  const wear =
    breaker.id === WORN.id ? WORN.more * Math.min(1, Math.max(0, 1 + (at - started) / WORN.since)) : 0
  return load * share * (1 + wear) * (0.985 + 0.03 * noise(`${breaker.id}${circuit}`, minute))
}

function dayOf({ id }: DemoBreaker, circuit: CircuitKey, at: number): Day {
  const days: Record<string, Day> = {
    '820720': AERATOR,
    '820721': AERATOR,
    '820722': FEEDER,
    '820731': BLIND,
  }
  // Day 0 of 1970 was a Thursday.
  const weekday = (Math.floor((at + CHINA) / DAY) + 3) % 7
  const pump = weekday < 5 ? PUMP : circuit === 'power1' ? PUMP_AT_WEEKENDS : { runs: [], idle: 0 }
  return days[id] ?? pump
}

/** From 0 to below 1, without any order that can be seen. */
export function noise(name: string, step: number): number {
  let hash = step
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}
