import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alarmCard } from '../../src/domain/alarm-card.ts'
import type { AlarmDecision } from '../../src/domain/decide-alarm.ts'
import type { Scope, WindowKind } from '../../src/domain/window.ts'
import { ALARM_POLICY, type AlarmStory, DRILL, NO_DUTY, NO_DUTY_SOON, tellAlarm } from './support/alarms.ts'
import { CHIEF, EIGHT, JIA, PUMP, STRANGER, VIEWER, YI } from './support/site.ts'

const MINUTE = 60_000
const deeds = ({ effects }: AlarmDecision) => effects.flatMap((one) => (one.do === 'deed' ? [one.deed] : []))
const replyOf = ({ reply }: AlarmDecision) => reply?.text.key

function raised(facts = NO_DUTY): AlarmStory {
  const story = tellAlarm()
  story.raise(facts)
  return story
}

describe('an alarm that is no breaker’s', () => {
  test('takes each step when it is due, tells programs and mailboxes its end, and does nothing after that', () => {
    const story = raised()
    const done = () => story.decisions().flatMap(deeds)
    expect(done()).toEqual([])
    story.wait(2 * MINUTE)
    expect(done()).toEqual([{ do: 'remind', people: [YI] }])
    story.wait(3 * MINUTE)
    expect(done().slice(1)).toEqual([
      { do: 'summon', person: YI },
      { do: 'hook', hook: 'pager', what: 'raised' },
    ])
    story.resolve()
    expect(done().slice(3)).toEqual([{ do: 'hook', hook: 'pager', what: 'resolved' }])
    story.wait(24 * 60 * MINUTE)
    story.resolve()
    story.raise(NO_DUTY)
    expect(done()).toHaveLength(4)
    expect(replyOf(story.ask(JIA, 'ack'))).toBe('alarm.over')
  })

  test('stops while somebody owns it, and begins anew when the time of that is over', () => {
    const story = raised()
    expect(replyOf(story.ask(JIA, 'ack'))).toBe('ack.done-until')
    story.wait(29 * MINUTE)
    expect(story.decisions().flatMap(deeds)).toEqual([])
    story.wait(3 * MINUTE)
    expect(story.alarm()).toMatchObject({ status: 'open', escalation: { stage: 'running', run: 2 } })
    expect(story.alarm()?.owner).toBeUndefined()
    expect(story.decisions().flatMap(deeds)).toEqual([{ do: 'remind', people: [YI] }])
  })

  test('is handed over by its owner, who is asked to take it', () => {
    const story = raised()
    story.ask(JIA, 'ack')
    const given = story.ask(JIA, 'handover', { to: YI })
    expect(given.effects).toContainEqual(expect.objectContaining({ do: 'tell', person: YI }))
    expect(story.card().buttons).toEqual([{ action: 'ack', style: 'primary' }])
    expect(replyOf(story.ask(YI, 'ack'))).toBe('ack.done-until')
    expect(story.alarm()).toMatchObject({ owner: { person: YI } })
  })

  test('is nobody’s to change who may not, and says so in the audit', () => {
    const story = raised()
    const before = story.alarm()
    const asked = [
      story.ask(STRANGER, 'ack'),
      story.ask(VIEWER, 'ack'),
      story.ask(JIA, 'ack', { anonymous: true }),
    ]
    expect(asked.map(replyOf)).toEqual(['ask.stranger', 'gate.role', 'ask.anonymous'])
    for (const { audit, effects } of asked)
      expect([audit.map(({ what }) => what), effects]).toEqual([['ack.refused'], []])
    expect(story.alarm()).toEqual(before)
  })
})

describe('an alarm of a room as a whole, under a window', () => {
  const under = (kind: WindowKind, scope: Scope = { room: PUMP.room }) => {
    const windows = [{ id: 'w', kind, scope, when: { from: EIGHT - MINUTE, until: EIGHT + 60 * MINUTE } }]
    return tellAlarm({ ...ALARM_POLICY, windows })
  }
  const cards = (story: AlarmStory) =>
    story.decisions().flatMap(({ effects }) => effects.filter((one) => one.do === 'card'))
  const told = (story: AlarmStory) => story.decisions().flatMap(deeds).length + cards(story).length

  test.each([
    ['quiet', NO_DUTY_SOON],
    ['mute', NO_DUTY],
    ['maintenance', NO_DUTY],
  ] as const)('%s keeps it quiet, and what lasts has its card and its steps after that', (kind, facts) => {
    const story = under(kind)
    story.raise(facts)
    story.wait(59 * MINUTE)
    expect(told(story)).toBe(0)
    story.wait(MINUTE)
    expect(cards(story)).toMatchObject([{ urgent: true }])
    story.wait(2 * MINUTE)
    expect(story.decisions().flatMap(deeds)).toEqual([{ do: 'remind', people: [YI] }])
  })

  test('a critical one passes quiet hours, and all pass the window of one site', () => {
    const grave = under('quiet')
    grave.raise(NO_DUTY)
    expect(cards(grave)).toHaveLength(1)
    const elsewhere = under('maintenance', { site: PUMP.site })
    elsewhere.raise(NO_DUTY_SOON)
    expect(cards(elsewhere)).toHaveLength(1)
  })
})

describe('a drill', () => {
  test('takes each step once, five seconds apart, whatever is acknowledged, and tells nobody twice', () => {
    const story = raised(DRILL)
    story.ask(JIA, 'ack')
    story.wait(MINUTE)
    expect(story.decisions().flatMap(deeds)).toEqual([
      { do: 'remind', people: [YI] },
      { do: 'summon', person: YI },
      { do: 'hook', hook: 'pager', what: 'raised' },
      { do: 'summon', person: JIA },
      { do: 'summon', person: CHIEF },
      { do: 'mail', to: 'boss@example.com', what: 'raised' },
    ])
    expect(story.alarm()?.drill?.steps.map(({ after }) => after / MINUTE)).toEqual([2, 5, 10])
  })

  test('ends by itself, with its result, and tells an admin of what failed', () => {
    const story = raised(DRILL)
    story.wait(3 * MINUTE)
    expect(story.alarm()).toMatchObject({ status: 'resolved', outcome: { key: 'drill.over-ill' } })
    const last = story.decisions().findLast(({ effects }) => effects.length > 0)!
    expect(last.effects.map((one) => one.do)).toEqual(['card', 'deed', 'say', 'tell-admin'])
    expect(deeds(last)).toEqual([{ do: 'hook', hook: 'pager', what: 'resolved' }])
    story.happen({ type: 'tried', tried: { way: 'voice', to: YI, outcome: 'delivered' } })
    story.happen({ type: 'drill-ends' })
    story.wait(24 * 60 * MINUTE)
    expect(story.decisions().findLast(({ effects }) => effects.length > 0)).toBe(last)
  })
})

type Move = (story: AlarmStory) => unknown

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.integer({ min: 0, max: 40 }).map(
      (minutes): Move =>
        (story) =>
          story.wait(minutes * MINUTE),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(5000, 1, 119_000).map(
      (ms): Move =>
        (story) =>
          story.wait(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(NO_DUTY, NO_DUTY_SOON).map(
      (facts): Move =>
        (story) =>
          story.raise(facts),
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        who: fc.constantFrom(JIA, YI, CHIEF, VIEWER, STRANGER),
        action: fc.constantFrom('ack', 'unack', 'handover'),
        to: fc.constantFrom(JIA, YI, 'nobody'),
      })
      .map(
        ({ who, action, to }): Move =>
          (story) =>
            story.ask(who, action, { to }),
      ),
  },
  { weight: 1, arbitrary: fc.constant<Move>((story) => story.resolve()) },
  // A timer of before comes once more, as after a crash.
  {
    weight: 2,
    arbitrary: fc.nat(20).map(
      (back): Move =>
        (story) => {
          const timer = story.fired().at(-1 - back)
          if (!timer) return
          const before = story.alarm()
          expect(story.happen(timer.event).effects).toEqual([])
          expect(story.alarm()).toBe(before)
        },
    ),
  },
)

describe.each([
  ['an alarm', NO_DUTY],
  ['a drill', DRILL],
])('whatever happens to %s', (_name, facts) => {
  test('its deeds end with it, one escalation runs at most, and its version grows with what its card shows', () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 30 }), (moves) => {
        const story = tellAlarm(ALARM_POLICY)
        story.raise(facts)
        for (const move of moves) {
          const [before, count] = [story.alarm()!, story.decisions().length]
          move(story)
          const after = story.alarm()!
          if (before.status === 'resolved') {
            const later = story.decisions().slice(count)
            expect(later.flatMap(({ effects }) => effects)).toEqual([])
            expect(after).toEqual(before)
          }
          const { escalation } = after
          const live = story
            .waiting()
            .filter(({ event }) => event.type === 'escalate' && event.look.run === escalation?.run)
            .filter(() => escalation?.stage === 'running')
          expect(live.length).toBeLessThanOrEqual(1)
          expect(escalation?.stage === 'running').toBe(escalation !== undefined && after.status === 'open')
          expect(after.version).toBeGreaterThanOrEqual(before.version)
          if (after.version === before.version) expect(alarmCard(after)).toEqual(alarmCard(before))
        }
      }),
      { numRuns: 300 },
    )
  })
})
