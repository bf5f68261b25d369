import { beforeAll, describe, expect, test } from 'vitest'
import { type ChaosReport, runChaos } from '../../chaos/chaos.ts'
import { judge } from '../../chaos/judge.ts'
import { STEPS } from '../../chaos/ledger.ts'
import { planKills, planTrips } from '../../chaos/plan.ts'
import { DOCTORED } from './doctored.ts'

const OPTIONS = { store: 'sqlite', instances: 1, kills: 20, trips: 80, breakers: 30, seed: 20 } as const

describe('20 kills while trips, presses and commands run', () => {
  let report: ChaosReport
  beforeAll(async () => {
    report = await runChaos(OPTIONS)
  }, 300_000)

  test('nothing accepted is lost, nothing acts twice', () => {
    const again = `node chaos/run.ts --kills 20 --trips 80 --breakers 30 --seed 20; evidence in ${report.folder}`
    expect(
      report.violations.map(({ rule, what }) => `${rule}: ${what}`),
      again,
    ).toEqual([])
  })

  test('and enough has happened to prove it', () => {
    const { kills } = report.ledger
    expect(new Set(kills.map((kill) => kill.step))).toEqual(new Set(STEPS))
    expect(kills.filter((kill) => kill.met).length).toBeGreaterThanOrEqual(12)
    expect(report.counts['trips answered 200']).toBeGreaterThan(30)
    expect(report.counts['orders at the cloud']).toBeGreaterThan(5)
  })

  test('in the order that the seed gives', () => {
    const { kills, trips } = report.ledger
    const planned = planKills({ ...OPTIONS, shared: false })
    expect(kills.map((kill) => kill.step)).toEqual(planned.map((plan) => plan.step))
    const causes = planTrips(OPTIONS.trips, OPTIONS.breakers, OPTIONS.seed).map((trip) => trip.cause)
    expect(trips.map((trip) => trip.cause)).toEqual(causes)
  })

  test.each(DOCTORED)('the verdict notices when $what', ({ rule, doctor }) => {
    const noticed = judge(doctor(report.facts)).violations.map((one) => one.rule)
    expect(noticed).toContain(rule)
  })
})
