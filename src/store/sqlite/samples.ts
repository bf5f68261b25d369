import type { DatabaseSync } from 'node:sqlite'
import type { Sample } from '../store.ts'
import { number, type Row, text } from './rows.ts'

/** Measured values by breaker and time. */
export interface SampleTable {
  /** Adds a sample; what is known of the same breaker at the same time stays where the new one says nothing. */
  add(sample: Sample): void
  at(device: string, at: number): Sample | undefined
  range(device: string, from: number, to: number, limit?: number): Sample[]
}

const VALUES = ['voltage', 'current', 'power', 'energy'] as const

export function createSampleTable(db: DatabaseSync): SampleTable {
  const add = db.prepare(
    `INSERT INTO samples (device, at, ${VALUES.join(', ')}) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (device, at) DO UPDATE SET ${VALUES.map((name) => `${name} = coalesce(excluded.${name}, ${name})`).join(', ')}`,
  )
  const last = db.prepare('SELECT * FROM samples WHERE device = ? AND at <= ? ORDER BY at DESC LIMIT 1')
  const range = db.prepare(
    'SELECT * FROM samples WHERE device = ? AND at >= ? AND at < ? ORDER BY at LIMIT ?',
  )

  return {
    add: (sample) => void add.run(sample.device, sample.at, ...VALUES.map((name) => sample[name] ?? null)),
    at(device, at) {
      const row = last.get(device, at)
      return row && toSample(row)
    },
    // To SQLite, a negative limit is none.
    range: (device, from, to, limit = -1) => range.all(device, from, to, limit).map(toSample),
  }
}

function toSample(row: Row): Sample {
  const sample: Sample = { device: text(row, 'device'), at: number(row, 'at') }
  for (const name of VALUES) if (row[name] !== null) sample[name] = number(row, name)
  return sample
}
