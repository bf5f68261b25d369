import type { AuditEntry, Commit, NewJob, Sample, Store, Write } from '../../../src/store/store.ts'

const DAY = 24 * 3_600_000
const BREAKERS = 1000
const TRIPS_A_YEAR = 4
/** How many of the breakers send readings, and how far apart: scaled down, since each is like the next. */
const MEASURED = 1
const READING_EVERY = 8 * 3_600_000

/**
 * What the service writes while some days pass at a thousand breakers, in the shapes and amounts that it writes them.
 * @param from a whole number of days since 1970, ms
 */
export async function live(store: Store, from: number, days: number): Promise<void> {
  const tripsBefore = (at: number) => Math.floor(((at / DAY) * BREAKERS * TRIPS_A_YEAR) / 365)
  const to = from + days * DAY
  const trips = range(tripsBefore(from), tripsBefore(to))
  await store.enqueue(trips.map(push))
  const commits = await Promise.all(trips.map((trip) => tripped(store, trip, from)))
  await Promise.all([
    ...commits.map((one) => store.commit(one)),
    store.commit({ writes: range(from / DAY, to / DAY).map((day) => unreadable(day * DAY)) }),
    store.commit({ samples: readings(from, to) }),
  ])
  await Promise.all(trips.map((trip) => store.commit(resolved(trip, from))))
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, n) => from + n)
}

const breakerOf = (trip: number) => `${820_000 + (trip % BREAKERS)}`

function push(trip: number): NewJob {
  const state = { power: '0', fault: 'overload', voltage: '228.4', current: '63.1', active_power: '14400' }
  const payload = { from: 'push', report: { device: breakerOf(trip), name: 'trip', state } }
  return { id: `push:${trip}`, queue: 'events', lane: `breaker:${breakerOf(trip)}`, payload }
}

/** The commit that follows from a trip: state, an incident, a card in a chat, a timer, the audit. */
async function tripped(store: Store, trip: number, at: number): Promise<Commit> {
  const breaker = breakerOf(trip)
  const version = (await store.get(`breaker/${breaker}`))?.version ?? 0
  const value = { online: true, circuits: { power: { position: 'open', since: at, cause: 'overload' } } }
  const card = { subject: 'x'.repeat(40), shown: 1, sent: 1 }
  const job = { lane: 'chat', payload: null, dueAt: at + 3_600_000 }
  return {
    writes: [
      { key: `breaker/${breaker}`, value, version },
      incident(trip, at, 0),
      closed(`card/telegram:-100123:${trip}`, at, card),
      closed(`message/telegram:-100123:${trip}`, at, { breaker, id: `${trip}` }),
    ],
    jobs: [
      { ...job, id: `timer:${trip}`, queue: 'events' },
      { ...job, id: `card:${trip}`, queue: 'send' },
    ],
    audit: ['judged.tripped', 'incident.opened', 'card.asked'].map((what) => entry(what, trip, at)),
    done: `push:${trip}`,
  }
}

/** The commit at the end of it: a person has closed the breaker. */
function resolved(trip: number, at: number): Commit {
  return {
    writes: [incident(trip, at, 1)],
    audit: ['reclose.asked', 'reclose.confirmed', 'incident.resolved'].map((what) => entry(what, trip, at)),
    cancel: [`timer:${trip}`],
    done: `card:${trip}`,
  }
}

function incident(trip: number, at: number, version: number): Write {
  const history = range(0, 4).map((n) => ({ at: at + n * 1000, what: 'step', who: '电工甲' }))
  const value = { id: `${trip}`, breaker: breakerOf(trip), cause: 'overload', openedAt: at, history }
  return { key: `incident/${trip}`, value, version, index: { at, open: version === 0 } }
}

function unreadable(at: number): Write {
  return closed(`unreadable/${at}`, at, { raw: 'x'.repeat(300), why: 'no device', at })
}

function closed(key: string, at: number, value: unknown): Write {
  return { key, value, version: 0, index: { at, open: false } }
}

function entry(what: string, trip: number, at: number): AuditEntry {
  return { at, who: '电工甲', what, subject: `breaker/${breakerOf(trip)}`, details: { incident: `${trip}` } }
}

function readings(from: number, to: number): Sample[] {
  const times = range(from / READING_EVERY, to / READING_EVERY).map((n) => n * READING_EVERY)
  return range(0, MEASURED).flatMap((n) =>
    times.map((at) => ({
      device: `${820_000 + n}`,
      at: at + n * 1000,
      voltage: 229 + (at % 31) / 10,
      current: 12.25 + n,
      power: 1400 + (at % 997),
      energy: Math.floor(at / 360_000) / 100 + n,
    })),
  )
}
