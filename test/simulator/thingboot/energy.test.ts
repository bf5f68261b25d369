import { expect, test } from 'vitest'
import { createEnergyMeter } from '../../../src/simulator/thingboot/energy.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** 2026-01-01 00:00 in China. */
const midnight = Date.UTC(2025, 11, 31, 16)

test('integrates power over time and turns the day at midnight in China', () => {
  const meter = createEnergyMeter(midnight - 2 * HOUR)
  meter.flow(midnight + HOUR, 2)
  expect(meter.read('total', midnight + HOUR)).toBeCloseTo(6)
  expect(meter.read('today', midnight + HOUR)).toBeCloseTo(2)
  expect(meter.read('days', midnight + HOUR)).toEqual([0, 0, 4])
})

test('gives the past six hours and three days, oldest first', () => {
  const meter = createEnergyMeter(midnight)
  meter.flow(midnight + DAY, 1)
  meter.flow(midnight + 2 * DAY, 2)
  meter.flow(midnight + 2 * DAY + 2 * HOUR, 5)
  const now = midnight + 2 * DAY + 2 * HOUR
  expect(meter.read('hours', now)).toEqual([2, 2, 2, 2, 5, 5])
  expect(meter.read('days', now)).toEqual([0, 24, 48])
})

test('counts nothing while the clock is set back, and goes on from there', () => {
  const meter = createEnergyMeter(midnight)
  meter.flow(midnight - HOUR, 1)
  expect(meter.read('total', midnight)).toBe(0)
  meter.flow(midnight, 1)
  expect(meter.read('total', midnight)).toBeCloseTo(1)
})

test('clears one counter and leaves the others', () => {
  const meter = createEnergyMeter(midnight)
  meter.flow(midnight + HOUR, 1)
  meter.clear('amount', midnight + HOUR)
  expect(meter.read('amount', midnight + HOUR)).toBe(0)
  expect(meter.read('total', midnight + HOUR)).toBeCloseTo(1)
  meter.clear('all', midnight + HOUR)
  expect(meter.read('total', midnight + HOUR)).toBe(0)
  expect(meter.read('today', midnight + HOUR)).toBe(0)
})
