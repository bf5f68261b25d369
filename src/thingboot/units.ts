import type { Readings } from '../domain/report.ts'
import { numberOf } from './values.ts'

/** Units by the names that settings have for quantities, with what a value is multiplied by to give the first of each. */
export const UNITS = {
  voltage: { V: 1, mV: 0.001, kV: 1000 },
  current: { A: 1, mA: 0.001 },
  power: { W: 1, mW: 0.001, kW: 1000 },
  apparent: { VA: 1, mVA: 0.001, kVA: 1000 },
  powerFactor: { '%': 0.01, '‰': 0.001 },
  energy: { kWh: 1, Wh: 0.001, MWh: 1000 },
} as const satisfies Record<string, Record<string, number>>

export type Quantity = keyof typeof UNITS

export const READING_OF = {
  voltage: 'voltage',
  current: 'current',
  power: 'activePower',
  apparent: 'apparentPower',
  powerFactor: 'powerFactor',
  energy: 'energy',
} as const satisfies Record<Quantity, keyof Readings>

/** A quantity's factor from a unit (`mA`), a part or multiple of one (`0.1V`), or a plain factor; undefined for all else. */
export function factorOf(quantity: Quantity, text: string | number): number | undefined {
  const [, amount = '', unit = ''] = /^\s*([\d.]*)\s*(\S*?)\s*$/.exec(String(text)) ?? []
  const table: Readonly<Record<string, number>> = UNITS[quantity]
  const number = amount === '' ? (unit === '' ? undefined : 1) : numberOf(amount)
  const factor = unit === '' ? 1 : Object.hasOwn(table, unit) ? table[unit] : undefined
  if (number === undefined || factor === undefined) return undefined
  const product = exact(number * factor)
  return product > 0 ? product : undefined
}

/** A factor as it is written in settings: `mA`, `0.1V`. */
export function unitWord(quantity: Quantity, factor: number): string {
  const table = Object.entries(UNITS[quantity])
  const [name] = table.find(([, one]) => exact(factor) === one) ?? []
  return name ?? `${exact(factor)}${table.find(([, one]) => one === 1)?.[0] ?? ''}`
}

/** Without the tails of binary fractions. */
const exact = (number: number): number => Number(number.toPrecision(12))
