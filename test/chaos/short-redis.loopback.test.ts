import { expect, test } from 'vitest'
import { runChaos } from '../../chaos/chaos.ts'

const RUN = { store: 'redis', instances: 2, kills: 9, trips: 36, breakers: 20, seed: 29 } as const

test('9 kills of two instances on one Redis that is killed, frozen and rewritten as well: nothing is lost, nothing acts twice', async () => {
  const report = await runChaos(RUN)
  expect(
    report.violations.map(({ rule, what }) => `${rule}: ${what}`),
    `node chaos/run.ts --store redis --instances 2 --kills 9 --trips 36 --breakers 20 --seed 29; evidence in ${report.folder}`,
  ).toEqual([])
  // A run in which nothing happened would prove nothing.
  const { kills, mishaps } = report.ledger
  expect(new Set(kills.flatMap((kill) => kill.victims))).toEqual(new Set([0, 1]))
  expect(mishaps.length).toBeGreaterThan(0)
  expect(report.counts['trips answered 200']).toBeGreaterThan(15)
  expect(report.counts['orders at the cloud']).toBeGreaterThan(2)
}, 180_000)
