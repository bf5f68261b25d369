import type { BreakerState } from '../src/domain/breaker.ts'
import type { Incident } from '../src/domain/incident.ts'
import type { Storm } from '../src/domain/storm.ts'
import type { CardRecord } from '../src/engine/cards.ts'
import type { AuditRow, ChainLink, Store } from '../src/store/store.ts'

/** What the service has written down, read when it is over. */
export interface Kept {
  breakers: Map<string, BreakerState>
  incidents: Incident[]
  storms: Storm[]
  audit: AuditRow[]
  /** Where the chain of the audit begins. */
  auditStart: ChainLink
  /** How many messages it knows to have sent for a card, by chat and incident or operation: see {@link cardKey}. */
  sent: Map<string, number>
  /** Which version of a card it believes a chat to have been shown, by the same. */
  shown: Map<string, number>
  /** Jobs that were given up, and why. */
  dead: { id: string; why: string }[]
  /** Jobs that wait, by queue. */
  waiting: Map<string, number>
}

export const cardKey = (platform: string, chat: string, id: string): string =>
  `card/${platform}:${chat}:${id}`

/** More than any run makes. */
export const ALL = 1_000_000

/** What can be read from outside, also while the service runs. */
export type KeptCards = Pick<Kept, 'breakers' | 'incidents' | 'storms' | 'sent' | 'shown'>

export async function readCards(store: Pick<Store, 'list'>): Promise<KeptCards> {
  const breakers = await store.list<BreakerState>({ kind: 'breaker', limit: ALL })
  const incidents = await store.list<Incident>({ kind: 'incident', limit: ALL })
  const storms = await store.list<Storm>({ kind: 'storm', limit: ALL })
  const cards = await store.list<CardRecord>({ kind: 'card', limit: ALL })
  return {
    breakers: new Map(breakers.map(({ value }) => [value.id, value])),
    incidents: incidents.map((one) => one.value),
    storms: storms.map((one) => one.value),
    sent: new Map(cards.map(({ key, value }) => [key, value.sent])),
    shown: new Map(cards.map(({ key, value }) => [key, value.shown])),
  }
}

export async function readState(store: Store): Promise<Kept> {
  const cards = await readCards(store)
  const dead = await store.deadJobs(ALL)
  return {
    ...cards,
    audit: await store.audit({ limit: ALL }),
    auditStart: await store.auditStart(),
    dead: dead.map(({ job, why }) => ({ id: job.id, why })),
    waiting: new Map(Object.entries(await store.counts()).map(([queue, { waiting }]) => [queue, waiting])),
  }
}
