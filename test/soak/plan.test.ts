import { expect, test } from 'vitest'
import { SIDES } from '../../soak/faults/kind.ts'
import { FAULTS } from '../../soak/faults.ts'
import { planFaults, planSoakTrips, TRIP_EVERY } from '../../soak/plan.ts'

const SHORT = { ms: 60_000, seed: 7, rooms: 6 }
const LONG = { ...SHORT, ms: 30 * 60_000 }

test('the same seed plans the same, another one other faults and trips', () => {
  expect(planFaults(SHORT)).toEqual(planFaults({ ...SHORT }))
  expect(planFaults(SHORT)).not.toEqual(planFaults({ ...SHORT, seed: 8 }))
  expect(planSoakTrips(SHORT, 180)).toEqual(planSoakTrips({ ...SHORT }, 180))
  expect(planSoakTrips(SHORT, 180)).not.toEqual(planSoakTrips({ ...SHORT, seed: 8 }, 180))
})

test('on each side one fault comes after the other, and all end in time', () => {
  for (const side of SIDES) {
    const planned = planFaults(LONG).filter((one) => one.side === side)
    const ends = planned.map(({ at, lasts }) => at + lasts)
    for (const [index, { at }] of planned.entries()) expect(at).toBeGreaterThan(ends[index - 1] ?? 0)
    expect(Math.max(...ends)).toBeLessThanOrEqual(LONG.ms)
  }
})

test('a long run meets every kind of every side, a grave one once and early', () => {
  const planned = planFaults(LONG)
  for (const side of SIDES) {
    const there = planned.filter((one) => one.side === side)
    expect(new Set(there.map(({ kind }) => kind.name))).toEqual(new Set(FAULTS[side].map(({ name }) => name)))
    const grave = there.filter(({ kind }) => kind.grave)
    expect(new Set(grave.map(({ kind }) => kind)).size).toBe(grave.length)
    for (const { at } of grave) expect(at).toBeLessThan(LONG.ms * 0.6)
  }
})

test('a short run has faults on all sides, and none that takes minutes to get over', () => {
  const planned = planFaults(SHORT)
  expect(new Set(planned.map((one) => one.side))).toEqual(new Set(SIDES))
  expect(planned.filter(({ kind }) => kind.grave)).toEqual([])
})

test('names are unlike one another on each side, for what is counted goes by them', () => {
  for (const side of SIDES) {
    const names = FAULTS[side].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  }
})

test('trips come one by one, and now and then 20 to 30 in one room at once', () => {
  const trips = planSoakTrips(LONG, 180)
  const bursts: { first: number }[][] = []
  for (const [index, trip] of trips.entries()) {
    if (trip.pause > 0) continue
    if (trips[index - 1]?.pause === 0) bursts.at(-1)!.push(trip)
    else bursts.push([trip])
  }
  expect(bursts.length).toBeGreaterThan(5)
  for (const burst of bursts) {
    expect(burst.length).toBeGreaterThanOrEqual(20)
    expect(burst.length).toBeLessThanOrEqual(30)
    expect(new Set(burst.map(({ first }) => first % LONG.rooms)).size).toBe(1)
    expect(new Set(burst.map(({ first }) => first)).size).toBe(burst.length)
  }
  const lasts = trips.reduce((sum, { pause }) => sum + pause * TRIP_EVERY, 0)
  expect(lasts).toBeGreaterThan(LONG.ms * 0.95)
  expect(lasts).toBeLessThan(LONG.ms)
})

test('a short run has its burst in the first half', () => {
  const trips = planSoakTrips(SHORT, 180)
  const first = trips.findIndex(({ pause }) => pause === 0)
  const before = trips.slice(0, first).reduce((sum, { pause }) => sum + pause * TRIP_EVERY, 0)
  expect(first).toBeGreaterThan(0)
  expect(before).toBeLessThan(SHORT.ms / 2)
})
