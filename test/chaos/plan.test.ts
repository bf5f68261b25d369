import { expect, test } from 'vitest'
import { MISHAPS, STEPS } from '../../chaos/ledger.ts'
import { planKills, planTrips } from '../../chaos/plan.ts'
import { unfinished } from '../../chaos/rest.ts'

const OPTIONS = { kills: 200, seed: 7, instances: 2, shared: true }

test('the same seed plans the same kills and trips, another one others', () => {
  expect(planKills(OPTIONS)).toEqual(planKills({ ...OPTIONS }))
  expect(planKills(OPTIONS)).not.toEqual(planKills({ ...OPTIONS, seed: 8 }))
  expect(planTrips(100, 30, 7)).toEqual(planTrips(100, 30, 7))
  expect(planTrips(100, 30, 7)).not.toEqual(planTrips(100, 30, 8))
})

test('a long run meets every step, every mishap, and each instance alone and together', () => {
  const plans = planKills(OPTIONS)
  expect(new Set(plans.map((plan) => plan.step))).toEqual(new Set(STEPS))
  expect(new Set(plans.flatMap((plan) => plan.mishap?.kind ?? []))).toEqual(new Set(MISHAPS))
  expect(new Set(plans.map((plan) => String(plan.victims)))).toEqual(new Set(['0', '1', '0,1']))
})

test('one instance on a store of its own dies alone, and nothing befalls its store', () => {
  const plans = planKills({ ...OPTIONS, instances: 1, shared: false })
  expect(plans.every((plan) => String(plan.victims) === '0' && plan.away === 0 && !plan.mishap)).toBe(true)
})

test('nothing is at rest while a message or a call waits; timers to come may wait', () => {
  const queues = ['send-telegram', 'send-dingtalk', 'send-wecom', 'commands', 'look-ups', 'admin']
  for (const queue of queues) {
    expect(unfinished({ [queue]: { waiting: 1, oldestDue: 0 } })).toEqual([`${queue}: 1`])
  }
  expect(unfinished({ events: { waiting: 2, oldestDue: 3 } })).toEqual(['events: 2'])
  expect(
    unfinished({ events: { waiting: 2, oldestDue: 0 }, commands: { waiting: 0, oldestDue: 0 } }),
  ).toEqual([])
})
