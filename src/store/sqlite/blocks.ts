import type { DatabaseSync } from 'node:sqlite'
import type { Block } from '../blocks.ts'
import type { Stored } from '../found.ts'
import { TIERS, type Tier } from '../tiers.ts'
import { number, type Row, text } from './rows.ts'

/** Blocks of measured values, by tier, breaker and time. */
export interface BlockTable {
  get(tier: Tier, device: string, start: number): Stored | undefined
  /** Those with from ≤ start < to, oldest first, read as they are asked for. */
  range(tier: Tier, device: string, from: number, to: number): Iterable<Stored>
  /** The same of several breakers, for each of them. */
  rangeOfEach(tier: Tier, devices: readonly string[], from: number, to: number): Stored[][]
  /** Those that begin at or before a time, newest first. */
  before(tier: Tier, device: string, at: number): Iterable<Stored>
  put(tier: Tier, device: string, stored: Stored): void
  remove(tier: Tier, device: string, start: number): void
  /** Where the first one begins; undefined where there is none. */
  oldest(tier: Tier, device: string): number | undefined
  nextDevice(tier: Tier, after: string): string | undefined
}

export function createBlockTable(db: DatabaseSync): BlockTable {
  const of = 'FROM blocks WHERE tier = ? AND device = ?'
  const get = db.prepare(`SELECT start, data ${of} AND start = ?`)
  const range = db.prepare(`SELECT start, data ${of} AND start >= ? AND start < ? ORDER BY start`)
  const ofEach = db.prepare(
    `SELECT device, start, data FROM blocks WHERE tier = ? AND device IN (SELECT value FROM json_each(?))
     AND start >= ? AND start < ? ORDER BY device, start`,
  )
  const before = db.prepare(`SELECT start, data ${of} AND start <= ? ORDER BY start DESC`)
  const put = db.prepare(
    `INSERT INTO blocks (tier, device, start, data) VALUES (?, ?, ?, ?)
     ON CONFLICT (tier, device, start) DO UPDATE SET data = excluded.data`,
  )
  const remove = db.prepare(`DELETE ${of} AND start = ?`)
  const oldest = db.prepare(`SELECT start ${of} ORDER BY start LIMIT 1`)
  const nextDevice = db.prepare(
    'SELECT device FROM blocks WHERE tier = ? AND device > ? ORDER BY device LIMIT 1',
  )
  const numberOf = (tier: Tier) => TIERS.indexOf(tier)

  return {
    get(tier, device, start) {
      const row = get.get(numberOf(tier), device, start)
      return row && toStored(row)
    },
    range: (tier, device, from, to) => all(range.iterate(numberOf(tier), device, from, to)),
    rangeOfEach(tier, devices, from, to) {
      const found = ofEach.all(numberOf(tier), JSON.stringify(devices), from, to)
      const each = Map.groupBy(found, (row) => text(row, 'device'))
      return devices.map((device) => (each.get(device) ?? []).map(toStored))
    },
    before: (tier, device, at) => all(before.iterate(numberOf(tier), device, at)),
    put: (tier, device, { start, block }) => void put.run(numberOf(tier), device, start, block),
    remove: (tier, device, start) => void remove.run(numberOf(tier), device, start),
    oldest(tier, device) {
      const row = oldest.get(numberOf(tier), device)
      return row && number(row, 'start')
    },
    nextDevice(tier, after) {
      const row = nextDevice.get(numberOf(tier), after)
      return row && text(row, 'device')
    },
  }
}

function* all(rows: Iterable<Row>): Iterable<Stored> {
  for (const row of rows) yield toStored(row)
}

function toStored(row: Row): Stored {
  const block: unknown = row.data
  if (!(block instanceof Uint8Array)) throw new TypeError('Column data of the store holds no bytes.')
  return { start: number(row, 'start'), block: block as Block }
}
