import { randomInt } from 'node:crypto'
import type { SimClock } from '../kit/clock.ts'

export type UpdateJson = { update_id: number; [field: string]: unknown }

export interface NewUpdate {
  /** The field of the Update: `message`, `callback_query` … */
  type: string
  body: Record<string, unknown>
  /** Updates of one key go to a webhook one after the other. */
  key: string
  /** Ms until it is dropped. */
  lifetime: number
}

export interface QueuedUpdate {
  json: UpdateJson
  key: string
  expires: number
  /** Put in by a test, so its id may lie below the offset: it stays until it was handed out once. */
  forced: boolean
  handedOut: boolean
}

/** The updates of one bot that it has not confirmed. */
export interface UpdateQueue {
  /** Returns its id, or undefined if `allowed_updates` keeps it out. */
  add(update: NewUpdate): number | undefined
  /** Queues it as it stands; see `TelegramSim.deliver`. */
  force(update: { update_id?: number; [field: string]: unknown }): number
  /** In the order of delivery, without the expired ones. */
  entries(): QueuedUpdate[]
  take(limit: number): UpdateJson[]
  /** What `offset` of getUpdates does: confirms all below, or with a negative one keeps only the last ones. */
  confirm(offset: number): void
  remove(entry: QueuedUpdate): void
  redeliver(count: number): void
  restart(next: number | undefined): void
  /** `allowed_updates`; an empty list brings back the default. */
  allow(types: string[]): void
  allowed(): string[] | undefined
  /** Runs after each addition until the returned function is called. */
  onAdded(run: () => void): () => void
}

/** How long Telegram keeps them, ms (seen in the official server). */
export const LIFETIME = { press: 150_000, message: 86_400_000 }

const NOT_BY_DEFAULT = new Set(['chat_member', 'message_reaction', 'message_reaction_count'])
const WEEK = 7 * 86_400_000
/** An offset this far beyond the next id is taken for one of another numbering (seen in TDLib). */
const FUTURE = 10
const REMEMBERED = 1000

export function createUpdateQueue(clock: SimClock): UpdateQueue {
  let entries: QueuedUpdate[] = []
  let confirmed: QueuedUpdate[] = []
  let next = randomId()
  let lastAdded = clock.now()
  let allowed: Set<string> | undefined
  const listeners = new Set<() => void>()

  function push(json: UpdateJson, rest: Omit<QueuedUpdate, 'json' | 'handedOut'>): number {
    entries.push({ json, handedOut: false, ...rest })
    lastAdded = clock.now()
    for (const run of [...listeners]) run()
    return json.update_id
  }

  function live(): QueuedUpdate[] {
    entries = entries.filter((entry) => entry.expires > clock.now())
    return entries
  }

  function drop(isDone: (entry: QueuedUpdate) => boolean) {
    confirmed = [...confirmed, ...entries.filter(isDone)].slice(-REMEMBERED)
    entries = entries.filter((entry) => !isDone(entry))
  }

  return {
    add({ type, body, key, lifetime }) {
      if (!(allowed ? allowed.has(type) : !NOT_BY_DEFAULT.has(type))) return undefined
      if (clock.now() - lastAdded > WEEK) next = randomId()
      return push(
        { update_id: next++, [type]: body },
        { key, expires: clock.now() + lifetime, forced: false },
      )
    },
    force(update) {
      const id = update.update_id ?? next
      next = Math.max(next, id + 1)
      const expires = clock.now() + LIFETIME.message
      return push({ ...update, update_id: id }, { key: `forced:${id}`, expires, forced: true })
    },
    entries: live,
    take(limit) {
      const taken = live().slice(0, limit)
      for (const entry of taken) entry.handedOut = true
      return taken.map((entry) => entry.json)
    },
    confirm(offset) {
      const keepFrom = entries.length + offset
      if (offset < 0) drop((entry) => entries.indexOf(entry) < keepFrom)
      else if (offset <= next + FUTURE) {
        drop((entry) => entry.json.update_id < offset && (entry.handedOut || !entry.forced))
      }
    },
    remove: (entry) => drop((other) => other === entry),
    redeliver(count) {
      for (const { json, key } of confirmed.slice(-count)) {
        push(json, { key, expires: clock.now() + LIFETIME.message, forced: true })
      }
    },
    restart(id) {
      next = id ?? randomId()
    },
    allow(types) {
      allowed = types.length > 0 ? new Set(types) : undefined
    },
    allowed: () => allowed && [...allowed],
    onAdded(run) {
      listeners.add(run)
      return () => listeners.delete(run)
    },
  }
}

function randomId(): number {
  return randomInt(100_000_000, 900_000_000)
}
