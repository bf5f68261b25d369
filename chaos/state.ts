import { DatabaseSync } from 'node:sqlite'
import type { BreakerState } from '../src/domain/breaker.ts'
import type { Incident } from '../src/domain/incident.ts'
import { openSqliteReader } from '../src/store/sqlite/reader.ts'
import type { AuditRow } from '../src/store/store.ts'

/** What the service has written down, read when it is over. */
export interface Kept {
  breakers: Map<string, BreakerState>
  incidents: Incident[]
  audit: AuditRow[]
  /** How many messages it knows to have sent for a card, by chat and incident or operation: see {@link cardKey}. */
  sent: Map<string, number>
  /** Jobs that were given up, and why. */
  dead: { id: string; why: string }[]
}

export const cardKey = (platform: string, chat: string, id: string): string =>
  `card/${platform}:${chat}:${id}`

const ALL = 1_000_000

export function readState(file: string): Kept {
  const reader = openSqliteReader(file)
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const breakers = reader.list<BreakerState>({ kind: 'breaker', limit: ALL })
    const cards = db.prepare("SELECT key, value FROM documents WHERE kind = 'card'").all()
    const dead = db.prepare("SELECT id, why FROM jobs WHERE outcome = 'dead'").all()
    return {
      breakers: new Map(breakers.map(({ value }) => [value.id, value])),
      incidents: reader.list<Incident>({ kind: 'incident', limit: ALL }).map((one) => one.value),
      audit: reader.audit({ limit: ALL }),
      sent: new Map(cards.map(({ key, value }) => [String(key), sentIn(String(value))])),
      dead: dead.map(({ id, why }) => ({ id: String(id), why: String(why) })),
    }
  } finally {
    db.close()
    reader.close()
  }
}

function sentIn(record: string): number {
  return (JSON.parse(record) as { sent: number }).sent
}
