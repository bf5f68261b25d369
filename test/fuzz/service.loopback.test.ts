import { afterAll, beforeAll, expect, test } from 'vitest'
import { fuzz, shares } from '../../fuzz/fuzz.ts'
import { checkAfterwards, wholeTargets } from '../../fuzz/whole.ts'
import { type FuzzedWorld, startWorld } from '../../fuzz/world.ts'

/** A short part of `npm run fuzz` through the whole program, the same each time. */
const [RUNS, SEED] = [1500, 9]

let world: FuzzedWorld
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  expect(await world.close()).toBe(0)
})

test('nothing that comes in by any way breaks the running service, or is left lying', async () => {
  const targets = wholeTargets(world)
  const each = shares(targets, RUNS)
  for (const [index, one] of targets.entries()) {
    const { failure } = await fuzz(one, { runs: each[index]!, seed: SEED })
    expect(failure, `${failure?.input}\n${failure?.replay}`).toBeUndefined()
  }
  await checkAfterwards(world)
  expect(world.ends.connected).toEqual({ dingtalk: 1, wecom: 1 })
})
