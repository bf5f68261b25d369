import { setTimeout as delay } from 'node:timers/promises'
import type { Breaker, Fleet, Platform } from './fleet.ts'
import type { Ledger, Trip } from './ledger.ts'
import { createPeople } from './people.ts'
import type { PlannedTrip } from './plan.ts'
import { createRandom, type Random } from './random.ts'

/** A breaker trips again at the earliest after so long, ms: so that a trip is known by its breaker and second. */
const REST = 3000

export interface FlowOptions {
  seed: number
  /** The trips, in order. */
  plan: readonly PlannedTrip[]
  /** Mean pause between two trips, ms. */
  tripEvery: number
  /** Mean pause between two deeds of people, ms. */
  deedEvery: number
  /** After so long somebody closes an open breaker at its lever, ms. */
  patience: number
  /** Most trips come while the service can take them. */
  isUp: () => boolean
  /** Where people also type; default on Telegram only. */
  typesOn?: readonly Platform[]
}

/** Work for the service, at its own pace, whether the service lives or not. */
export interface Flow {
  /** Calls once, when the next trip push is answered 200; answers with what ends the waiting. */
  onAccepted(tell: () => void): () => void
  /** Resolves when all trips were made; people go on until {@link stop}. */
  tripped: Promise<void>
  stop(): Promise<void>
}

export function startFlow(fleet: Fleet, ledger: Ledger, options: FlowOptions): Flow {
  const { seed, plan, tripEvery, deedEvery, patience, isUp, typesOn = ['telegram'] } = options
  const { cloud, breakers } = fleet
  const people = createPeople(fleet, ledger, typesOn)
  const stop = new AbortController()
  const quietUntil = new Map<string, number>()
  const openSince = new Map<string, number>()
  const toTell = new Set<() => void>()

  const isOpen = ({ id }: Breaker) => cloud.device(id).positions.power === 'open'

  async function trip(breaker: Breaker, { cause }: PlannedTrip): Promise<void> {
    const settled = cloud.trip(breaker.id, { cause, rise: false })
    const push = cloud.pushes.findLast((one) => one.device === breaker.id)!
    const made: Trip = { breaker: breaker.id, cause, at: timeIn(push.body), push }
    ledger.trips.push(made)
    openSince.set(breaker.id, made.at)
    await settled
    if (push.outcome !== 'delivered') return
    const telling = [...toTell]
    toTell.clear()
    for (const tell of telling) tell()
  }

  /** When it comes is planned; it waits for a breaker that can trip and, mostly, for a service that can take it. */
  async function tripAll(): Promise<void> {
    const chance = createRandom(seed, 'nobody listens')
    for (const planned of plan) {
      for (let breaker: Breaker | undefined; !breaker && !stop.signal.aborted; ) {
        await delay(tripEvery * planned.pause)
        if (isUp() || chance.chance(0.15)) breaker = readyFrom(planned.first)
        if (breaker) void trip(breaker, planned)
      }
    }
  }

  function readyFrom(first: number): Breaker | undefined {
    const now = Date.now()
    return [...breakers.slice(first), ...breakers.slice(0, first)].find(
      (one) => !isOpen(one) && (quietUntil.get(one.id) ?? 0) < now,
    )
  }

  /** Each deed throws dice of its own, so that the same seed gives the same ones, whatever came before. */
  async function lookAfter(): Promise<void> {
    for (let deed = 0; !stop.signal.aborted; deed++) {
      const chance = createRandom(seed, `deed ${deed}`)
      await delay(deedEvery * chance.between(0.5, 1.5))
      const [whom, opens, jams] = [chance.next(), chance.chance(0.03), chance.chance(0.02)]
      const [opened, jammed] = [chance.pick(breakers), chance.pick(breakers)]
      const open = breakers.filter(isOpen)
      if (open.length > 0) people.lookAfter(open[Math.floor(whom * open.length)]!, chance)
      if (opens) openOne(opened, chance)
      if (jams) jamOne(jammed, chance)
    }
  }

  function openOne(breaker: Breaker, chance: Random): void {
    if (isOpen(breaker)) return
    if (chance.chance(0.5)) people.open(breaker, chance)
    else void cloud.switchByOtherClient(breaker.id, 'open')
  }

  /** Takes orders and does not move, for a while. */
  function jamOne({ id }: Breaker, chance: Random): void {
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
    onAccepted(tell) {
      toTell.add(tell)
      return () => void toTell.delete(tell)
    },
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
