import type { SQLOutputValue } from 'node:sqlite'

/** A row as `node:sqlite` gives it: by name, or, where it is an array, by number. */
export type Row = Record<string, SQLOutputValue>

/** A text column. @throws TypeError when the file holds something else there */
export function text(row: Row, column: string | number): string {
  const value = row[column]
  if (typeof value !== 'string') throw wrongType(column, value)
  return value
}

/** A numeric column. @throws TypeError when the file holds something else there */
export function number(row: Row, column: string | number): number {
  const value = row[column]
  if (typeof value !== 'number') throw wrongType(column, value)
  return value
}

function wrongType(column: string | number, value: unknown): TypeError {
  return new TypeError(
    `Column ${column} of the store holds ${value === null ? 'nothing' : `a ${typeof value}`}.`,
  )
}
