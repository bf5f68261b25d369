import type { BreakerConfig } from './policy.ts'
import type { Readings, Report } from './report.ts'
import type { Measured } from './summary.ts'
import { NOMINAL } from './supply.ts'

/** What no meter can have seen: the value as it came, in V, A, W, VA, 0–1 or kWh. */
export type Doubt = { reading: keyof Readings; value: number }

export interface Measuring {
  /** Absent where nothing of what was reported is kept. */
  measured?: Measured
  doubts: Doubt[]
}

/** A short circuit may show many times the rating; more than this is no current. */
const RATINGS = 20
/** A, taken where no rating is known. */
const UNRATED = 500
/** Above this many times the nominal voltage no meter lives. */
const NOMINALS = 2
/** A breaker that is not known to have three phases may have them: so many times V × A is not yet absurd. */
const APPARENTS = 5
/** What coarse meters may be wrong by, W: they show 0.0 A where some watts flow. */
const COARSE = 500
/** V × A is that of one phase only where the power does not say otherwise. */
const SLACK = { share: 1.1, watts: 50 }

/**
 * What a report measured, as it is to be kept: at its own time, or now where its clock runs ahead. Values that cannot be
 * are left out and told apart. The apparent power is the reported one, else V × A of a single-phase breaker; it is never
 * below the real power, so that the power factor never exceeds 1.
 */
export function measure(config: BreakerConfig, report: Report, now: number): Measuring {
  const doubts: Doubt[] = entriesOf(report.doubted ?? {})
  // The cloud's record does not say when its values were measured.
  if (report.asked) return { doubts }
  const readings = { ...report.readings }
  for (const reading of implausible(config, readings)) {
    doubts.push({ reading, value: readings[reading]! })
    delete readings[reading]
  }
  const { voltage, current, activePower: power, energy } = readings
  const apparent = apparentOf(config, readings)
  const values = {
    ...(voltage !== undefined && { voltage }),
    ...(current !== undefined && { current }),
    ...(power !== undefined && { power }),
    ...(apparent !== undefined && { apparent }),
    ...(energy !== undefined && { energy }),
  }
  if (Object.keys(values).length === 0) return { doubts }
  return { measured: { at: Math.min(report.at, now), ...values }, doubts }
}

function implausible(config: BreakerConfig, readings: Readings): (keyof Readings)[] {
  const { nominalVoltage = NOMINAL, ratedCurrent } = config
  const most = { voltage: NOMINALS * nominalVoltage, current: RATINGS * (ratedCurrent ?? UNRATED) }
  // The most that can flow, by what was measured where that is believed.
  const volts = Math.min(readings.voltage ?? most.voltage, most.voltage)
  const amps = Math.min(readings.current ?? most.current, most.current)
  const watts = APPARENTS * volts * amps + COARSE
  const limits = { ...most, activePower: watts, apparentPower: watts }
  return (Object.keys(limits) as (keyof typeof limits)[]).filter(
    (reading) => Math.abs(readings[reading] ?? 0) > limits[reading],
  )
}

function apparentOf({ phases = 1 }: BreakerConfig, readings: Readings): number | undefined {
  const { voltage, current, activePower = 0, apparentPower } = readings
  const real = Math.abs(activePower)
  const isEnough = (apparent: number) => real <= apparent * SLACK.share + SLACK.watts
  const product =
    phases === 1 && voltage !== undefined && current !== undefined ? voltage * current : undefined
  const apparent = [apparentPower, product].find((one) => one !== undefined && isEnough(one))
  return apparent === undefined ? undefined : Math.max(apparent, real)
}

const entriesOf = (readings: Readings): Doubt[] =>
  (Object.keys(readings) as (keyof Readings)[]).map((reading) => ({ reading, value: readings[reading]! }))
