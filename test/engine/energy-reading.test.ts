import { expect, test } from 'vitest'
import { periodOf } from '../../src/domain/energy-asked.ts'
import { energyIn } from '../../src/domain/energy-use.ts'
import { edgesOf, periodAt } from '../../src/domain/periods.ts'
import { type Summary, summarise } from '../../src/domain/summary.ts'
import { measure } from '../../src/engine/energy-measuring.ts'
import { usages } from '../../src/engine/energy-reading.ts'
import { breaker } from './rig.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ZONE = 'Asia/Kolkata'
const FROM = Date.parse('2026-05-01T00:00:00Z')
/** More at each step, so that a wrong edge shows: the n-th five minutes use n Wh. */
const SAMPLES = Array.from({ length: 900 }, (_, n) => ({
  at: FROM + n * 5 * MINUTE,
  energy: (n * (n + 1)) / 2 / 1000,
}))
const shownAt = (at: number) => {
  const n = (at - FROM) / (5 * MINUTE)
  return (n * (n + 1)) / 2 / 1000
}

/** Keeps the minutes of all, or of none. */
function storeOf(keepsMinutes: boolean) {
  const asked: string[] = []
  return {
    asked,
    async summaries(
      devices: readonly string[],
      span: 'minute' | 'hour',
      from: number,
      to: number,
    ): Promise<Summary[][]> {
      asked.push(`${span} ${devices.length}`)
      if (span === 'minute' && !keepsMinutes) return devices.map(() => [])
      const length = span === 'minute' ? MINUTE : HOUR
      const within = SAMPLES.filter(({ at }) => at >= Math.floor(from / length) * length && at < to)
      const spans = [...Map.groupBy(within, ({ at }) => Math.floor(at / length) * length)]
      return devices.map((device) => spans.map(([start, some]) => summarise(device, start, length, some)))
    },
  }
}

const DAY = periodAt('day', Date.parse('2026-05-02T12:00:00Z'), ZONE)

async function hoursOf(store: ReturnType<typeof storeOf>) {
  const edges = edgesOf(DAY, 'hour', ZONE)
  for await (const { flows } of usages(store, [breaker('1', '泵')], DAY, edges)) return energyIn(flows, edges)
  return []
}

test('hours that begin within those of UTC are known by their minutes', async () => {
  const hours = await hoursOf(storeOf(true))
  expect(hours).toHaveLength(24)
  for (const { from, to, kwh, estimated, missing } of hours) {
    expect(kwh).toBeCloseTo(shownAt(to) - shownAt(from), 6)
    expect([estimated, missing]).toEqual([0, 0])
  }
})

test('and where those are kept no more, they are marked as estimated, and still make up the day', async () => {
  const hours = await hoursOf(storeOf(false))
  expect(hours.every(({ estimated }) => estimated > 0)).toBe(true)
  const sum = hours.reduce((total, { kwh }) => total + kwh, 0)
  expect(Math.abs(sum - (shownAt(DAY.to) - shownAt(DAY.from)))).toBeLessThan(shownAt(DAY.to) / 100)
})

test('many breakers are read some at a time, and added up', async () => {
  const store = storeOf(true)
  const breakers = Array.from({ length: 45 }, (_, i) => breaker(String(i + 1), `泵${i + 1}`))
  const now = FROM + 2 * 24 * HOUR
  const period = periodOf({ unit: 'day', shift: 0 }, now, 'UTC')
  const { facts, each, bars } = await measure(store, breakers, {
    period: { ...period, from: FROM + 24 * HOUR, to: now },
    timezone: 'UTC',
    now,
  })
  const one = shownAt(now) - shownAt(FROM + 24 * HOUR)
  expect(facts.use.kwh).toBeCloseTo(45 * one, 4)
  expect(each).toHaveLength(45)
  expect(bars.reduce((sum, { kwh }) => sum + kwh, 0)).toBeCloseTo(45 * one, 4)
  expect(store.asked.filter((line) => line.startsWith('hour'))).toEqual(['hour 20', 'hour 20', 'hour 5'])
})
