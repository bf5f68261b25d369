import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Spread, Summary } from '../../domain/summary.ts'
import { type Rollup, toSummary } from '../carried.ts'
import type { Report } from '../found.ts'
import { HOUR, joined, MINUTE, startOf } from '../hour.ts'
import { createBlockTable } from './blocks.ts'
import type { Chore } from './chore.ts'
import { number, type Row, text } from './rows.ts'
import { createHourShelf, throughDevices } from './sealing.ts'

/**
 * Brings what older versions have left in the tables `minutes` and `hours` into blocks, an hour of a breaker at a time;
 * until then it is not found. To be done before samples are sealed: of an hour, the older part may lie here.
 */
export function carryingOver(db: DatabaseSync, report: Report): Chore[] {
  const shelf = createHourShelf(createBlockTable(db), report)

  return (['minutes', 'hours'] as const).map((table) => {
    const next = db.prepare(`SELECT device FROM ${table} WHERE device > ? ORDER BY device LIMIT 1`)
    const first = db.prepare(`SELECT start FROM ${table} WHERE device = ? ORDER BY start LIMIT 1`)
    const within = db.prepare(
      `SELECT * FROM ${table} WHERE device = ? AND start >= ? AND start < ? ORDER BY start`,
    )
    const remove = db.prepare(`DELETE FROM ${table} WHERE device = ? AND start >= ? AND start < ?`)
    const nextDevice = (after: string) => {
      const row = next.get(after)
      return row && text(row, 'device')
    }

    return throughDevices(nextDevice, (device) => {
      const row = first.get(device)
      if (!row) return false
      const start = startOf(number(row, 'start'), HOUR)
      const rows = within.all(device, start, start + HOUR)
      const summaries = rows.map((one) => toSummary(toRollup(one), table === 'hours' ? HOUR : MINUTE))
      const { whole } = shelf.load(device, start)
      const all = [...(whole ? [whole] : []), ...summaries].sort((a, b) => a.firstAt - b.firstAt)
      const minutes: { minutes?: Summary[] } = table === 'minutes' ? { minutes: summaries } : {}
      shelf.save({ device, start, ...minutes, whole: joined(all, HOUR, start) })
      remove.run(device, start, start + HOUR)
      return true
    })
  })
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
  for (const name of ['voltage', 'current', 'power'] as const)
    if (row[`${name}_count`] !== null) rollup[name] = toSpread(row, name)
  return rollup
}

function toReading(at: number, energy: SQLOutputValue | undefined): { at: number; energy?: number } {
  return typeof energy === 'number' ? { at, energy } : { at }
}

function toSpread(row: Row, name: string): Spread {
  const [sum, count] = [number(row, `${name}_sum`), number(row, `${name}_count`)]
  if (count === 1) return { min: sum, max: sum, sum, count }
  return { min: number(row, `${name}_min`), max: number(row, `${name}_max`), sum, count }
}
