import { BOM, csvLine } from './csv.ts'
import { type Message, message } from './message.ts'
import type { BreakerUse, ReportFacts } from './report-facts.ts'

/**
 * The report's breakers as comma-separated values, one a line.
 * @param t puts a heading into the reader's language
 */
export function reportCsv({ breakers, days }: ReportFacts, t: (text: Message) => string): string {
  const headings = HEADINGS.map((key) => t(message(key)))
  return BOM + [headings, ...breakers.map((one) => rowOf(one, days, t))].map(csvLine).join('')
}

const HEADINGS = [
  'energy.csv-from',
  'energy.csv-to',
  'energy.csv-breaker',
  'energy.csv-id',
  'energy.csv-site',
  'energy.csv-kwh',
  'report.usual',
  'energy.csv-by',
  'report.part-estimated',
  'energy.csv-missing',
  'energy.csv-cost',
  'energy.csv-currency',
] as const

function rowOf(
  { name, id, site, kwh, usual, cost, by, isEstimated, missing }: BreakerUse,
  { first, last }: ReportFacts['days'],
  t: (text: Message) => string,
): (string | number)[] {
  return [
    ...[first, last, name, id, site],
    kwh ?? '',
    usual === undefined ? '' : rounded(usual, 3),
    by === undefined ? '' : t(message(`energy.csv-${by}`)),
    isEstimated ? t(message('report.csv-yes')) : '',
    Math.round(missing / 60_000),
    cost ? rounded(cost.amount, 4) : '',
    cost?.currency ?? '',
  ]
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))
