import { HOUR } from './local-time.ts'
import type { BreakerConfig } from './policy.ts'
import type { Readings, Report } from './report.ts'
import { NOMINAL } from './supply.ts'

/** What is remembered of a breaker's readings to find out that one of them comes in another unit. */
export interface UnitWatch {
  voltage?: Run | undefined
  power?: Run | undefined
  energy?: Count | undefined
}

/** So many reports in a row are wrong in the same way. */
interface Run {
  factor: number
  count: number
  /** How much, on average, next to {@link Run.factor}. */
  mean: number
  blamed: UnitDoubt['reading']
}

/** The counter beside the power since a moment. */
interface Count {
  from: { at: number; energy: number }
  last: { at: number; power: number; energy: number }
  /** By power, kWh. */
  flowed: number
  count: number
  /** In how many such hours on end it was wrong by the same factor. */
  wrong: { factor: number; hours: number }
}

/** A quantity that comes so many times too large; below 1: too small. */
export interface UnitDoubt {
  reading: 'voltage' | 'current' | 'activePower' | 'energy'
  factor: number
}

/** So many must agree, and by so much. */
const ENOUGH = 30
const WITHIN = 0.2
/** Over a longer pause nobody knows what the power was, ms. */
const PAUSE = 300_000
/** kWh: less flows in an hour where a coarse counter's step could be taken for much. */
const LEAST_FLOW = 0.1
/** VA: below, meters are too coarse. */
const LEAST_LOAD = 200
/** Power by voltage × current: a motor without load has little, coarse and three-phase meters may say a bit much. */
const POWER_FACTORS = { low: 0.3, high: 1.2 }
/** Hours on end in which the counter must be wrong: a replaced meter is so once. */
const HOURS = 2

/** Takes a report in, also what was not believed of it. */
export function watchUnits(before: UnitWatch, config: BreakerConfig, report: Report): UnitWatch {
  if (report.asked) return before
  const readings = { ...report.readings, ...report.doubted }
  return {
    voltage: stepped(before.voltage, voltageSeen(config, readings)),
    power: stepped(before.power, powerSeen(config, readings)),
    energy: counted(before.energy, readings, report.at),
  }
}

/** What comes in another unit, as far as the readings contradict each other; the first only, for it may explain others. */
export function doubtOf({ voltage, power, energy }: UnitWatch): UnitDoubt | undefined {
  const run = [voltage, power].find((one) => one !== undefined && one.count >= ENOUGH)
  if (run) return { reading: run.blamed, factor: run.factor }
  const isWrong = energy !== undefined && energy.wrong.hours >= HOURS
  // While it is not certain that the power is right, it is not the counter's fault.
  return isWrong && !power?.count ? { reading: 'energy', factor: energy.wrong.factor } : undefined
}

type Seen = Omit<Run, 'count' | 'mean'> & { part: number }

/** `undefined`: tells nothing; `well`: contradicts the doubt. */
function stepped(run: Run | undefined, seen: Seen | 'well' | undefined): Run | undefined {
  if (seen === undefined) return run
  if (seen === 'well') return undefined
  const { part, ...same } = seen
  const isSame =
    run?.factor === seen.factor && run.blamed === seen.blamed && Math.abs(part / run.mean - 1) <= WITHIN
  if (!isSame) return { ...same, count: 1, mean: part }
  const count = Math.min(run.count + 1, ENOUGH)
  return { ...same, count, mean: run.mean + (part - run.mean) / count }
}

/** Volts in another unit are far beyond any supply. */
function voltageSeen({ nominalVoltage = NOMINAL }: BreakerConfig, { voltage = 0 }: Readings) {
  const part = voltage / nominalVoltage
  if (part < 0.5) return undefined
  const factor = [10, 100, 1000].find((one) => Math.abs(part / one - 1) <= WITHIN)
  return factor === undefined ? 'well' : { factor, part: part / factor, blamed: 'voltage' as const }
}

/** Watts beside volts × amperes. */
function powerSeen(config: BreakerConfig, readings: Readings): Seen | 'well' | undefined {
  const { nominalVoltage = NOMINAL, ratedCurrent = 100, phases = 1 } = config
  const { voltage = 0, current = 0, activePower = 0, powerFactor = 1 } = readings
  const isSupply = voltage > nominalVoltage / 2 && voltage < nominalVoltage * 2
  const apparent = voltage * current * phases
  if (!isSupply || apparent === 0 || activePower === 0) return undefined
  const part = Math.abs(activePower) / apparent / (powerFactor >= POWER_FACTORS.low ? powerFactor : 1)
  const isOff = (factor: number) => part >= POWER_FACTORS.low * factor && part <= POWER_FACTORS.high * factor
  if (isOff(1000) && Math.abs(activePower) >= LEAST_LOAD)
    return { factor: 1000, part: part / 1000, blamed: 'activePower' }
  if (!isOff(0.001)) return 'well'
  if (apparent < LEAST_LOAD) return undefined
  // Amperes that no such breaker would bear.
  if (current > 2 * ratedCurrent) return { factor: 1000, part: part * 1000, blamed: 'current' }
  return { factor: 0.001, part: part * 1000, blamed: 'activePower' }
}

function counted(before: Count | undefined, readings: Readings, at: number): Count | undefined {
  const { activePower: power, energy } = readings
  if (power === undefined) return before
  const begin = (wrong: Count['wrong']): Count | undefined =>
    energy === undefined
      ? undefined
      : { from: { at, energy }, last: { at, power, energy }, flowed: 0, count: 0, wrong }
  if (!before) return begin({ factor: 1, hours: 0 })
  const { last, from } = before
  const pause = at - last.at
  if (pause <= 0) return before
  const next = energy ?? last.energy
  if (pause > PAUSE || next < last.energy) return begin(before.wrong)
  const flowed = before.flowed + (((last.power + power) / 2 / 1000) * pause) / HOUR
  const after: Count = { ...before, last: { at, power, energy: next }, flowed, count: before.count + 1 }
  const isEnough = at - from.at >= HOUR && after.count >= ENOUGH && Math.abs(flowed) >= LEAST_FLOW
  // A counter that has not moved may be a coarse one.
  if (!isEnough || energy === undefined || energy === from.energy) return after
  return begin(judged(before.wrong, (energy - from.energy) / Math.abs(flowed)))
}

function judged(before: Count['wrong'], part: number): Count['wrong'] {
  const factor = [1000, 0.001].find((one) => Math.abs(part / one - 1) <= WITHIN)
  if (factor === undefined) return { factor: 1, hours: 0 }
  return { factor, hours: before.factor === factor ? before.hours + 1 : 1 }
}
