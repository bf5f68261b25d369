import { describe, expect, test } from 'vitest'
import type { Cause } from '../../src/domain/report.ts'
import { CHIEF, JIA, YI } from './support/site.ts'
import { replyOf, type Story, switchesOf, TAKEN, tripped } from './support/story.ts'

/** Asked, confirmed by as many as it takes, closed. */
function close(story: Story): void {
  story.say(JIA, 'reclose')
  const alone = switchesOf(story.say(JIA, 'confirm')).length > 0
  if (!alone) story.say(YI, 'confirm')
  story.outcome(TAKEN)
  story.answered('closed')
}

function closed(cause: Cause = 'overload'): Story {
  const story = tripped(cause)
  close(story)
  return story
}

const rings = (story: Story) =>
  story
    .decisions()
    .at(-1)
    ?.effects.flatMap((one) => (one.do === 'notice' && one.urgent ? [one.text.key] : []))
const refused = (story: Story, person = CHIEF) => replyOf(story.say(person, 'reclose'))

describe('a trip soon after a close of ours', () => {
  test('within the reclaim time is a permanent fault: locked out, with an alarm of its own', () => {
    const story = closed()
    story.wait(180_000)
    const again = story.trip('overload')
    expect(rings(story)).toEqual(['notice.lock-out-re-trip'])
    expect(again.audit).toContainEqual(expect.objectContaining({ what: 'lock-out.set' }))
    expect(story.card().notes[0]?.key).toBe('note.lock-out-re-trip')
    expect(refused(story)).toBe('refused: close.refused (gate.re-trip)')
  })
  test('after it is a fault like any other', () => {
    const story = closed()
    story.wait(180_001)
    story.trip('overload')
    expect(rings(story)).toEqual([])
    expect(refused(story)).toBe('done: close.asked')
  })
  test('counts by either clock: the breaker’s may be wrong, the push late', () => {
    for (const [wait, late] of [
      [60_000, -3_600_000],
      [400_000, 380_000],
    ] as const) {
      const story = closed()
      story.wait(wait)
      story.trip('overload', { at: story.now() - late })
      expect(refused(story)).toBe('refused: close.refused (gate.re-trip)')
    }
  })
  test('by another fault, too', () => {
    const story = closed()
    story.wait(1000)
    story.trip('phase-loss')
    expect(refused(story)).toBe('refused: close.refused (gate.re-trip)')
  })
  test('not where somebody opened it after all', () => {
    const story = closed()
    story.wait(20_000)
    story.push({ kind: 'state', positions: { power: 'open' } })
    expect(refused(story)).toBe('refused: close.refused (gate.re-trip)')
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' }, at: story.now() - 1000 })
    expect(refused(story)).toBe('done: close.asked-second')
  })
  test('not after a close that was not ours', () => {
    const story = tripped()
    story.closed({ kind: 'event', name: 'btn', mover: 'hand' })
    story.wait(1000)
    story.trip('overload')
    expect(refused(story)).toBe('done: close.asked')
  })
})

describe('earth leakage twice in a row', () => {
  test('after a close of ours, however long ago, is locked out', () => {
    const story = closed('leakage')
    story.wait(3_600_000)
    story.trip('leakage')
    expect(rings(story)).toEqual(['notice.lock-out-leakage-again'])
    expect(refused(story)).toBe('refused: close.refused (gate.leakage-again)')
  })
  test('not where another fault or a hand on site lies between them', () => {
    const other = closed('leakage')
    other.wait(3_600_000)
    other.trip('overload')
    close(other)
    other.wait(3_600_000)
    other.trip('leakage')
    expect(refused(other)).toBe('done: close.asked-second')
    const hand = tripped('leakage')
    hand.closed({ kind: 'event', name: 'btn', mover: 'hand' })
    hand.wait(3_600_000)
    hand.trip('leakage')
    expect(refused(hand)).toBe('done: close.asked-second')
  })
})

describe('a short circuit', () => {
  test('is locked out; its cause may be learned later, and then it rings', () => {
    expect(rings(tripped('short-circuit'))).toEqual([])
    const story = tripped('unknown')
    story.push({
      kind: 'state',
      positions: { power: 'open' },
      fault: { cause: 'short-circuit', raw: '短路' },
    })
    expect(rings(story)).toEqual(['notice.lock-out-short-circuit'])
    expect(refused(story)).toBe('refused: close.refused (gate.short-circuit)')
  })
  test('is closed by two persons, once an admin has noted what was found', () => {
    const story = tripped('short-circuit')
    story.say(CHIEF, 'unlock', { reason: '已更换电缆' })
    expect(story.card().notes[0]).toMatchObject({
      key: 'note.unlocked',
      values: { person: CHIEF, reason: '已更换电缆' },
    })
    expect(replyOf(story.say(JIA, 'reclose'))).toBe('done: close.asked-second')
    expect(replyOf(story.say(JIA, 'confirm'))).toBe('refused: confirm.needs-other')
    expect(switchesOf(story.say(YI, 'confirm'))).toHaveLength(1)
  })
  test('the next one is locked out again', () => {
    const story = tripped('short-circuit')
    story.say(CHIEF, 'unlock', { reason: '已更换电缆' })
    close(story)
    story.wait(3_600_000)
    story.trip('short-circuit')
    expect(refused(story)).toBe('refused: close.refused (gate.short-circuit)')
  })
})

describe('is lifted', () => {
  test('by an admin with a reason only', () => {
    const story = tripped('short-circuit')
    const tried = story.say(JIA, 'unlock', { reason: '看过了' })
    expect(replyOf(tried)).toBe('refused: unlock.admin-only')
    expect(tried.audit).toMatchObject([{ who: JIA, what: 'unlock.refused' }])
    expect(replyOf(story.say(CHIEF, 'unlock'))).toBe('refused: unlock.reason')
    const lifted = story.say(CHIEF, 'unlock', { reason: '已更换电缆' })
    expect(replyOf(lifted)).toBe('done: unlock.done')
    expect(lifted.audit).toMatchObject([
      { who: CHIEF, what: 'lock-out.lifted', details: { why: 'short-circuit', reason: '已更换电缆' } },
    ])
    expect(replyOf(story.say(CHIEF, 'unlock', { reason: '再一次' }))).toBe('refused: unlock.nothing')
  })
  test('not by a hold that is lifted, nor by time', () => {
    const story = tripped('short-circuit')
    story.say(JIA, 'hold', { reason: '检修' })
    story.say(JIA, 'release')
    story.wait(30 * 24 * 3_600_000)
    expect(refused(story)).toBe('refused: close.refused (gate.short-circuit)')
  })
})
