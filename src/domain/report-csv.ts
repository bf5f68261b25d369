import { type Message, message } from './message.ts'
import type { ReportFacts } from './report-facts.ts'

/** So that spreadsheet programs take the file for UTF-8. */
const BOM = '\ufeff'

/**
 * The report's breakers as comma-separated values, one a line (RFC 4180).
 * @param t puts a heading into the reader's language
 */
export function reportCsv({ breakers, days }: ReportFacts, t: (text: Message) => string): string {
  const rows = breakers.map((one) => [
    one.name,
    one.id,
    one.site,
    days.first,
    days.last,
    one.kwh?.toFixed(3) ?? '',
    one.usual?.toFixed(3) ?? '',
    one.cost?.amount.toFixed(2) ?? '',
    one.cost?.currency ?? '',
    one.kwh === undefined ? '' : t(message(one.isByPower ? 'report.csv-power' : 'report.csv-counter')),
    one.isEstimated ? t(message('report.csv-yes')) : '',
    String(Math.round(one.missing / 60_000)),
  ])
  const lines = [HEADINGS.map((key) => t(message(key))), ...rows].map((row) => row.map(field).join(','))
  return `${BOM}${lines.join('\r\n')}\r\n`
}

const HEADINGS = [
  'report.csv-breaker',
  'report.csv-id',
  'report.csv-site',
  'report.csv-first',
  'report.csv-last',
  'report.csv-kwh',
  'report.csv-usual',
  'report.csv-cost',
  'report.csv-currency',
  'report.csv-by',
  'report.csv-estimated',
  'report.csv-missing',
] as const

/** What a spreadsheet would take for a formula is made text: names come from users. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
