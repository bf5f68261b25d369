import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fleet } from './fleet.ts'
import type { Service } from './service.ts'
import { readState } from './state.ts'
import type { Violation } from './verdict.ts'

/** How long the work may take to come to rest after the last kill, ms. */
const REST_WITHIN = 60_000
/** So many looks must find nothing under way. */
const IN_A_ROW = 3

interface Scene {
  fleet: Fleet
  service: Service
  folder: string
}

/** Lets everything come to its end; then each breaker makes its ordinary report, and that is taken in, too. */
export async function comeToRest({ fleet, service, folder }: Scene): Promise<Violation[]> {
  for (const { id } of fleet.breakers) fleet.cloud.unjam(id)
  const first = await becomeIdle(service, folder)
  await Promise.all(fleet.breakers.map(({ id }) => fleet.cloud.report(id)))
  await fleet.cloud.settled()
  return first.length > 0 ? first : becomeIdle(service, folder)
}

async function becomeIdle(service: Service, folder: string): Promise<Violation[]> {
  const end = Date.now() + REST_WITHIN
  for (let idle = 0; idle < IN_A_ROW; ) {
    if (Date.now() > end) {
      const evidence = await (await fetch(`${service.url}/readyz`)).json()
      return [{ rule: 'rest', what: `something is still under way after ${REST_WITHIN / 1000} s`, evidence }]
    }
    await delay(200)
    idle = (await isIdle(service, folder)) ? idle + 1 : 0
  }
  return []
}

async function isIdle({ url }: Service, folder: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`)
  const { jobs } = (await answer.json()) as {
    jobs: Record<string, { waiting: number; oldestDue: number }>
  }
  // Only timers are left: of confirming steps that nobody takes.
  const isOver =
    [jobs.send, jobs.cloud].every((one) => (one?.waiting ?? 0) === 0) && (jobs.events?.oldestDue ?? 0) === 0
  if (!isOver) return false
  const { breakers } = readState(join(folder, 'breakerbot.db'))
  return ![...breakers.values()].some(({ circuits }) =>
    Object.values(circuits).some(
      ({ operation }) => operation?.stage === 'confirmed' || operation?.stage === 'sent',
    ),
  )
}
