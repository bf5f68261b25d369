import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CloudPulse, judgeCloud, merge } from '../../src/domain/cloud-away.ts'
import { message } from '../../src/domain/message.ts'
import { USUAL_OFFLINE } from '../../src/domain/offline.ts'
import { translator } from '../../src/text/translate.ts'
import { EIGHT } from './support/site.ts'

const SECOND = 1000
const { cloudGrace } = USUAL_OFFLINE
const why = message('cloud.clock-behind', { seconds: 90 })
const failed = { since: EIGHT, why }
let ids = 0
const judge = (pulse: CloudPulse, now: number) =>
  judgeCloud(pulse, { now, rules: USUAL_OFFLINE, rooms: ['day', 'night'], newId: () => `a${++ids}` })

describe('the cloud is away', () => {
  test.each<[string, CloudPulse, boolean]>([
    ['where calls fail and no push comes', { failed, pushedAt: EIGHT - 60 * SECOND }, true],
    ['where calls fail and there never was a push', { failed }, true],
    ['not where pushes come', { failed, pushedAt: EIGHT + 5 * SECOND }, false],
    [
      'not where they come seldom, but as ever',
      { failed, pushedAt: EIGHT - 60 * SECOND, pause: 100 * SECOND },
      false,
    ],
    ['not where calls are answered', { pushedAt: EIGHT - 3600 * SECOND }, false],
    ['not where nothing is known', {}, false],
  ])('%s', (_, pulse, isAway) => {
    expect(judge(pulse, EIGHT + 10 * SECOND).pulse.away !== undefined).toBe(isAway)
  })

  test('is an alarm for each room after its grace, once, in words, and ends', () => {
    const away = judge({ failed, pushedAt: EIGHT - 60 * SECOND }, EIGHT)
    expect(away.raise).toEqual([])
    expect(judge(away.pulse, EIGHT + cloudGrace - 1).raise).toEqual([])
    const alarm = judge(away.pulse, EIGHT + cloudGrace)
    expect(alarm.raise.map((one) => one.facts.room)).toEqual(['day', 'night'])
    const notes = alarm.raise[0]!.facts.notes.map(translator('en', 'Asia/Shanghai'))
    expect(notes[0]).toBe(
      'Since 07:59:00 no push has come and calls fail: the clock of this machine is 90 s behind the cloud’s: set it by NTP (5003).',
    )
    expect(judge(alarm.pulse, EIGHT + 2 * cloudGrace).raise).toEqual([])
    const back = judge(merge(alarm.pulse, { pushedAt: EIGHT + 13 * 60 * SECOND }), EIGHT + 13 * 60 * SECOND)
    expect(back.resolve.map((one) => one.alarm)).toEqual(alarm.raise.map((one) => one.alarm))
    expect(translator('en', 'Asia/Shanghai')(back.resolve[0]!.outcome)).toBe('back after 14 min')
    expect(back.isBack).toBe(true)
  })

  test('waits longer where pushes are rare', () => {
    const rare = { failed, pushedAt: EIGHT, pause: 100 * SECOND }
    const away = judge(rare, EIGHT + 101 * SECOND)
    expect(away.pulse.away).toBeDefined()
    expect(judge(away.pulse, EIGHT + 101 * SECOND + cloudGrace).raise).toHaveLength(0)
    expect(judge(away.pulse, EIGHT + 300 * SECOND).raise).toHaveLength(2)
  })
})

test('what instances hear, in whatever order it is laid together, comes to the same', () => {
  const heard = fc.record(
    {
      pushedAt: fc.integer({ min: 1, max: 20 }),
      answeredAt: fc.integer({ min: 1, max: 20 }),
      failed: fc.record({ since: fc.integer({ min: 1, max: 20 }), why: fc.constant(why) }),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(heard, heard, (one, other) => {
      const [a, b] = [merge(one, other), merge(other, one)]
      expect(a).toEqual(b)
      expect(a.pushedAt ?? 0).toBe(Math.max(one.pushedAt ?? 0, other.pushedAt ?? 0))
      if (a.failed) expect(a.failed.since).toBeGreaterThan(a.answeredAt ?? 0)
    }),
  )
})

test('how far apart pushes come is known from whoever heard the last one, or else from before', () => {
  const before = { pushedAt: 5, pause: 1000 }
  const later = { pushedAt: 9, pause: 7000 }
  expect([merge(before, later).pause, merge(later, before).pause]).toEqual([7000, 7000])
  expect(merge(before, { pushedAt: 9 }).pause).toBe(1000)
  expect(merge(before, {}).pause).toBe(1000)
})

test('no two alarms of a room stand at once, and none before its grace', () => {
  const turn = fc.record({
    what: fc.constantFrom('push', 'answer', 'fail', 'nothing'),
    wait: fc.nat(2 * cloudGrace),
  })
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 30 }), (turns) => {
      let pulse: CloudPulse = {}
      let now = EIGHT
      let awaySince: number | undefined
      const standing = new Set<string>()
      for (const { what, wait } of turns) {
        const heard: CloudPulse =
          what === 'push'
            ? { pushedAt: now }
            : what === 'answer'
              ? { answeredAt: now }
              : what === 'fail'
                ? { failed: { since: now, why } }
                : {}
        const verdict = judge(merge(pulse, heard), now)
        pulse = verdict.pulse
        awaySince = pulse.away ? (awaySince ?? now) : undefined
        for (const { facts } of verdict.raise) {
          expect(standing.has(facts.room)).toBe(false)
          standing.add(facts.room)
          expect(now - awaySince!).toBeGreaterThanOrEqual(cloudGrace)
        }
        if (verdict.resolve.length > 0) standing.clear()
        if (what === 'push' || what === 'answer') expect(standing.size).toBe(0)
        now += wait
      }
    }),
  )
})
