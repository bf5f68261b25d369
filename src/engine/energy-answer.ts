import { type CounterReading, energyPeriods, energyUsed } from '../domain/energy.ts'
import type { Message } from '../domain/message.ts'
import { energyLines } from '../domain/overview.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Sample } from '../store/store.ts'
import { getBreaker, type Parts } from './parts.ts'

/** How far back a counter reading without one at the very moment is looked for, ms. */
const NEARBY = 24 * 3_600_000

/** The lines of the energy answer, from the samples kept. */
export async function energyAnswer(parts: Parts, config: BreakerConfig): Promise<Message[]> {
  const now = parts.now()
  const periods = energyPeriods(now, parts.policy.timezone)
  const used = async ([from, to]: [number, number]) =>
    energyUsed(
      await counterAt(parts, config.id, from),
      await firstWithin(parts, config.id, from, to),
      await counterAt(parts, config.id, to),
    )
  const [today, yesterday, month] = await Promise.all([
    used(periods.today),
    used(periods.yesterday),
    used(periods.month),
  ])
  const breaker = await getBreaker(parts.store, config.id)
  return energyLines(config, breaker?.value, { today, yesterday, month })
}

async function counterAt(parts: Parts, device: string, at: number): Promise<CounterReading | undefined> {
  const last = await parts.store.sampleAt(device, at)
  if (!last) return undefined
  const reading = counter(last)
  if (reading) return reading
  const nearby = await parts.store.samples(device, last.at - NEARBY, last.at)
  return nearby.map(counter).findLast((one) => one !== undefined)
}

async function firstWithin(
  parts: Parts,
  device: string,
  from: number,
  to: number,
): Promise<CounterReading | undefined> {
  const first = await parts.store.samples(device, from, to, 100)
  return first.map(counter).find((one) => one !== undefined)
}

function counter(sample: Sample): CounterReading | undefined {
  return sample.energy === undefined ? undefined : { at: sample.at, energy: sample.energy }
}
