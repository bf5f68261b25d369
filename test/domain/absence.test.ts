import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BreakerState } from '../../src/domain/breaker.ts'
import type { Decision } from '../../src/domain/decision.ts'
import type { Effect } from '../../src/domain/event.ts'
import { historyLines } from '../../src/domain/history.ts'
import { message } from '../../src/domain/message.ts'
import { USUAL_OFFLINE } from '../../src/domain/offline.ts'
import { judgeSite, type SiteAway } from '../../src/domain/site-away.ts'
import { translator } from '../../src/text/translate.ts'
import { EIGHT, PUMP } from './support/site.ts'
import { noticesOf, type Story, tellStory } from './support/story.ts'

const [SECOND, MINUTE] = [1000, 60_000]
const { grace, siteGrace } = USUAL_OFFLINE

type Told = Extract<Effect, { do: 'raise' | 'resolve' }>
const told = (story: Story): Told[] =>
  story
    .decisions()
    .flatMap(({ effects }) => effects.filter((one) => one.do === 'raise' || one.do === 'resolve'))

function gone(): Story {
  const story = tellStory()
  story.closed()
  story.wait(MINUTE)
  story.push({ kind: 'offline' })
  return story
}

const inWords = ({ audit }: Decision, locale: 'en' | 'zh-CN') =>
  historyLines(
    audit.map((one) => ({ ...one, at: EIGHT, subject: PUMP.id })),
    1,
    message('state.over'),
    message('state.over'),
    'time',
    () => undefined,
    () => '',
  )
    .slice(1)
    .map(translator(locale, 'Asia/Shanghai'))

describe('a breaker that is away', () => {
  test('back within its grace: nothing is said, and history has one line', () => {
    const story = gone()
    story.wait(40 * SECOND)
    const back = story.push({ kind: 'online' })
    expect(inWords(back, 'en')).toEqual(['08:00:00 away 08:01:00–08:01:40, 40 s'])
    expect(inWords(back, 'zh-CN')[0]).toMatch(/失联 .*40 秒/)
    story.wait(60 * MINUTE)
    expect(told(story)).toEqual([])
    expect(story.decisions().flatMap(noticesOf)).toEqual([])
    expect(story.decisions().flatMap((one) => one.audit)).toHaveLength(1)
  })

  test('is an alarm when its grace is over, not before; the alarm ends when it speaks', () => {
    const story = gone()
    story.wait(grace - 1)
    expect(told(story)).toEqual([])
    story.wait(1)
    expect(told(story)).toMatchObject([
      {
        do: 'raise',
        facts: { kind: 'breaker-offline', breaker: PUMP.id, site: PUMP.site, severity: 'warning' },
      },
    ])
    story.wait(12 * MINUTE)
    story.closed()
    const [raised, resolved] = told(story)
    expect(resolved).toMatchObject({ do: 'resolve', alarm: raised!.alarm })
    expect(resolved).toMatchObject({ outcome: { values: { after: { values: { minutes: 14 } } } } })
    expect(story.decisions().flatMap(noticesOf)).toEqual([])
  })

  test('an early look at it counts for nothing, and a late one of another absence neither', () => {
    const story = gone()
    const { noticed } = story.state().absence!
    story.sleep(grace - 1)
    const early = story.happen({ type: 'away-due', noticed })
    expect(early.effects).toMatchObject([{ do: 'timer', at: noticed + grace }])
    expect(story.state().outlasted).toBeUndefined()
    story.push({ kind: 'online' })
    story.push({ kind: 'offline' })
    story.sleep(grace)
    expect(story.happen({ type: 'away-due', noticed }).effects).toEqual([])
  })

  test('0 s: at once', () => {
    const story = tellStory({
      policy: { offline: { ...USUAL_OFFLINE, grace: 0, siteGrace: 0, severity: 'critical' } },
    })
    story.push({ kind: 'offline' })
    story.wait(0)
    expect(told(story)).toMatchObject([{ do: 'raise', facts: { severity: 'critical' } }])
  })

  test('one that flaps is told so once, and an alarm again when it stays away', () => {
    const story = tellStory()
    for (let time = 1; time <= 5; time++) {
      story.push({ kind: 'offline' })
      story.wait(3 * MINUTE)
      story.push({ kind: 'online' })
      story.wait(3 * MINUTE)
    }
    expect(told(story).filter((one) => one.do === 'raise')).toHaveLength(3)
    expect(story.decisions().flatMap(noticesOf)).toEqual(['notice.flaps'])
    story.push({ kind: 'offline' })
    story.wait(5 * grace - 1)
    expect(told(story)).toHaveLength(6)
    story.wait(1)
    expect(told(story).at(-1)?.do).toBe('raise')
    story.push({ kind: 'online' })
    story.wait(60 * MINUTE)
    story.push({ kind: 'offline' })
    story.wait(grace)
    expect(told(story).at(-1)?.do).toBe('raise')
    expect(story.decisions().flatMap(noticesOf)).toEqual(['notice.flaps'])
  })
})

test('never two alarms for one breaker, none for less than its grace, and each ends when it is back', () => {
  const turn = fc.record({
    what: fc.constantFrom('offline' as const, 'silent', 'closed', 'online'),
    wait: fc.oneof(fc.nat(2 * grace), fc.constantFrom(0, grace - 1, grace, grace + 1, 30 * MINUTE)),
  })
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 25 }), (turns) => {
      const story = tellStory()
      story.closed()
      let standing: string | undefined
      let goneAt: number | undefined
      let read = 0
      const look = () => {
        for (const one of told(story).slice(read)) {
          read++
          if (one.do === 'raise') {
            expect(standing).toBeUndefined()
            expect(goneAt).toBeDefined()
            expect(story.now() - goneAt!).toBeGreaterThanOrEqual(grace)
            standing = one.alarm
          } else {
            expect(one.alarm).toBe(standing)
            standing = undefined
          }
        }
      }
      for (const { what, wait } of turns) {
        if (what === 'silent')
          story.happen({ type: 'silent', heardAt: story.state().heardAt!, every: MINUTE })
        else if (what === 'closed') story.closed()
        else story.push({ kind: what })
        look()
        const { absence, online, silent } = story.state()
        const isThere = online !== false && !silent
        expect(absence === undefined).toBe(isThere)
        if (isThere) expect(standing).toBeUndefined()
        goneAt = isThere ? undefined : (goneAt ?? story.now())
        story.wait(wait)
        look()
        // What does not come back is an alarm in the end, also where it flaps.
        if (goneAt !== undefined && story.now() >= goneAt + 5 * grace) expect(standing).toBeDefined()
      }
    }),
  )
})

describe('a site', () => {
  const state = (id: string, noticed?: number, alarm?: string): BreakerState => ({
    ...{ id, seen: [], recent: [], warned: {}, circuits: {}, heardAt: EIGHT },
    ...(noticed !== undefined && {
      absence: {
        since: noticed,
        noticed,
        note: message('alarm.offline'),
        ...(alarm !== undefined && { alarm }),
      },
    }),
  })
  const POND: SiteAway = { room: 'night', site: '一号鱼塘' }
  const judge = (states: BreakerState[], now: number, site = POND) =>
    judgeSite(site, states, { now, rules: USUAL_OFFLINE, newId: () => 'a1' })

  test.each([
    ['all of two', [state('1', EIGHT), state('2', EIGHT)], true],
    ['its only one', [state('1', EIGHT)], false],
    ['all but one', [state('1', EIGHT), state('2', EIGHT), state('3')], false],
    [
      'all but one that was never heard of',
      [
        state('1', EIGHT),
        state('2', EIGHT),
        { ...state('3'), heardAt: undefined } as unknown as BreakerState,
      ],
      true,
    ],
    [
      'two, and one that had gone long before',
      [state('1', EIGHT), state('2', EIGHT), state('3', EIGHT, 'own')],
      true,
    ],
    ['one, and one that had gone long before', [state('1', EIGHT), state('2', EIGHT, 'own')], false],
    [
      'ten of many',
      Array.from({ length: 40 }, (_, id) => state(String(id), id < 10 ? EIGHT : undefined)),
      true,
    ],
    [
      'nine of many',
      Array.from({ length: 40 }, (_, id) => state(String(id), id < 9 ? EIGHT : undefined)),
      false,
    ],
  ])('is away: %s', (_, states, isAway) => {
    const { raise } = judge(states, EIGHT + siteGrace)
    expect(raise !== undefined).toBe(isAway)
  })

  test('its grace begins when the last has gone', () => {
    const states = [state('1', EIGHT), state('2', EIGHT + 20 * SECOND)]
    expect(judge(states, EIGHT + siteGrace)).toEqual({ site: POND, lookAt: EIGHT + 20 * SECOND + siteGrace })
    const { raise, site } = judge(states, EIGHT + 20 * SECOND + siteGrace)
    expect(raise?.facts).toMatchObject({ kind: 'site-offline', room: 'night', severity: 'critical' })
    expect(site.away).toEqual({ since: EIGHT, alarm: 'a1' })
  })

  test('is told in words, whole or in part, and how it ended', () => {
    const all = judge([state('1', EIGHT), state('2', EIGHT)], EIGHT + siteGrace)
    const say = translator('en', 'Asia/Shanghai')
    expect(say(all.raise!.facts.title)).toBe('一号鱼塘: 2 breakers are away')
    expect(say(all.raise!.facts.notes[0]!)).toContain('All 2 breakers of 一号鱼塘 are away since 08:00:00')
    const part = judge([state('1'), state('2', EIGHT)], EIGHT + 14 * MINUTE, all.site)
    expect(say(part.resolve!.outcome)).toContain('partly back after 14 min; 1 still away')
    const whole = judge([state('1'), state('2')], EIGHT + 14 * MINUTE, all.site)
    expect(say(whole.resolve!.outcome)).toBe('back after 14 min')
    expect(say(judge([], EIGHT + MINUTE, all.site).resolve!.outcome)).toBe(
      'not in the configuration any more',
    )
  })

  test('one that flaps is told so once', () => {
    let site = POND
    let [raised, flaps] = [0, 0]
    for (let time = 0; time < 6; time++) {
      const at = EIGHT + time * 5 * MINUTE
      const away = judge([state('1', at), state('2', at)], at + siteGrace, site)
      if (away.raise) raised++
      if (away.tell) flaps++
      site = judge([state('1'), state('2')], at + MINUTE, away.site).site
    }
    expect([raised, flaps]).toEqual([3, 1])
  })
})
