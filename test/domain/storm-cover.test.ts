import { expect, test } from 'vitest'
import type { Cause } from '../../src/domain/report.ts'
import { QUIET } from '../../src/domain/storm.ts'
import { pumps } from './support/group.ts'
import { AUTO } from './support/reclosing.ts'
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

/** Five share a card; it ends, and the sixth has joined in that moment: it is on no card. */
function joinedLast(): StormStory {
  const story = tellStorm(pumps(6))
  for (const { id } of pumps(5)) trip(story, id, 'overload')
  story.settle()
  const collecting = story.storm()!
  for (const { id } of pumps(3)) close(story, id)
  story.wait(QUIET - 1)
  trip(story, LAST, 'overload')
  story.wait(1)
  const over = { ...collecting, version: 2, phase: 'over' as const }
  story.setStorm(over)
  return story
}
const LAST = pumps(6)[5]!.id

test('a card of its own is urgent where it is the first to show an incident', () => {
  const story = joinedLast()
  const incident = story.incidentOf(LAST)!
  expect(story.isShownAlone(incident.id)).toBe(false)
  story.settle()
  expect(story.hasRung(incident.id)).toBe(true)
  const counted = story.incidentOf(pumps(4)[3]!.id)!
  expect(story.isShownAlone(counted.id)).toBe(true)
  expect(story.hasRung(counted.id)).toBe(false)
})

test('also where something else about it comes before the storm lets go of it, and not where it is closed by then', () => {
  const away = joinedLast()
  away.push(LAST, { kind: 'offline' })
  expect(away.hasRung(away.incidentOf(LAST)!.id)).toBe(true)
  const closed = joinedLast()
  const { id } = closed.incidentOf(LAST)!
  close(closed, LAST)
  expect(closed.isShownAlone(id)).toBe(true)
  expect(closed.hasRung(id)).toBe(false)
})

test('one that is to close by itself stays on the card, and a typed word stops it', () => {
  const reclosing = { ...PUMP, autoReclose: AUTO }
  const story = tellStorm([reclosing])
  close(story, PUMP.id)
  story.wait(600_000)
  trip(story, PUMP.id, 'under-voltage')
  expect(story.members()).toMatchObject([{ standing: 'open', reclosing: true }])
  story.ask(JIA, 'stop', PUMP.id)
  expect(story.members()[0]).toMatchObject({ standing: 'open' })
  expect(story.members()[0]!.reclosing).toBeUndefined()
})
