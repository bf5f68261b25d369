import { describe, expect, test } from 'vitest'
import { BREAKERS } from '../../src/demo/cast.ts'
import { loadAt } from '../../src/demo/loads.ts'
import { pastBefore } from '../../src/demo/past.ts'
import type { Sample } from '../../src/store/store.ts'

const [HOUR, DAY] = [3_600_000, 86_400_000]
/** A Saturday, 14:00 in China. */
const STARTED = Date.UTC(2026, 10, 28, 6)
const past = pastBefore(STARTED)

const of = (device: string) => past.samples.filter((one) => one.device === device)
/** Of those that stand equally far apart. */
const mean = (all: Sample[]) => {
  const samples = all.filter(({ at }) => STARTED - at > HOUR / 4)
  return samples.reduce((sum, one) => sum + one.power!, 0) / samples.length
}
/** By the clock of China; days since the demo began, counted back. */
const hourOf = ({ at }: Sample) => Math.floor(((at + 8 * HOUR) % DAY) / HOUR)
const daysAgo = ({ at }: Sample) => (STARTED - at) / DAY

test('is the same for the same beginning, five weeks long, and oldest first', () => {
  expect(pastBefore(STARTED)).toEqual(past)
  for (const { id } of BREAKERS) {
    const times = of(id).map((one) => one.at)
    // Each 5 min, and in the last quarter of an hour each 20 s.
    expect(times.length).toBe(35 * 288 - 3 + 45)
    expect(times.toSorted((a, b) => a - b)).toEqual(times)
    expect(times.every((at) => at < STARTED)).toBe(true)
  }
})

test('each counter has counted what flowed, and the simulated breaker goes on from there', () => {
  for (const { id } of BREAKERS) {
    const samples = of(id)
    const flowed = samples.reduce((kwh, one, i) => {
      const next = samples[i + 1]?.at ?? STARTED
      return i === 0 ? 0 : kwh + ((one.power! / 1000) * (next - one.at)) / HOUR
    }, 0)
    expect(samples.at(-1)!.energy! - samples[0]!.energy!).toBeCloseTo(flowed, 0)
    expect(past.counters[id]).toBe(samples.at(-1)!.energy)
  }
})

describe('there is something to see', () => {
  test.each([
    ['the aerators work at night', '820721', 3, 18],
    ['the feeder works at meals', '820722', 7, 3],
    ['the pumps work in the morning', '820730', 8, 23],
  ])('%s', (_, device, busy, quiet) => {
    const at = (hour: number) => mean(of(device).filter((one) => hourOf(one) === hour))
    expect(at(busy)).toBeGreaterThan(at(quiet) * 1.3)
  })

  test('the pumps rest at weekends', () => {
    const [weekend, week] = [
      of('820730').filter((one) => daysAgo(one) < 0.5),
      of('820730').filter((one) => daysAgo(one) > 1 && daysAgo(one) < 5),
    ]
    expect(mean(weekend)).toBeLessThan(mean(week) / 2)
  })

  test('one machine, and no other, draws more and more of late', () => {
    const grown = BREAKERS.map(({ id }) => {
      const days = (from: number, to: number) =>
        mean(of(id).filter((one) => daysAgo(one) > from && daysAgo(one) <= to))
      // The same weekdays, weeks apart.
      return { id, by: days(0, 2) / days(14, 16) - 1 }
    })
    for (const { id, by } of grown)
      if (id === '820720') expect(by).toBeGreaterThan(0.15)
      else expect(Math.abs(by), id).toBeLessThan(0.02)
  })
})

test('while the demo runs, machines go on as they did before', () => {
  for (const breaker of BREAKERS)
    for (const { key, load } of breaker.circuits) {
      const [before, after] = [
        loadAt(breaker, key, STARTED - 60_000, STARTED),
        loadAt(breaker, key, STARTED + 60_000, STARTED),
      ]
      expect(Math.abs(after - before)).toBeLessThanOrEqual(load * 0.05)
    }
})
