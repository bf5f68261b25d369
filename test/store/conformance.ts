import { afterEach, beforeEach, describe } from 'vitest'
import { ageingConformance } from './conformance/ageing.ts'
import { broadcastConformance } from './conformance/broadcast.ts'
import { budgetConformance } from './conformance/budgets.ts'
import { commitConformance } from './conformance/commits.ts'
import { failureConformance } from './conformance/failures.ts'
import { historyConformance } from './conformance/history.ts'
import { laneConformance } from './conformance/lanes.ts'
import { leaseConformance } from './conformance/leases.ts'
import { listConformance } from './conformance/lists.ts'
import { modelConformance } from './conformance/model.ts'
import { queueConformance } from './conformance/queue.ts'
import { recordConformance } from './conformance/records.ts'
import { sizeConformance } from './conformance/size.ts'
import { takingConformance } from './conformance/taking.ts'
import { workerConformance } from './conformance/workers.ts'
import { createWorld, type StoreDriver, type World } from './support/world.ts'

/**
 * What every driver of the store must do. A driver is done when this passes.
 * @param factory makes a driver on an empty place of its own, once for every test
 */
export function storeConformance(name: string, factory: () => Promise<StoreDriver>): void {
  const parts = {
    queue: queueConformance,
    lanes: laneConformance,
    workers: workerConformance,
    failures: failureConformance,
    commits: commitConformance,
    taking: takingConformance,
    lists: listConformance,
    records: recordConformance,
    history: historyConformance,
    ageing: ageingConformance,
    leases: leaseConformance,
    budgets: budgetConformance,
    broadcast: broadcastConformance,
    model: modelConformance,
    size: sizeConformance,
  }

  describe(`store on ${name}`, () => {
    let world: World
    beforeEach(async () => {
      world = await createWorld(await factory())
    })
    afterEach(() => world.end())
    for (const [part, tests] of Object.entries(parts)) describe(part, () => tests(() => world))
  })
}
