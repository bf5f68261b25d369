import { type Message, message } from './message.ts'
import type { Readings } from './report.ts'

/** Numbers as people read them off a meter; units are the same in all languages. */
export const amps = (value: number): string => `${value.toFixed(1)} A`
export const volts = (value: number): string => `${value.toFixed(1)} V`
export const power = (watts: number): string =>
  Math.abs(watts) >= 1000 ? `${(watts / 1000).toFixed(2)} kW` : `${Math.round(watts)} W`
export const kilowattHours = (value: number): string => `${value.toFixed(2)} kWh`

/** `¥6.91`; `6.91 SEK` where there is no sign for the currency (ISO 4217). */
export function money({ amount, currency }: { amount: number; currency: string }): string {
  const sign = SIGNS[currency]
  return sign === undefined ? `${amount.toFixed(2)} ${currency}` : `${sign}${amount.toFixed(2)}`
}

const SIGNS: Record<string, string> = { CNY: '¥', EUR: '€', USD: '$', GBP: '£' }

/** Rows for what was measured; quantities that were not are left out. */
export function readingRows(readings: Readings, ratedCurrent?: number): { label: Message; value: string }[] {
  const rows: { label: Message; value: string }[] = []
  if (readings.current !== undefined) {
    const rated = ratedCurrent === undefined ? '' : ` / ${ratedCurrent} A`
    rows.push({ label: message('row.current'), value: amps(readings.current) + rated })
  }
  if (readings.voltage !== undefined)
    rows.push({ label: message('row.voltage'), value: volts(readings.voltage) })
  if (readings.activePower !== undefined)
    rows.push({ label: message('row.power'), value: power(readings.activePower) })
  return rows
}
