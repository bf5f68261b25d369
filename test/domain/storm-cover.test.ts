import { expect, test } from 'vitest'
import type { Cause } from '../../src/domain/report.ts'
import { CHIEF, JIA, PUMP, TWIN } from './support/site.ts'
import { type StormStory, tellStorm } from './support/storm.ts'

const trip = (story: StormStory, device: string, cause: Cause, { circuit = 'power', joins = true } = {}) =>
  story.push(device, { positions: { [circuit]: 'open' }, mover: 'trip', fault: { cause, raw: cause } }, joins)
const close = (story: StormStory, device: string) =>
  story.push(device, { kind: 'state', positions: { power: 'closed' } })

/** One circuit trips, the other one trips, and then by a short circuit. */
function shortCircuit(joins: { one: boolean; other: boolean }): StormStory {
  const story = tellStorm([TWIN])
  trip(story, TWIN.id, 'under-voltage', { circuit: 'power1', joins: joins.one })
  trip(story, TWIN.id, 'overload', { circuit: 'power2', joins: joins.other })
  story.wait(1000)
  trip(story, TWIN.id, 'short-circuit', { circuit: 'power2', joins: joins.other })
  return story
}

test('a storm takes the notices about its own incidents, and not those about another circuit of the breaker', () => {
  const told = 'notice.lock-out-short-circuit'
  expect(shortCircuit({ one: false, other: false }).notices()).toEqual([told])
  expect(shortCircuit({ one: true, other: false }).notices()).toEqual([told])
  expect(shortCircuit({ one: true, other: true }).notices()).toEqual([])
  expect(shortCircuit({ one: false, other: true }).notices()).toEqual([])
})

test('what is about no incident is taken with those of the breaker', () => {
  const story = shortCircuit({ one: true, other: false })
  story.push(TWIN.id, { kind: 'offline' })
  expect(story.notices()).not.toContain('notice.offline')
})

test.each([
  ['overload', 0, 'notice.lock-out-re-trip'],
  ['leakage', 600_000, 'notice.lock-out-leakage-again'],
] as const)('a close that ended in another trip is told (%s)', (cause, pause, key) => {
  const story = tellStorm([PUMP])
  trip(story, PUMP.id, cause)
  story.wait(1000)
  story.ask(CHIEF, 'reclose', PUMP.id)
  story.ask(cause === 'leakage' ? JIA : CHIEF, 'confirm', PUMP.id)
  story.wait(1000)
  close(story, PUMP.id)
  story.wait(1000 + pause)
  trip(story, PUMP.id, cause)
  expect(story.incidentOf(PUMP.id)!.storm).toBeDefined()
  expect(story.notices()).toEqual([key])
})
