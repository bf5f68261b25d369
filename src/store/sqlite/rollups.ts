import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { merge, type Reading, type Rollup, type Spread, VALUES } from '../rollup.ts'
import { number, type Row, text } from './rows.ts'

/** Roll-ups of one length, by breaker and time. */
export interface RollupTable {
  /** Adds a roll-up to what is known of its span. */
  add(rollup: Rollup): void
  /** Those with from ≤ start < to, oldest first. */
  range(device: string, from: number, to: number, limit: number): Rollup[]
  /** The last ones that begin at or before a time, newest first. */
  last(device: string, at: number, limit: number): Rollup[]
  /** Takes the oldest ones that begin before a time out of the table. */
  take(device: string, before: number, limit: number): Rollup[]
  nextDevice(after: string): string | undefined
}

const COLUMNS = VALUES.flatMap((name) => ['min', 'max', 'sum', 'count'].map((part) => `${name}_${part}`))

export function createRollupTable(db: DatabaseSync, table: 'minutes' | 'hours'): RollupTable {
  const known = db.prepare(`SELECT * FROM ${table} WHERE device = ? AND start = ?`)
  const put = db.prepare(
    `INSERT OR REPLACE INTO ${table} (device, start, count, first_after, first_energy, last_after, last_energy, ${COLUMNS.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ${COLUMNS.map(() => '?').join(', ')})`,
  )
  const range = db.prepare(
    `SELECT * FROM ${table} WHERE device = ? AND start >= ? AND start < ? ORDER BY start LIMIT ?`,
  )
  const last = db.prepare(
    `SELECT * FROM ${table} WHERE device = ? AND start <= ? ORDER BY start DESC LIMIT ?`,
  )
  const remove = db.prepare(`DELETE FROM ${table} WHERE device = ? AND start <= ?`)
  const nextDevice = db.prepare(`SELECT device FROM ${table} WHERE device > ? ORDER BY device LIMIT 1`)

  return {
    add(rollup) {
      const row = known.get(rollup.device, rollup.start)
      put.run(...toColumns(row ? merge(toRollup(row), rollup) : rollup))
    },
    range: (device, from, to, limit) => range.all(device, from, to, limit).map(toRollup),
    last: (device, at, limit) => last.all(device, at, limit).map(toRollup),
    take(device, before, limit) {
      const taken = range.all(device, Number.NEGATIVE_INFINITY, before, limit).map(toRollup)
      const end = taken.at(-1)
      if (end) remove.run(device, end.start)
      return taken
    },
    nextDevice(after) {
      const row = nextDevice.get(after)
      return row && text(row, 'device')
    },
  }
}

function toColumns({ device, start, count, first, last, ...values }: Rollup): (string | number | null)[] {
  const readings = [first, last.at === first.at ? undefined : last].flatMap((reading) =>
    reading ? [reading.at - start, reading.energy ?? null] : [null, null],
  )
  const spreads = VALUES.flatMap((name) => {
    const spread = values[name]
    if (!spread) return [null, null, null, null]
    const { min, max, sum, count } = spread
    return count === 1 ? [null, null, sum, 1] : [min, max, sum, count]
  })
  return [device, start, count, ...readings, ...spreads]
}

function toRollup(row: Row): Rollup {
  const start = number(row, 'start')
  const first = toReading(start + number(row, 'first_after'), row.first_energy)
  const rollup: Rollup = {
    device: text(row, 'device'),
    start,
    count: number(row, 'count'),
    first,
    last: row.last_after === null ? first : toReading(start + number(row, 'last_after'), row.last_energy),
  }
  for (const name of VALUES) if (row[`${name}_count`] !== null) rollup[name] = toSpread(row, name)
  return rollup
}

function toReading(at: number, energy: SQLOutputValue | undefined): Reading {
  return typeof energy === 'number' ? { at, energy } : { at }
}

function toSpread(row: Row, name: string): Spread {
  const [sum, count] = [number(row, `${name}_sum`), number(row, `${name}_count`)]
  if (count === 1) return { min: sum, max: sum, sum, count }
  return { min: number(row, `${name}_min`), max: number(row, `${name}_max`), sum, count }
}
