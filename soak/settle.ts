import { setTimeout as delay } from 'node:timers/promises'
import { allStanding } from '../chaos/chats.ts'
import { checkStorms } from '../chaos/check-storms.ts'
import type { Cluster } from '../chaos/cluster.ts'
import type { Fleet } from '../chaos/fleet.ts'
import { comeToRest } from '../chaos/rest.ts'
import { type KeptCards, readCards } from '../chaos/state.ts'
import type { StoreUnderTest } from '../chaos/store/store.ts'
import type { Violation } from '../chaos/verdict.ts'
import type { Readiness } from '../src/http/health-routes.ts'
import { openReader } from '../src/store/reader.ts'
import type { Befallen } from './befall.ts'
import { staleCards, toViolation } from './check-chats.ts'
import { isOfThePlan } from './excuses.ts'

/** How long the channels may take to become ready, ms. */
const READY_WITHIN = 60_000
/** How long all may take to come to rest after the last fault: what was sent without an answer is tried after minutes. */
const REST_WITHIN = 8 * 60_000
/** How long after that the last cards may take. */
const TOLD_WITHIN = 2 * 60_000

/** Resolves when every channel is ready. @throws when one is not for long */
export async function becomeReady(url: string): Promise<void> {
  for (const end = Date.now() + READY_WITHIN; ; await delay(200)) {
    const { channels } = (await (await fetch(`${url}/readyz`)).json()) as Readiness
    if (Object.values(channels).every(({ state }) => state === 'ready')) return
    if (Date.now() > end) throw new Error(`not all channels became ready: ${JSON.stringify(channels)}`)
  }
}

interface Scene {
  fleet: Fleet
  cluster: Cluster
  store: StoreUnderTest
}

/** Lets everything come to its end: the jobs, the channels, what waits for a person, and every card that is behind. */
export async function settle(scene: Scene, befallen: readonly Befallen[]): Promise<Violation[]> {
  const { fleet, cluster, store } = scene
  const restless = await comeToRest(scene, REST_WITHIN)
  if (restless.length > 0) return restless
  await becomeReady(cluster.instances[0]!.url)
  for (const end = Date.now() + TOLD_WITHIN; ; await delay(1000)) {
    const kept = await readOutside(store.url)
    const seen = { fleet, standing: allStanding(fleet), kept }
    const stale = [...staleCards(seen).map(toViolation), ...checkStorms(seen)]
    const isSettled = !waitsForSomebody(kept) && stale.every((one) => isOfThePlan(befallen, one))
    // What is behind even then, the verdict finds.
    if (isSettled || Date.now() > end) return []
  }
}

async function readOutside(url: string): Promise<KeptCards> {
  const reader = await openReader(url)
  try {
    return await readCards(reader)
  } finally {
    await reader.close()
  }
}

/** A confirming step that nobody takes ends by itself within a minute. */
const waitsForSomebody = ({ breakers }: KeptCards): boolean =>
  [...breakers.values()].some(({ circuits }) =>
    Object.values(circuits).some(({ operation }) => operation?.stage === 'asked'),
  )
