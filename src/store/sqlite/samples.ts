import type { DatabaseSync } from 'node:sqlite'
import type { Sample } from '../store.ts'
import { number, type Row, text } from './rows.ts'

/** Measured values by breaker and time, as they came. */
export interface SampleTable {
  /** Adds a sample; what is known of the same breaker at the same time stays where the new one says nothing. */
  add(sample: Sample): void
  /** The last one at or before a time. */
  last(device: string, at: number): Sample | undefined
  /** Those with from ≤ at < to, oldest first. */
  range(device: string, from: number, to: number, limit: number): Sample[]
  /** Takes the oldest ones before a time out of the table. */
  take(device: string, before: number, limit: number): Sample[]
  nextDevice(after: string): string | undefined
}

const COLUMNS = ['voltage', 'current', 'power', 'energy'] as const

export function createSampleTable(db: DatabaseSync): SampleTable {
  const add = db.prepare(
    `INSERT INTO samples (device, at, ${COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (device, at) DO UPDATE SET ${COLUMNS.map((name) => `${name} = coalesce(excluded.${name}, ${name})`).join(', ')}`,
  )
  const last = db.prepare('SELECT * FROM samples WHERE device = ? AND at <= ? ORDER BY at DESC LIMIT 1')
  const range = db.prepare(
    'SELECT * FROM samples WHERE device = ? AND at >= ? AND at < ? ORDER BY at LIMIT ?',
  )
  const remove = db.prepare('DELETE FROM samples WHERE device = ? AND at <= ?')
  const nextDevice = db.prepare('SELECT device FROM samples WHERE device > ? ORDER BY device LIMIT 1')

  return {
    add: (sample) => void add.run(sample.device, sample.at, ...COLUMNS.map((name) => sample[name] ?? null)),
    last(device, at) {
      const row = last.get(device, at)
      return row && toSample(row)
    },
    range: (device, from, to, limit) => range.all(device, from, to, limit).map(toSample),
    take(device, before, limit) {
      const taken = range.all(device, Number.NEGATIVE_INFINITY, before, limit).map(toSample)
      const end = taken.at(-1)
      if (end) remove.run(device, end.at)
      return taken
    },
    nextDevice(after) {
      const row = nextDevice.get(after)
      return row && text(row, 'device')
    },
  }
}

function toSample(row: Row): Sample {
  const sample: Sample = { device: text(row, 'device'), at: number(row, 'at') }
  for (const name of COLUMNS) if (row[name] !== null) sample[name] = number(row, name)
  return sample
}
