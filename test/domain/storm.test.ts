import { describe, expect, test } from 'vitest'
import {
  decideStorm,
  holdsSite,
  isCollecting,
  newStorm,
  nextShown,
  nextTold,
  QUIET,
  SHOW_EVERY,
} from '../../src/domain/storm.ts'
import { decideStormAck, kindOf } from '../../src/domain/storm-ack.ts'
import type { StormMember } from '../../src/domain/storm-member.ts'
import { MOST_SITES, startCounting } from '../../src/domain/storm-tally.ts'
import { EIGHT, JIA, PEOPLE, PUMP, VIEWER, YI } from './support/site.ts'

const NOW = { now: EIGHT, more: 3 }
const member = (n: number, more: Partial<StormMember> = {}): StormMember => ({
  incident: `i${n}`,
  breaker: `${9000 + n}`,
  title: `${n}号泵`,
  site: '一号鱼塘',
  joinedAt: EIGHT,
  standing: 'open',
  cause: 'under-voltage',
  ...more,
})
const tallyOf = (members: StormMember[], sizes: [string, number][] = [], more = 3) => {
  const counting = startCounting({ since: EIGHT, sizes: new Map(sizes), more, isHere: () => true })
  for (const one of members) counting.add(one)
  return counting.done()
}
const many = (count: number, more: Partial<StormMember> = {}) =>
  Array.from({ length: count }, (_, n) => member(n, more))
const begun = newStorm('s1', 'night-shift', '一号鱼塘', EIGHT)
const shown = (members: StormMember[], now = EIGHT) =>
  decideStorm(begun, tallyOf(members), { now, more: 3 }).storm
const who = (name: string) => PEOPLE.find((one) => one.name === name)!

describe('a storm', () => {
  test('shows nothing before its first incident is known, and is dropped where none ever is', () => {
    const none = tallyOf([])
    expect(decideStorm(begun, none, NOW)).toEqual({ storm: begun, lookAt: EIGHT + QUIET, audit: [] })
    expect(decideStorm(begun, none, { now: EIGHT + QUIET, more: 3 })).toMatchObject({
      storm: { phase: 'over' },
      end: 'clear',
    })
    expect(decideStorm(begun, none, { now: EIGHT + QUIET, more: 3 }).card).toBeUndefined()
  })

  test('rings with its first card only, and says nothing where nothing has changed', () => {
    const first = decideStorm(begun, tallyOf(many(5)), NOW)
    expect(first).toMatchObject({ card: { urgent: true }, storm: { version: 1, phase: 'collecting' } })
    expect(decideStorm(first.storm, tallyOf(many(5)), NOW).storm).toBe(first.storm)
    expect(decideStorm(first.storm, tallyOf(many(6)), NOW)).toMatchObject({ card: { urgent: false } })
  })

  test('passes when none has joined for a minute: few left have cards of their own, many keep theirs', () => {
    const later = { now: EIGHT + QUIET, more: 3 }
    const few = decideStorm(shown(many(5)), tallyOf([...many(3), member(3, { standing: 'closed' })]), later)
    expect(few).toMatchObject({
      end: 'release',
      storm: { phase: 'over', tally: { open: 0, own: 3, closed: 1, total: 4 } },
    })
    expect(few.audit).toMatchObject([{ what: 'storm.over' }])
    const most = decideStorm(shown(many(5)), tallyOf(many(4)), later)
    expect(most.storm).toMatchObject({ phase: 'standing', tally: { open: 4, own: 0 } })
    expect(most.end).toBeUndefined()
    expect(isCollecting(most.storm, later.now)).toBe(false)
  })

  test('lets go of what joined in the very moment in which it ended', () => {
    const over = decideStorm(shown(many(5)), tallyOf([]), { now: EIGHT + QUIET, more: 3 }).storm
    expect(over.phase).toBe('over')
    expect(decideStorm(over, tallyOf(many(1)), NOW)).toEqual({ storm: over, end: 'release', audit: [] })
    expect(decideStorm(over, tallyOf([]), NOW)).toEqual({ storm: over, end: 'clear', audit: [] })
  })

  test('holds the sites that it has, and all of them once they are too many to count', () => {
    expect(holdsSite(begun, '一号鱼塘')).toBe(true)
    expect(holdsSite(begun, '二号鱼塘')).toBe(false)
    const everywhere = Array.from({ length: MOST_SITES + 1 }, (_, n) => member(n, { site: `塘${n}` }))
    expect(holdsSite(shown(everywhere), '别处')).toBe(true)
  })

  test('keeps its card and its texts apart', () => {
    const one = shown(many(5))
    expect(nextShown(one, EIGHT + 100)).toBe(EIGHT + SHOW_EVERY)
    expect(nextTold(one, EIGHT + 100)).toBe(EIGHT + 15_000)
    // One that waits already tells this, too.
    expect(nextTold({ ...one, toldAt: EIGHT + 15_000 }, EIGHT + 5000)).toBe(EIGHT + 15_000)
  })
})

describe('the guess that it is the supply', () => {
  const sizes: [string, number][] = [['一号鱼塘', 8]]
  test.each([
    ['all of a site, but for those that had cards of their own', many(5), ['一号鱼塘']],
    ['not all of it', many(4), []],
    ['one of them for another reason', [...many(4), member(4, { cause: 'overload' })], []],
    ['no cause told of', many(5, { cause: 'unknown' }), ['一号鱼塘']],
    ['a word that is not known', many(5, { cause: 'unknown', raw: 'E07' }), []],
  ])('%s', (_what, members, supply) => {
    expect(tallyOf(members, sizes).supply).toEqual(supply)
  })
})

test('what should be looked at first is named first', () => {
  const members = [
    ...many(9),
    member(20, { cause: 'leakage' }),
    member(21, { cause: 'short-circuit', owner: JIA }),
  ]
  expect(
    tallyOf(members)
      .names.map((one) => one.cause)
      .slice(0, 3),
  ).toEqual(['short-circuit', 'leakage', 'under-voltage'])
  expect(tallyOf(members).names).toHaveLength(8)
})

describe('acknowledging all', () => {
  const ask = { channel: 'telegram', sender: 'jia', anonymous: false } as const
  const storm = shown(many(5))
  const counts = { mine: 5, others: 0, underWay: 0 }

  test('is kept on the card with who did it', () => {
    const { reply, storm: after, audit } = decideStormAck(storm, ask, who(JIA), counts, EIGHT + 1000)
    expect(reply).toMatchObject({ refused: false, text: { key: 'storm.ack-done' } })
    expect(after!.acks).toEqual([{ person: JIA, channel: 'telegram', at: EIGHT + 1000, count: 5 }])
    expect(audit).toMatchObject([{ who: JIA, what: 'storm.acknowledged', details: { count: 5 } }])
  })

  test('is refused to strangers, the anonymous, and whoever may not', () => {
    const refused = [
      decideStormAck(storm, ask, undefined, counts, EIGHT),
      decideStormAck(storm, { ...ask, anonymous: true }, who(JIA), counts, EIGHT),
      decideStormAck(storm, ask, who(VIEWER), { mine: 0, others: 5, underWay: 0 }, EIGHT),
    ]
    for (const one of refused) {
      expect(one).toMatchObject({ reply: { refused: true }, audit: [{ what: 'ack.refused' }] })
      expect(one.storm).toBeUndefined()
    }
  })

  test('counts what somebody has acknowledged a moment ago as under way, and what joined since as open', () => {
    const acked = decideStormAck(storm, ask, who(JIA), counts, EIGHT + 1000).storm!
    const by = { person: who(YI), people: PEOPLE, now: EIGHT + 2000 }
    expect(kindOf(acked, member(1), PUMP, by)).toBe('underWay')
    expect(kindOf(acked, member(1, { joinedAt: EIGHT + 1500 }), PUMP, by)).toBe('mine')
    expect(kindOf(acked, member(1), PUMP, { ...by, now: EIGHT + 120_000 })).toBe('mine')
    expect(kindOf(acked, member(1, { owner: JIA }), PUMP, by)).toBeUndefined()
    expect(kindOf(acked, member(1, { standing: 'closed' }), PUMP, by)).toBeUndefined()
    expect(kindOf(storm, member(1), PUMP, { ...by, person: who(VIEWER) })).toBe('others')
    const again = decideStormAck(acked, ask, who(YI), { mine: 0, others: 0, underWay: 5 }, EIGHT + 2000)
    expect(again).toMatchObject({ reply: { refused: false, text: { values: { person: JIA } } } })
    expect(again.storm).toBeUndefined()
  })
})
