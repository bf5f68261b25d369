import { expect, test } from 'vitest'
import { runChaos } from '../../chaos/chaos.ts'
import { STEPS } from '../../chaos/ledger.ts'

test('20 kills while trips, presses and commands run: nothing accepted is lost, nothing acts twice', async () => {
  const report = await runChaos({ kills: 20, trips: 80, breakers: 30, seed: 20 })
  const again = `node chaos/run.ts --kills 20 --trips 80 --breakers 30 --seed 20; evidence in ${report.folder}`
  expect(
    report.violations.map(({ rule, what }) => `${rule}: ${what}`),
    again,
  ).toEqual([])
  // A run in which nothing happened would prove nothing.
  expect(new Set(report.ledger.kills.map((kill) => kill.step))).toEqual(new Set(STEPS))
  expect(report.ledger.kills.filter((kill) => kill.met).length).toBeGreaterThanOrEqual(12)
  expect(report.counts['trips answered 200']).toBeGreaterThan(30)
  expect(report.counts['orders at the cloud']).toBeGreaterThan(5)
}, 120_000)
