import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countOf, missed, reached } from '../../src/domain/group-run.ts'
import { message } from '../../src/domain/message.ts'
import { CAUSES } from '../../src/domain/report.ts'
import { pumps, tellGroup } from './support/group.ts'
import { CHIEF, JIA, VIEWER, YI } from './support/site.ts'

const PUMPS = pumps(4)
const device = fc.constantFrom(...PUMPS.map((one) => one.id))
const person = fc.constantFrom(JIA, YI, CHIEF, VIEWER)

/** One thing that happens around a run, or (`go`) the next job of some lane. */
const deed = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('go' as const), choice: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('confirm' as const), person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), person }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(10, 1500, 5000, 20_000, 70_000, 400_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('switch' as const), on: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      person,
      device,
      action: fc.constantFrom('open' as const, 'reclose', 'confirm'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('state' as const),
      device,
      position: fc.constantFrom('open' as const, 'closed'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('trip' as const), device, cause: fc.constantFrom(...CAUSES) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reach' as const),
      device,
      kind: fc.constantFrom('offline' as const, 'online'),
    }),
  },
)
const answers = fc.array(
  fc.record({ result: fc.constantFrom('taken' as const, 'refused', 'unknown'), moves: fc.boolean() }),
  { minLength: 8, maxLength: 8 },
)

test.each(['open', 'closed'] as const)(
  'however things interleave, a run to %s commands each breaker once at most, and its counts are right',
  (to) => {
    const seen = { commands: 0, done: 0, missed: 0 }
    fc.assert(
      fc.property(
        fc.array(deed, { maxLength: 60 }),
        answers,
        fc.boolean(),
        fc.boolean(),
        (deeds, outcomes, isConfirmed, isOwn) => {
          let sent = 0
          const byRun = new Map<string, number>()
          const group = tellGroup(PUMPS, to, (id, { operation }) => {
            const isStep = group.operation(id)?.id === operation && group.operation(id)?.run !== undefined
            if (isStep) byRun.set(id, (byRun.get(id) ?? 0) + 1)
            const { result, moves } = outcomes[sent++ % outcomes.length]!
            const outcome =
              result === 'taken' ? ({ result } as const) : { result, why: message('operation.unknown') }
            return { outcome, moves: moves && result !== 'refused' }
          })
          for (const { id } of PUMPS) group.push(id, { kind: 'state', positions: { power: 'closed' } })
          // What one has opened oneself one may close alone; for what another client has, it takes two.
          if (to === 'closed')
            for (const { id } of PUMPS) {
              if (isOwn) group.ask(JIA, id, 'open')
              else group.push(id, { kind: 'order', positions: { power: 'open' } })
            }
          group.settle(0)
          group.start(JIA)
          if (isConfirmed) group.say(JIA, 'confirm')
          for (const one of deeds) {
            if (one.do === 'go') group.step(one.choice)
            else if (one.do === 'confirm' || one.do === 'cancel') group.say(one.person, one.do)
            else if (one.do === 'pass') group.pass(one.ms)
            else if (one.do === 'switch') group.switchOff(one.on)
            else if (one.do === 'ask') group.ask(one.person, one.device, one.action)
            else if (one.do === 'state')
              group.push(one.device, { kind: 'state', positions: { power: one.position } })
            else if (one.do === 'trip')
              group.push(one.device, {
                name: 'trip',
                mover: 'trip',
                positions: { power: 'open' },
                fault: { cause: one.cause, raw: one.cause },
              })
            else if (one.do === 'reach') group.push(one.device, { kind: one.kind })
          }
          group.settle()
          const run = group.run()
          expect(run.stage).not.toBe('running')
          for (const count of byRun.values()) expect(count).toBe(1)
          const open = countOf(run, 'waiting', 'begun', 'sent', 'second-person')
          if (run.stage === 'ended') {
            expect(open).toBe(0)
            expect(reached(run) + missed(run)).toBe(PUMPS.length)
          } else expect([byRun.size, countOf(run, 'waiting')]).toEqual([0, PUMPS.length])
          for (const { breaker, standing } of run.steps) {
            if (standing === 'void' || standing === 'waiting' || standing === 'already')
              expect(byRun.has(breaker)).toBe(false)
            if (standing === 'done' || standing === 'unconfirmed') expect(byRun.get(breaker)).toBe(1)
          }
          seen.commands += byRun.size
          seen.done += reached(run)
          seen.missed += missed(run)
        },
      ),
      { numRuns: 400 },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
  },
)
