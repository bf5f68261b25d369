import type { SQLOutputValue } from 'node:sqlite'

/** A row as `node:sqlite` gives it. */
export type Row = Record<string, SQLOutputValue>

/** A text column. @throws TypeError when the file holds something else there */
export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw wrongType(column, value)
  return value
}

/** A numeric column. @throws TypeError when the file holds something else there */
export function number(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw wrongType(column, value)
  return value
}

function wrongType(column: string, value: unknown): TypeError {
  return new TypeError(
    `Column ${column} of the store holds ${value === null ? 'nothing' : `a ${typeof value}`}.`,
  )
}
