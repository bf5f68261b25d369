import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import type { Readings, Report } from '../../src/domain/report.ts'
import { doubtOf, type UnitDoubt, type UnitWatch, watchUnits } from '../../src/domain/unit-doubts.ts'
import { EIGHT, PUMP } from './support/site.ts'

const MINUTE = 60_000

/** How one series of reports is judged; a reading of over so many counts as one that the parser does not believe. */
function judged(
  series: readonly Readings[],
  config: BreakerConfig = PUMP,
  every = MINUTE,
): UnitDoubt | undefined {
  let watch: UnitWatch = {}
  series.forEach((told, index) => {
    const { voltage = 0, ...rest } = told
    const report: Report = {
      ...{ id: `r${index}`, device: config.id, kind: 'state', positions: {} },
      at: EIGHT + index * every,
      readings: voltage > 1000 ? rest : told,
      ...(voltage > 1000 && { doubted: { voltage } }),
    }
    watch = watchUnits(watch, config, report)
  })
  return doubtOf(watch)
}

/** A motor that draws a little more or less each minute, with its counter. */
function motor(
  count: number,
  phases = 1,
): Required<Pick<Readings, 'voltage' | 'current' | 'activePower' | 'energy'>>[] {
  let energy = 1532.81
  return Array.from({ length: count }, (_, index) => {
    const current = 36 + Math.sin(index)
    const activePower = Math.round(230 * current * 0.85 * phases)
    energy += activePower / 1000 / 60
    return { voltage: 229 + (index % 4), current, activePower, energy: Number(energy.toFixed(3)) }
  })
}

describe('what comes in another unit is found', () => {
  test.each<[string, (one: ReturnType<typeof motor>[number]) => Readings, UnitDoubt]>([
    [
      'power in kW',
      (one) => ({ ...one, activePower: one.activePower / 1000 }),
      { reading: 'activePower', factor: 0.001 },
    ],
    [
      'power in mW',
      (one) => ({ ...one, activePower: one.activePower * 1000 }),
      { reading: 'activePower', factor: 1000 },
    ],
    [
      'current in mA',
      (one) => ({ ...one, current: one.current * 1000 }),
      { reading: 'current', factor: 1000 },
    ],
    [
      'voltage in 0.1 V',
      (one) => ({ ...one, voltage: one.voltage * 10 }),
      { reading: 'voltage', factor: 10 },
    ],
    [
      'voltage in mV',
      (one) => ({ ...one, voltage: one.voltage * 1000 }),
      { reading: 'voltage', factor: 1000 },
    ],
    [
      'the counter in Wh',
      (one) => ({ ...one, energy: one.energy * 1000 }),
      { reading: 'energy', factor: 1000 },
    ],
    [
      'the counter in MWh',
      (one) => ({ ...one, energy: one.energy / 1000 }),
      { reading: 'energy', factor: 0.001 },
    ],
  ])('%s', (_, spell, doubt) => {
    expect(judged(motor(200).map(spell))).toEqual(doubt)
  })

  test('of three phases as well', () => {
    const series = motor(40, 3).map((one) => ({ ...one, activePower: one.activePower / 1000 }))
    expect(judged(series, { ...PUMP, phases: 3 })).toEqual({ reading: 'activePower', factor: 0.001 })
  })
})

describe('it takes', () => {
  const kilowatts = (one: Readings) => ({ ...one, activePower: one.activePower! / 1000 })
  test('30 reports that agree', () => {
    expect(judged(motor(29).map(kilowatts))).toBeUndefined()
    expect(judged(motor(30).map(kilowatts))).toBeDefined()
  })
  test('in a row', () => {
    const series = motor(100).map((one, index) => (index % 20 === 19 ? one : kilowatts(one)))
    expect(judged(series)).toBeUndefined()
  })
  test('within 20 %', () => {
    const series = motor(100).map((one, index) => ({
      ...one,
      activePower: one.activePower! / (index % 2 ? 1000 : 2000),
    }))
    expect(judged(series)).toBeUndefined()
  })
  test('two hours of a counter: another meter is no other unit', () => {
    const replaced = motor(200).map((one, index) =>
      index < 90 ? one : { ...one, energy: one.energy + 7200 },
    )
    expect(judged(replaced)).toBeUndefined()
  })
})

test('ordinary readings never raise a doubt', () => {
  const machine = fc.record({
    amps: fc.double({ min: 0.05, max: 70, noNaN: true }),
    powerFactor: fc.double({ min: 0.02, max: 1, noNaN: true }),
    phases: fc.constantFrom(1, Math.sqrt(3), 3),
    nominal: fc.constantFrom(220, 230, 380),
    digits: fc.constantFrom(0, 1, 3),
    every: fc.constantFrom(5000, 30_000, 120_000, 600_000),
    duty: fc.double({ min: 0.1, max: 1, noNaN: true }),
    isTold: fc.boolean(),
    start: fc.double({ min: 0, max: 1e6, noNaN: true }),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  fc.assert(
    fc.property(machine, (one) => {
      const round = (value: number) => Number(value.toFixed(one.digits))
      let [energy, random] = [one.start, one.seed]
      const next = () => {
        random = (random * 16_807) % 2_147_483_647
        return random / 2_147_483_647
      }
      const series = Array.from({ length: 400 }, (): Readings => {
        if (next() < 0.005) energy = 0
        const voltage = one.nominal * (0.9 + 0.2 * next())
        const current = next() < one.duty ? one.amps * (0.5 + next()) : 0
        const activePower = voltage * current * one.phases * one.powerFactor
        energy += (activePower / 1000) * (one.every / 3_600_000)
        return {
          voltage: round(voltage),
          current: round(current),
          activePower: round(activePower),
          ...(one.isTold && { powerFactor: one.powerFactor }),
          energy: round(energy),
        }
      })
      expect(
        judged(series, { ...PUMP, nominalVoltage: one.nominal === 380 ? 380 : 220 }, one.every),
      ).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})
