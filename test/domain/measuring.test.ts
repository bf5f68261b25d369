import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measure } from '../../src/domain/measuring.ts'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import type { Readings, Report } from '../../src/domain/report.ts'
import { EIGHT, PUMP } from './support/site.ts'

const report = (readings: Readings, more: Partial<Report> = {}): Report => ({
  id: 'r1',
  device: PUMP.id,
  kind: 'state',
  at: EIGHT,
  positions: {},
  readings,
  ...more,
})
const kept = (readings: Readings, config: BreakerConfig = PUMP) =>
  measure(config, report(readings), EIGHT).measured
const dropped = (readings: Readings, config: BreakerConfig = PUMP) =>
  measure(config, report(readings), EIGHT).doubts.map((one) => one.reading)

describe('the time of a sample', () => {
  test.each([
    ['its own', EIGHT - 5000, EIGHT - 5000],
    ['its own, however late it came', EIGHT - 9 * 86_400_000, EIGHT - 9 * 86_400_000],
    ['now, where its clock runs ahead', EIGHT + 3_600_000, EIGHT],
  ])('is %s', (_, at, expected) => {
    expect(measure(PUMP, report({ current: 1 }, { at }), EIGHT).measured?.at).toBe(expected)
  })

  test('is not known of what the cloud was asked for', () => {
    expect(measure(PUMP, report({ current: 1 }, { asked: true }), EIGHT).measured).toBeUndefined()
  })
})

describe('the apparent power', () => {
  test.each<[string, Readings, BreakerConfig['phases'], number | undefined]>([
    ['is the reported one', { voltage: 230, current: 10, activePower: 2000, apparentPower: 2290 }, 1, 2290],
    ['is V × A of one phase', { voltage: 230, current: 10, activePower: 2000 }, undefined, 2300],
    ['is not made up for three phases', { voltage: 380, current: 10, activePower: 6000 }, 3, undefined],
    ['is the reported one of three phases', { voltage: 380, current: 10, apparentPower: 6580 }, 3, 6580],
    ['is no less than the power', { voltage: 230, current: 10, activePower: 2310 }, 1, 2310],
    [
      'is V × A where the reported one cannot be',
      { voltage: 230, current: 10, activePower: 2000, apparentPower: 2 },
      1,
      2300,
    ],
    [
      'is not V × A where far more power flows: there must be other phases',
      { voltage: 230, current: 10, activePower: 6500 },
      1,
      undefined,
    ],
    ['is not known without a current', { voltage: 230, activePower: 2000 }, 1, undefined],
    ['is 0 of a breaker that stands open', { voltage: 230, current: 0, activePower: 0 }, 1, 0],
  ])('%s', (_, readings, phases, apparent) => {
    expect(kept(readings, { ...PUMP, ...(phases && { phases }) })?.apparent).toBe(apparent)
  })
})

describe('what cannot be is left out', () => {
  test.each<[string, Readings, string[]]>([
    ['a current of 20 times the rating is a short circuit', { current: 1200 }, []],
    ['a current beyond', { current: 1201 }, ['current']],
    ['twice the nominal voltage', { voltage: 440 }, []],
    ['a voltage beyond', { voltage: 441 }, ['voltage']],
    ['a power far above V × A', { voltage: 230, current: 10, activePower: 13_000 }, ['activePower']],
    ['a negative one as well', { voltage: 230, current: 10, activePower: -13_000 }, ['activePower']],
    ['three phases that nobody configured', { voltage: 230, current: 10, activePower: 6900 }, []],
    [
      'a power beside a current that cannot be',
      { voltage: 230, current: 38_500, activePower: 8411 },
      ['current'],
    ],
    ['no current, no power', { voltage: 230, current: 0, activePower: 0, energy: 12 }, []],
    ['a coarse meter', { voltage: 230, current: 0, activePower: 180 }, []],
  ])('%s', (_, readings, doubts) => {
    expect(dropped(readings)).toEqual(doubts)
    for (const reading of doubts) expect(kept(readings) ?? {}).not.toHaveProperty(reading)
  })

  test('what the parser did not believe is told as well, with the value', () => {
    const { doubts, measured } = measure(PUMP, report({}, { doubted: { voltage: 2284 } }), EIGHT)
    expect(doubts).toEqual([{ reading: 'voltage', value: 2284 }])
    expect(measured).toBeUndefined()
  })

  test('the rest of the report is kept', () => {
    expect(kept({ voltage: 2000, current: 12.4, energy: 8 })).toEqual({ at: EIGHT, current: 12.4, energy: 8 })
  })
})

test('whatever is reported: no power factor above 1, and nothing that was not reported but the apparent power', () => {
  const number = fc.double({ min: 0, max: 20_000, noNaN: true })
  const readings = fc.record(
    { voltage: number, current: number, activePower: number, apparentPower: number, energy: number },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(readings, fc.constantFrom(1, 3), (told, phases) => {
      const measured = kept(told, { ...PUMP, phases: phases as 1 | 3 })
      if (!measured) return
      if (measured.apparent !== undefined)
        expect(Math.abs(measured.power ?? 0)).toBeLessThanOrEqual(measured.apparent)
      for (const key of ['voltage', 'current', 'energy'] as const)
        if (measured[key] !== undefined) expect(measured[key]).toBe(told[key])
    }),
  )
})
