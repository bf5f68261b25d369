import { describe, expect, test } from 'vitest'
import { flowLimits, flowsOf } from '../../src/domain/energy-flows.ts'
import { energyIn, sumOf } from '../../src/domain/energy-use.ts'
import { edgesOf } from '../../src/domain/periods.ts'
import { join, type Measured, type Summary, summarise } from '../../src/domain/summary.ts'
import { costOf, ratesIn, type Tariff } from '../../src/domain/tariff.ts'
import { randomOf, type Simulated, simulate, ZONES } from './support/energy-fleet.ts'

const YEAR = { from: Date.parse('2025-12-31T00:00:00Z'), to: Date.parse('2027-01-02T00:00:00Z') }
const QUARTER = 900_000
/** What the store keeps: of a zone whose hours begin within those of UTC, what is finer. */
const spanFor = (zone: string) =>
  ({ 'Asia/Kolkata': 2, 'Australia/Lord_Howe': 2, 'Asia/Kathmandu': 4 })[zone] ?? 1
const TARIFF: Tariff = {
  name: '峰谷',
  currency: 'CNY',
  prices: { peak: 1.1, flat: 0.7, valley: 0.35 },
  times: [
    { rate: 'peak', from: 8 * 60, to: 11 * 60 },
    { rate: 'valley', from: 22 * 60, to: 6 * 60 },
  ],
}

/** As they come in: some twice, some late; the store puts them in order and into spans, the late ones joined. */
function summaries(one: Simulated): Summary[] {
  const span = 3_600_000 / spanFor(one.zone)
  const random = randomOf(one.samples.length)
  const byStart = Map.groupBy(one.samples, ({ at }) => Math.floor(at / span) * span)
  return [...byStart].map(([start, some]) => {
    const whole = random() < 0.1 ? [...some, some[0]!].sort((a, b) => a.at - b.at) : some
    const of = (part: Measured[]) => summarise(one.id, start, span, part)
    const late = whole.length > 2 && random() < 0.1 ? whole.length - 1 : 0
    return late > 0 ? join(of(whole.slice(0, late)), of(whole.slice(late))) : of(whole)
  })
}

/** The local date and hour of each quarter of an hour, with the zone's offset: an hour that comes twice is two. */
const calendars = new Map(
  ZONES.map((zone) => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
    })
    const keys = Array.from({ length: (YEAR.to - YEAR.from) / QUARTER }, (_, i) => {
      const at = YEAR.from + i * QUARTER
      const shown = format.format(at)
      return { day: shown.slice(0, 10), hour: Number(shown.slice(11, 13)), shown }
    })
    return [zone, keys] as const
  }),
)

/** What is true of each quarter of an hour, reckoned from the slices alone. */
function quartersOf(one: Simulated) {
  const count = (YEAR.to - YEAR.from) / QUARTER
  const [wh, unknown] = [new Float64Array(count), new Float64Array(count)]
  for (const slice of one.truth) {
    const { from, to } = slice
    for (let at = from; at < to; ) {
      const index = Math.floor((at - YEAR.from) / QUARTER)
      const next = Math.min(to, YEAR.from + (index + 1) * QUARTER)
      if (slice.wh === undefined) unknown[index]! += next - at
      else wh[index]! += (slice.wh * (next - at)) / (to - from)
      at = next
    }
  }
  return { wh, unknown }
}

const fleet = Array.from({ length: 100 }, (_, i) => simulate(i, YEAR.from, YEAR.to))
const reckoned = fleet.map((one) => ({
  one,
  flows: flowsOf(summaries(one), flowLimits({ ratedCurrent: 60 }, one.slot)),
  truth: quartersOf(one),
}))

/** The same by day, month …: quarters of one key are of one period. */
function truthBy(
  { one, truth }: (typeof reckoned)[number],
  keyOf: (key: { day: string; hour: number }) => string,
) {
  const totals = new Map<string, { wh: number; unknown: number }>()
  calendars.get(one.zone)!.forEach((quarter, i) => {
    const key = keyOf(quarter)
    const total = totals.get(key) ?? { wh: 0, unknown: 0 }
    totals.set(key, total)
    total.wh += truth.wh[i]!
    total.unknown += truth.unknown[i]!
  })
  return totals
}

const years = new Map(
  ZONES.map((zone) => {
    const keys = calendars.get(zone)!
    const at = (year: string) => YEAR.from + keys.findIndex(({ day }) => day.startsWith(year)) * QUARTER
    const year = { from: at('2026'), to: at('2027') }
    const edges = (by: 'hour' | 'day' | 'month' | 'year') => edgesOf(year, by, zone)
    const months = edges('month')
    return [
      zone,
      {
        ...year,
        edges: { hour: edges('hour'), day: edges('day'), month: months, year: edges('year') },
        rates: ratesIn(TARIFF, year, zone),
        monthly: months.slice(1).map((to, i) => ratesIn(TARIFF, { from: months[i]!, to }, zone)),
      },
    ] as const
  }),
)
const yearOf = ({ zone }: Simulated) => years.get(zone)!

describe('a year of a hundred breakers', { timeout: 60_000 }, () => {
  test.each([
    ['day', (key: { day: string }) => key.day],
    ['month', (key: { day: string }) => key.day.slice(0, 7)],
    ['year', (key: { day: string }) => key.day.slice(0, 4)],
  ] as const)('by %s is what is true, and what nobody knows of is marked', (unit, keyOf) => {
    const wrong: unknown[] = []
    for (const each of reckoned) {
      const { id } = each.one
      const truth = [...truthBy(each, keyOf)].filter(([key]) => key.startsWith('2026'))
      const uses = energyIn(each.flows, yearOf(each.one).edges[unit])
      if (truth.length !== uses.length) wrong.push({ id, periods: uses.length })
      uses.forEach((use, i) => {
        const [key, { wh, unknown }] = truth[i]!
        const isRight = Math.abs(use.kwh - wh / 1000) < 1e-6 && Math.abs(use.missing - unknown) < 2
        if (!isRight) wrong.push({ id, key, use, wh, unknown })
      })
    }
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test('by hour is what is true, also where the clock is changed, and its hours are the year', () => {
    const wrong: unknown[] = []
    for (const { one, flows, truth } of reckoned) {
      const { from, to, edges } = yearOf(one)
      const hours = energyIn(flows, edges.hour)
      for (const use of hours) {
        let wh = 0
        for (let at = use.from; at < use.to; at += QUARTER) wh += truth.wh[(at - YEAR.from) / QUARTER]!
        if (Math.abs(use.kwh - wh / 1000) > 1e-6) wrong.push({ id: one.id, use, wh })
      }
      const [whole] = energyIn(flows, [from, to])
      const sum = sumOf(hours)
      if (sum.kwh !== whole!.kwh || Math.abs(sum.missing - whole!.missing) > 1)
        wrong.push({ id: one.id, whole })
    }
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test.each(ZONES)('has the hours that the clock shows in %s', (zone) => {
    const { hour: edges, day } = years.get(zone)!.edges
    const shown = (at: number) => calendars.get(zone)![(at - YEAR.from) / QUARTER]!
    expect(new Set(day.map((at) => shown(at)).map(({ hour }) => hour))).toEqual(new Set([0]))
    // A clock that is put back half an hour shows a beginning of an hour in the middle of one.
    const odd = edges.filter((at) => !shown(at).shown.endsWith(':00'))
    expect(odd.length).toBeLessThanOrEqual(zone === 'Australia/Lord_Howe' ? 2 : 0)
    expect(edges.length - 1).toBe(zone === 'Australia/Lord_Howe' ? 8761 : 8760)
  })

  test('costs what its hours cost at the rates of the local clock', () => {
    const wrong: unknown[] = []
    const rate = (hour: number) =>
      hour >= 22 || hour < 6 ? 'valley' : hour >= 8 && hour < 11 ? 'peak' : 'flat'
    for (const each of reckoned) {
      const { rates, monthly } = yearOf(each.one)
      const truth = truthBy(each, ({ day, hour }) => `${day.slice(0, 4)} ${rate(hour)}`)
      const kwh = (name: string) => (truth.get(`2026 ${name}`)?.wh ?? 0) / 1000
      const expected = 1.1 * kwh('peak') + 0.7 * kwh('flat') + 0.35 * kwh('valley')
      const { amount } = costOf(each.flows, rates)
      const sum = monthly.map((month) => costOf(each.flows, month).amount).reduce((a, b) => a + b, 0)
      if (Math.abs(amount - expected) > 1e-5 || Math.abs(amount - sum) > 1e-6)
        wrong.push({ id: each.one.id, amount, expected, sum })
    }
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test('is what really flowed, but for what a step of the counter hides', () => {
    const whole = reckoned.filter(({ one }) => one.isWhole)
    expect(whole.length).toBeGreaterThanOrEqual(40)
    for (const { one, flows } of whole) {
      const [use] = energyIn(flows, [YEAR.from, YEAR.to])
      expect(Math.abs(use!.kwh * 1000 - one.drawn)).toBeLessThanOrEqual(one.resolution)
    }
  })

  test('says how it was reckoned, and how often a counter began anew', () => {
    const of = (kind: number) =>
      reckoned.filter((_, i) => i % 10 === kind).map(({ flows }) => energyIn(flows, [YEAR.from, YEAR.to])[0]!)
    expect(new Set(of(0).map((use) => use.by))).toEqual(new Set(['counter']))
    expect(new Set(of(9).map((use) => use.by))).toEqual(new Set(['power']))
    expect(of(0).map((use) => use.resets)).toEqual(Array(10).fill(0))
    for (const use of of(5)) expect(use.resets).toBeGreaterThanOrEqual(5)
    for (const use of of(6)) expect(use.resets).toBeGreaterThanOrEqual(2)
    for (const use of of(7)) expect(use.missing).toBeLessThan(3_600_000)
    for (const use of of(9)) expect(use.missing).toBeGreaterThan(24 * 3_600_000)
  })

  test('marks the days that share what was used in a pause', () => {
    for (const { one, flows } of reckoned.filter((_, i) => i % 10 === 7)) {
      const edges = yearOf(one).edges.day
      const pauses = one.truth.filter(({ from, to }) => to - from > 3 * one.slot)
      const isShared = (from: number, to: number) =>
        pauses.some((one) => one.from < to && one.to > from && (one.from < from || one.to > to))
      const shared = energyIn(flows, edges).map((use) => use.estimated > 0)
      expect(shared).toEqual(edges.slice(1).map((to, i) => isShared(edges[i]!, to)))
    }
  })
})
