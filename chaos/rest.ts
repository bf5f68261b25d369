import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import type { Fleet } from './fleet.ts'
import type { StoreUnderTest } from './store/store.ts'
import type { Violation } from './verdict.ts'

/** How long the work may take to come to rest after the last kill, ms. */
const REST_WITHIN = 90_000
/** So many looks must find nothing under way. */
const IN_A_ROW = 4

interface Scene {
  fleet: Fleet
  cluster: Cluster
  store: StoreUnderTest
}

/** Lets everything come to its end; then each breaker makes its ordinary report, and that is taken in, too. */
export async function comeToRest(scene: Scene, within = REST_WITHIN): Promise<Violation[]> {
  const { cloud, breakers } = scene.fleet
  for (const { id } of breakers) cloud.unjam(id)
  const first = await becomeIdle(scene, within)
  await Promise.all(breakers.map(({ id }) => cloud.report(id)))
  await cloud.settled()
  return first.length > 0 ? first : becomeIdle(scene, within)
}

async function becomeIdle(scene: Scene, within: number): Promise<Violation[]> {
  const end = Date.now() + within
  let busy: unknown = 'not looked yet'
  for (let idle = 0; idle < IN_A_ROW; ) {
    if (Date.now() > end) {
      const what = `something is still under way after ${within / 1000} s`
      return [{ rule: 'rest', what, evidence: busy }]
    }
    await delay(200)
    busy = await underWay(scene)
    idle = busy === undefined ? idle + 1 : 0
  }
  return []
}

/** What is not over yet. */
async function underWay({ cluster, store }: Scene): Promise<unknown> {
  const { jobs } = (await (await fetch(`${cluster.instances[0]!.url}/readyz`)).json()) as { jobs: Jobs }
  const left = unfinished(jobs)
  if (left.length > 0) return left
  const busy = (await store.breakers()).flatMap(({ circuits }) =>
    Object.values(circuits)
      .flatMap(({ operation }) => operation ?? [])
      .filter(({ stage }) => stage === 'confirmed' || stage === 'sent'),
  )
  return busy.length > 0 ? busy : undefined
}

/** Queues in which jobs wait for their time. */
export const TIMED = ['events', 'storms', 'watch']

type Jobs = Record<string, { waiting: number; oldestDue: number }>

/**
 * Jobs that still have to run. Timers may be left: of confirming steps that nobody takes, of storms that are to pass, and
 * looks whether an alarm was taken.
 */
export function unfinished(jobs: Jobs): string[] {
  return Object.entries(jobs)
    .filter(([queue, { waiting, oldestDue }]) => (TIMED.includes(queue) ? oldestDue > 0 : waiting > 0))
    .map(([queue, { waiting }]) => `${queue}: ${waiting}`)
}
