import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlarmTimer, Deed, EscalationPolicy, Resolve, Step } from '../../src/domain/escalation.ts'
import { type Alarming, type Following, follow, onEscalate } from '../../src/domain/following.ts'
import { lapse } from '../../src/domain/owning.ts'

const MINUTE = 60_000

const step: fc.Arbitrary<Step> = fc
  .record({
    after: fc.integer({ min: 0, max: 20 }).map((minutes) => minutes * MINUTE),
    what: fc.constantFrom('cards', 'mention', 'call', 'mail', 'webhook'),
  })
  .map(({ after, what }): Step => {
    if (what === 'cards') return { after, cards: true }
    if (what === 'mail') return { after, mail: ['a@b'] }
    return what === 'webhook' ? { after, webhook: 'ops' } : { after, [what]: 'duty' }
  })

const policies: fc.Arbitrary<EscalationPolicy> = fc.record({
  name: fc.constant('default'),
  ackTimeout: fc.constantFrom(0, 10 * MINUTE, 30 * MINUTE),
  repeat: fc.nat(2),
  repeatAfter: fc.constantFrom(MINUTE, 5 * MINUTE),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
})

type Deedful = 'ack' | 'unack' | 'resolve' | 'again' | { wait: number }
const happenings = fc.array(
  fc.oneof(
    fc.constantFrom<Deedful>('ack', 'unack', 'again'),
    fc.integer({ min: 1, max: 40 }).map((minutes): Deedful => ({ wait: minutes * MINUTE })),
  ),
  { maxLength: 12 },
)

const resolve: Resolve = () => ({ people: ['乙'] })

/** An alarm that timers and people change, as the engine would. */
function play(policy: EscalationPolicy, all: Deedful[], { early = 0 } = {}) {
  let now = 1_000_000
  let alarm: Alarming = { id: 'a', status: 'open', cause: 'overload', severity: 'critical' }
  const timers = new Map<string, { at: number; event: AlarmTimer }>()
  const done: { at: number; deed: Deed; run: number }[] = []
  const given = () => ({ policy, now, resolve })
  const take = ({ escalation, deeds, timers: more }: Following) => {
    if (escalation) alarm = { ...alarm, escalation }
    for (const deed of deeds) done.push({ at: now, deed, run: alarm.escalation!.run })
    for (const { id, at, event } of more) if (!timers.has(id)) timers.set(id, { at, event })
  }
  const change = (fields: Partial<Alarming>) => {
    const before = alarm
    alarm = Object.fromEntries(
      Object.entries({ ...alarm, ...fields }).filter(([, value]) => value !== undefined),
    ) as unknown as Alarming
    take(follow(alarm, before, given()))
  }
  const fire = ({ event }: { event: AlarmTimer }) => {
    if (event.type === 'escalate') take(onEscalate(alarm, event.look, given()))
    else if (
      event.type === 'ack-lapses' &&
      alarm.status === 'acknowledged' &&
      alarm.acknowledgedAt === event.acknowledgedAt
    )
      change(lapse(alarm).fields as Partial<Alarming>)
  }
  const run = (until: number) => {
    for (;;) {
      const due = [...timers].filter(([, one]) => one.at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
      if (!due) break
      timers.set(due[0], { at: Number.POSITIVE_INFINITY, event: due[1].event })
      now = Math.max(now, due[1].at)
      fire(due[1])
      // Delivered once more, as after a crash.
      for (let again = 0; again < early; again++) fire(due[1])
    }
    now = until
  }
  take(follow(alarm, undefined, given()))
  for (const one of all) {
    if (typeof one === 'object') run(now + one.wait)
    else if (one === 'ack' && alarm.status === 'open')
      change({ status: 'acknowledged', owner: { person: '甲' }, acknowledgedAt: now })
    else if (one === 'unack' && alarm.status === 'acknowledged')
      change({ status: 'open', owner: undefined, acknowledgedAt: undefined } as never)
    else if (one === 'again') take(follow(alarm, alarm, given()))
  }
  return { done, run, change, now: () => now, alarm: () => alarm }
}

describe('whatever people do, and however late timers come', () => {
  test('a timer that comes twice, or a decision made again, does nothing more', () => {
    fc.assert(
      fc.property(policies, happenings, (policy, all) => {
        expect(play(policy, all, { early: 2 }).done).toEqual(play(policy, all).done)
      }),
    )
  })

  test('nobody is called while somebody owns it, or when it is over', () => {
    fc.assert(
      fc.property(policies, happenings, (policy, all) => {
        const one = play({ ...policy, ackTimeout: 0 }, all)
        if (one.alarm().status === 'open')
          one.change({ status: 'acknowledged', owner: { person: '甲' }, acknowledgedAt: one.now() })
        const before = one.done.length
        one.run(one.now() + 1000 * MINUTE)
        expect(one.done).toHaveLength(before)
        one.change({ status: 'resolved' })
        const ends = one.done.slice(before).map(({ deed }) => 'what' in deed && deed.what)
        expect(ends.every((what) => what === 'resolved')).toBe(true)
        one.run(one.now() + 1000 * MINUTE)
        expect(one.done.slice(before)).toHaveLength(ends.length)
      }),
    )
  })

  test('left alone, each step is taken at its time, in each round, and then no more', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const one = play(policy, [{ wait: 2000 * MINUTE }])
        const calls = one.done.filter(({ deed }) => deed.do === 'summon').map(({ at }) => at - 1_000_000)
        const times = [...new Set(policy.steps.filter((each) => each.call).map((each) => each.after))]
        const all = policy.steps.map((each) => each.after)
        const length = Math.max(...all) - Math.min(...all) + policy.repeatAfter
        const rounds = Array.from({ length: policy.repeat + 1 }, (_, round) => round * length)
        const expected = rounds.flatMap((start) => times.map((time) => start + time))
        expect(calls).toEqual(expected.sort((a, b) => a - b))
      }),
    )
  })

  test('an acknowledgement lapses after its time, and all begins anew', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 50 }), (policy, minutes) => {
        const one = play({ ...policy, ackTimeout: 10 * MINUTE }, [
          { wait: minutes * MINUTE },
          'ack',
          { wait: 9 * MINUTE },
        ])
        expect(one.alarm().status).toBe('acknowledged')
        one.run(one.now() + MINUTE)
        expect(one.alarm()).toMatchObject({ status: 'open', escalation: { run: 2, stage: 'running' } })
        expect(one.alarm().owner).toBeUndefined()
      }),
    )
  })
})
