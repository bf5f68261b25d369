import { type CounterReading, energyPeriods, energyUsed } from '../domain/energy.ts'
import type { Message } from '../domain/message.ts'
import { energyLines } from '../domain/overview.ts'
import type { BreakerConfig } from '../domain/policy.ts'
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
  if (last?.energy !== undefined) return { at: last.at, energy: last.energy }
  const nearby = await readings(parts, device, (last?.at ?? at) - NEARBY, at + 1)
  return nearby.findLast((reading) => reading.at <= at)
}

async function firstWithin(
  parts: Parts,
  device: string,
  from: number,
  to: number,
): Promise<CounterReading | undefined> {
  const all = await readings(parts, device, from, to)
  return all.find(({ at }) => at >= from && at < to)
}

/** The first and the last one of each hour. */
async function readings(parts: Parts, device: string, from: number, to: number): Promise<CounterReading[]> {
  const hours = await parts.store.summaries([device], 'hour', from, to)
  return hours.flatMap(({ counter }) => (counter ? [counter.first, counter.last] : []))
}
