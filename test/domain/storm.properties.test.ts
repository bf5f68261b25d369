import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOpen } from '../../src/domain/incident.ts'
import { CAUSES } from '../../src/domain/report.ts'
import { QUIET } from '../../src/domain/storm.ts'
import type { StormMember } from '../../src/domain/storm-member.ts'
import { startCounting } from '../../src/domain/storm-tally.ts'
import { pumps } from './support/group.ts'
import { CHIEF, JIA, VIEWER, YI } from './support/site.ts'
import { type StormStory, tellStorm } from './support/storm.ts'

const PUMPS = pumps(8)
const device = fc.constantFrom(...PUMPS.map((one) => one.id))
const person = fc.constantFrom(JIA, YI, CHIEF, VIEWER)

const deed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('trip' as const),
      device,
      cause: fc.constantFrom(...CAUSES, 'unknown' as const),
      joins: fc.constantFrom(true, true, false),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('close' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('by-hand' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('offline' as const), device }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      device,
      person,
      action: fc.constantFrom('ack' as const, 'reclose', 'confirm', 'cancel', 'hold', 'unlock'),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'settle' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(100, 5000, QUIET, 4 * QUIET),
    }),
  },
)
type Deed = (typeof deed)['generate'] extends (...args: never[]) => { value: infer T } ? T : never

function play(story: StormStory, one: Deed): void {
  if (one.do === 'trip') {
    const fault = { cause: one.cause, raw: one.cause }
    story.push(one.device, { positions: { power: 'open' }, mover: 'trip', fault }, one.joins)
  } else if (one.do === 'close') story.push(one.device, { kind: 'state', positions: { power: 'closed' } })
  else if (one.do === 'by-hand') story.push(one.device, { mover: 'hand', positions: { power: 'open' } })
  else if (one.do === 'offline') story.push(one.device, { kind: 'offline' })
  else if (one.do === 'ask') story.ask(one.person, one.action, one.device, { reason: '试验' })
  else if (one.do === 'settle') story.settle()
  else story.wait(one.ms)
}

test('every open incident is shown alone or on the card of a storm that counts it, whatever happens in whatever order', () => {
  const joined = { alone: 0, together: 0, over: 0 }
  fc.assert(
    fc.property(fc.array(deed, { minLength: 10, maxLength: 60, size: 'max' }), (deeds) => {
      const story = tellStorm(PUMPS)
      for (const one of deeds) {
        play(story, one)
        story.wait(50)
      }
      story.settle()
      for (const incident of story.incidents().filter(isOpen)) {
        const { storm } = incident
        if (!storm) {
          joined.alone++
          expect(story.isShownAlone(incident.id), incident.id).toBe(true)
          continue
        }
        joined.together++
        expect(story.membersOf(storm.id)).toContainEqual(
          expect.objectContaining({ incident: incident.id, standing: 'open' }),
        )
        expect(story.storms().find((one) => one.id === storm.id)!.phase).not.toBe('over')
      }
      for (const storm of story.storms()) {
        const { tally, phase } = storm
        expect(tally.total).toBe(tally.open + tally.closed + tally.noTrip + tally.own + tally.gone)
        if (phase === 'over') {
          joined.over++
          expect(tally.open).toBe(0)
          continue
        }
        const members = story.membersOf(storm.id).filter((one) => one.standing !== 'superseded')
        const open = members.filter((one) => one.standing === 'open')
        expect(tally.total).toBe(members.length)
        expect(tally.open).toBe(open.length)
        expect(tally.unacknowledged).toBe(open.filter((one) => one.owner === undefined).length)
        expect(tally.names.length).toBe(Math.min(8, open.length))
        const sum = (counts: { count: number }[]) => counts.reduce((all, one) => all + one.count, 0)
        expect(sum(tally.sites)).toBe(tally.total)
        expect(sum(tally.causes)).toBe(tally.total)
        expect(sum(tally.owners)).toBe(tally.open - tally.unacknowledged)
      }
    }),
    { numRuns: 400 },
  )
  expect(Math.min(joined.alone, joined.together, joined.over)).toBeGreaterThan(50)
})

const member = fc.record({
  incident: fc.uuid(),
  breaker: device,
  title: fc.constantFrom('1号泵', '2号泵', '3号泵'),
  site: fc.constantFrom('甲塘', '乙塘', '丙塘'),
  joinedAt: fc.nat(1000),
  standing: fc.constantFrom('open', 'closed', 'no-trip', 'superseded', 'own'),
  cause: fc.constantFrom(...CAUSES, 'unknown' as const),
  ...{ owner: fc.constantFrom(undefined, JIA, YI), locked: fc.constantFrom(undefined, true as const) },
}) as fc.Arbitrary<StormMember>

test('in whatever order the members are read, the tally is the same', () => {
  const sizes = new Map([['甲塘', 3]])
  const tally = (members: readonly StormMember[]) => {
    const counting = startCounting({
      since: 0,
      sizes,
      more: 1,
      isHere: (breaker) => breaker !== PUMPS[0]!.id,
    })
    for (const one of members) counting.add(one)
    return counting.done()
  }
  const members = fc.uniqueArray(member, { selector: (one) => one.incident, maxLength: 400 })
  const shuffled = members.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  )
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      expect(tally(one)).toEqual(tally(other))
    }),
  )
})
