import { setTimeout as delay } from 'node:timers/promises'
import type { TripCause } from '../src/simulator/thingboot/api.ts'
import type { Breaker, Fleet } from './fleet.ts'
import type { Ledger, Trip } from './ledger.ts'
import { createPeople } from './people.ts'
import { createRandom } from './random.ts'

/** By how often they come. */
const CAUSES: readonly TripCause[] = [
  ...(['overload', 'overload', 'overload', 'overload', 'under-voltage', 'over-voltage'] as const),
  ...(['unknown', 'unknown', 'leakage', 'short-circuit'] as const),
]
/** A breaker trips again at the earliest after so long, ms: so that a trip is known by its breaker and second. */
const REST = 3000

export interface FlowOptions {
  seed: number
  /** How many trips. */
  trips: number
  /** Mean pause between two trips, ms. */
  tripEvery: number
  /** Mean pause between two deeds of people, ms. */
  deedEvery: number
  /** After so long somebody closes an open breaker at its lever, ms. */
  patience: number
  /** Most trips come while the service can take them. */
  isUp: () => boolean
}

/** Work for the service, at its own pace, whether the service lives or not. */
export interface Flow {
  /** Calls once, when the next trip push is answered 200. */
  onAccepted(tell: () => void): void
  /** Resolves when all trips were made; people go on until {@link stop}. */
  tripped: Promise<void>
  stop(): Promise<void>
}

export function startFlow(fleet: Fleet, ledger: Ledger, options: FlowOptions): Flow {
  const { seed, trips, tripEvery, deedEvery, patience, isUp } = options
  const { cloud, breakers } = fleet
  const chance = createRandom(seed, 'flow')
  const people = createPeople(fleet, ledger, createRandom(seed, 'people'))
  const stop = new AbortController()
  const quietUntil = new Map<string, number>()
  const openSince = new Map<string, number>()
  let toTell: (() => void)[] = []

  const isOpen = ({ id }: Breaker) => cloud.device(id).positions.power === 'open'
  const pause = (mean: number) => delay(mean * chance.between(0.5, 1.5))

  async function trip(breaker: Breaker): Promise<void> {
    const cause = chance.pick(CAUSES)
    const settled = cloud.trip(breaker.id, { cause, rise: false })
    const push = cloud.pushes.findLast((one) => one.device === breaker.id)!
    const made: Trip = { breaker: breaker.id, cause, at: timeIn(push.body), push }
    ledger.trips.push(made)
    openSince.set(breaker.id, made.at)
    await settled
    if (push.outcome !== 'delivered') return
    const telling = toTell
    toTell = []
    for (const tell of telling) tell()
  }

  async function tripAll(): Promise<void> {
    while (ledger.trips.length < trips && !stop.signal.aborted) {
      await pause(tripEvery)
      if (!isUp() && chance.chance(0.85)) continue
      const ready = breakers.filter((one) => !isOpen(one) && (quietUntil.get(one.id) ?? 0) < Date.now())
      if (ready.length > 0) void trip(chance.pick(ready))
    }
  }

  async function lookAfter(): Promise<void> {
    while (!stop.signal.aborted) {
      await pause(deedEvery)
      const open = breakers.filter(isOpen)
      if (open.length > 0) people.lookAfter(chance.pick(open))
      if (chance.chance(0.03)) openOne(chance.pick(breakers))
      if (chance.chance(0.02)) jamOne(chance.pick(breakers))
    }
  }

  function openOne(breaker: Breaker): void {
    if (isOpen(breaker)) return
    if (chance.chance(0.5)) people.open(breaker)
    else void cloud.switchByOtherClient(breaker.id, 'open')
  }

  /** Takes orders and does not move, for a while. */
  function jamOne({ id }: Breaker): void {
    cloud.jam(id, chance.pick(['silent', 'unchanged']))
    setTimeout(() => cloud.unjam(id), patience).unref()
  }

  /** Somebody goes there and closes by hand what nobody closed from afar; a closed one rests before it trips again. */
  async function attend(): Promise<void> {
    while (!stop.signal.aborted) {
      await delay(100)
      for (const breaker of breakers) {
        const since = openSince.get(breaker.id)
        if (!isOpen(breaker)) {
          if (since !== undefined) quietUntil.set(breaker.id, Date.now() + REST)
          openSince.delete(breaker.id)
        } else if (since === undefined) openSince.set(breaker.id, Date.now())
        else if (Date.now() - since > patience) void cloud.switchByHand(breaker.id, 'closed')
      }
    }
  }

  const tripped = tripAll()
  const others = Promise.all([lookAfter(), attend()])
  return {
    onAccepted: (tell) => void toTell.push(tell),
    tripped,
    async stop() {
      stop.abort()
      await Promise.all([tripped, others])
    },
  }
}

/** The time that a push in the default shape carries, ms. */
function timeIn(body: string): number {
  return Number((JSON.parse(body) as { ts: number }).ts)
}
