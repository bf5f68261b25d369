import type { DatabaseSync } from 'node:sqlite'
import { VALUES } from '../blocks.ts'
import type { Sample } from '../store.ts'
import { number, type Row, text } from './rows.ts'

const COLUMNS = ['device', 'at', ...VALUES]

/** Samples that are in no block yet, by breaker and time. */
export interface SampleTable {
  /** Adds a sample; what is known of the same breaker at the same time stays where the new one says nothing. */
  add(sample: Sample): void
  /** The last one at or before a time. */
  last(device: string, at: number): Sample | undefined
  /** Those with from ≤ at < to, oldest first. */
  range(device: string, from: number, to: number, limit: number): Sample[]
  /** All of several breakers, for each of them. */
  rangeOfEach(devices: readonly string[], from: number, to: number): Sample[][]
  /** When the first one is; undefined where there is none. */
  oldest(device: string): number | undefined
  /** Takes those with from ≤ at < to out of the table. */
  take(device: string, from: number, to: number): Sample[]
  nextDevice(after: string): string | undefined
}

export function createSampleTable(db: DatabaseSync): SampleTable {
  const add = db.prepare(
    `INSERT INTO samples (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
     ON CONFLICT (device, at) DO UPDATE SET ${VALUES.map((name) => `${name} = coalesce(excluded.${name}, ${name})`).join(', ')}`,
  )
  const select = `SELECT ${COLUMNS.join(', ')} FROM samples`
  const within = 'at >= ? AND at < ? ORDER BY device, at'
  const last = db.prepare(`${select} WHERE device = ? AND at <= ? ORDER BY at DESC LIMIT 1`)
  const range = db.prepare(`${select} WHERE device = ? AND ${within} LIMIT ?`)
  const ofEach = db.prepare(`${select} WHERE device IN (SELECT value FROM json_each(?)) AND ${within}`)
  for (const one of [last, range, ofEach]) one.setReturnArrays(true)
  const oldest = db.prepare('SELECT at FROM samples WHERE device = ? ORDER BY at LIMIT 1')
  const remove = db.prepare('DELETE FROM samples WHERE device = ? AND at >= ? AND at < ?')
  const nextDevice = db.prepare('SELECT device FROM samples WHERE device > ? ORDER BY device LIMIT 1')

  return {
    add: (sample) => void add.run(sample.device, sample.at, ...VALUES.map((name) => sample[name] ?? null)),
    last(device, at) {
      const row = last.get(device, at)
      return row && toSample(row)
    },
    range: (device, from, to, limit) => range.all(device, from, to, limit).map(toSample),
    rangeOfEach(devices, from, to) {
      const found = ofEach.all(JSON.stringify(devices), from, to).map(toSample)
      const each = Map.groupBy(found, ({ device }) => device)
      return devices.map((device) => each.get(device) ?? [])
    },
    oldest(device) {
      const row = oldest.get(device)
      return row && number(row, 'at')
    },
    take(device, from, to) {
      const taken = range.all(device, from, to, -1).map(toSample)
      remove.run(device, from, to)
      return taken
    },
    nextDevice(after) {
      const row = nextDevice.get(after)
      return row && text(row, 'device')
    },
  }
}

/** @param row an array, which is made faster: there are many */
function toSample(row: Row): Sample {
  const sample: Sample = { device: text(row, 0), at: number(row, 1) }
  for (let n = 0; n < VALUES.length; n++) if (row[n + 2] !== null) sample[VALUES[n]!] = number(row, n + 2)
  return sample
}
