/** So that spreadsheet programs take the file for UTF-8. */
export const BOM = '\ufeff'

/** One line of comma-separated values (RFC 4180). Texts are others' words: none is taken for a formula; numbers are. */
export function csvLine(fields: readonly (string | number)[]): string {
  return `${fields.map(field).join(',')}\r\n`
}

function field(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
