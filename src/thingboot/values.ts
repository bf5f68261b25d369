import type { Position, Readings } from '../domain/report.ts'
import { hasCircuit, type ProductProfile } from './profile.ts'

/** A JSON object whose fields are still unread. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value that a JSON text holds (twice wrapped at most); anything else as it is. */
export function decoded(value: unknown): unknown {
  const once = parsedText(value)
  return once === value ? value : parsedText(once)
}

function parsedText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{["]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** A value that is an object, or JSON text of one. */
export function fieldsOf(value: unknown): Fields | undefined {
  const fields = decoded(value)
  return isFields(fields) ? fields : undefined
}

/** Text of at most `limit` characters from a string, finite number or boolean; undefined for all else. */
export function textOf(value: unknown, limit: number): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'boolean' && !Number.isFinite(value)) return undefined
  const text = String(value).trim().toWellFormed()
  return text.length <= limit ? text : [...text].slice(0, limit).join('')
}

/** A finite number, also written as decimal text; undefined for all else. */
export function numberOf(value: unknown): number | undefined {
  const isDecimal = typeof value === 'string' && /^\s*[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*$/i.test(value)
  const number = typeof value === 'number' || isDecimal ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

/** A Thingboot device id as text; undefined for what cannot be the id of one device. */
export function deviceIdOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined
  const text = typeof value === 'string' ? value.trim() : ''
  return DEVICE_ID.test(text) ? text : undefined
}

/** One device's id. Several, joined with `,` or a bar, are documented; here they never pass for one. */
export const DEVICE_ID = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Positions of the product's circuits; the first place that tells one wins. 1 is closed and 0 open (documented), as
 * number, text or boolean (seen in the SDK). `power` is the contacts, never watts: other values are passed over.
 */
export function positionsIn(places: readonly Fields[], profile: ProductProfile): Record<string, Position> {
  const positions: Record<string, Position> = {}
  for (const place of places) {
    for (const key of Object.keys(place)) {
      if (key in positions || !hasCircuit(profile, key)) continue
      const position = positionOf(place[key])
      if (position) positions[key] = position
    }
  }
  return positions
}

function positionOf(value: unknown): Position | undefined {
  const flag = flagOf(value)
  return flag === undefined ? undefined : flag ? 'closed' : 'open'
}

/** 1, "1", true and "true", or their opposites. */
export function flagOf(value: unknown): boolean | undefined {
  const text = textOf(value, 8)
  if (text === '1' || text === 'true') return true
  return text === '0' || text === 'false' ? false : undefined
}

/** The documented names of measured values, and between what a value in V, A, W, VA, 0–1 or kWh is believed (our choice). */
const READINGS: readonly { field: string; reading: keyof Readings; low: number; high: number }[] = [
  { field: 'voltage', reading: 'voltage', low: 0, high: 1_000 },
  { field: 'current', reading: 'current', low: 0, high: 10_000 },
  { field: 'active_power', reading: 'activePower', low: -1_000_000, high: 1_000_000 },
  { field: 'apparent_power', reading: 'apparentPower', low: 0, high: 1_000_000 },
  { field: 'power_factor', reading: 'powerFactor', low: 0, high: 1 },
  { field: 'energy', reading: 'energy', low: 0, high: 100_000_000 },
]

export interface Values {
  readings: Readings
  /** What was told and cannot be, of quantities of which no place tells a believable value. */
  doubted: Readings
}

/** Measured values; the first place that tells a believable one wins. */
export function valuesIn(places: readonly Fields[], profile: ProductProfile): Values {
  const values: Values = { readings: {}, doubted: {} }
  for (const { field, reading, low, high } of READINGS) {
    const told = places
      .map((place) => numberOf(place[field]))
      .filter((number) => number !== undefined)
      .map((number) => scaled(number, profile.units[reading]))
    const believed = told.find((number) => number >= low && number <= high)
    if (believed !== undefined) values.readings[reading] = believed
    else if (told[0] !== undefined) values.doubted[reading] = told[0]
  }
  return values
}

/** Times the factor, without the tails of binary fractions (2284 × 0.1 is 228.4) and without −0. */
function scaled(number: number, factor: number): number {
  return (factor === 1 ? number : Number((number * factor).toPrecision(12))) + 0
}
