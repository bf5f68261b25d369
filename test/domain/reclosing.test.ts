import { describe, expect, test } from 'vitest'
import type { Cause } from '../../src/domain/report.ts'
import { automatic, waiting } from './support/reclosing.ts'
import { CHIEF, JIA, POLICY, VIEWER, YI } from './support/site.ts'
import { noticesOf, REFUSED, replyOf, type Story, switchesOf, TAKEN, UNKNOWN } from './support/story.ts'

const closes = (story: Story) => story.decisions().flatMap(switchesOf).length
const stage = (story: Story) => story.state().circuits.power?.reclosing?.stage
const notices = (story: Story) => story.decisions().flatMap(noticesOf)
const audit = (story: Story) => story.decisions().flatMap((one) => one.audit.map((line) => line.what))

/** Closed by itself, its reclaim time running. */
function reclosed(story = waiting()): Story {
  story.wait(5000)
  story.outcome(TAKEN)
  story.answered('closed')
  return story
}

test('announced with a button to stop it, closed after the dead time, told, and watched', () => {
  const story = waiting()
  expect(story.card().buttons.map((one) => one.action)).toEqual(['ack', 'stop', 'energy'])
  expect(story.card().notes.map((one) => one.key)).toContain('note.reclosing')
  story.wait(4999)
  expect(closes(story)).toBe(0)
  story.wait(1)
  expect(closes(story)).toBe(1)
  expect(story.operation()).toMatchObject({ stage: 'confirmed', askedBy: { automatic: true }, to: 'closed' })
  story.outcome(TAKEN)
  story.answered('closed')
  expect(stage(story)).toBe('watching')
  expect(notices(story)).toContain('notice.reclosed')
  story.wait(180_000)
  expect(stage(story)).toBeUndefined()
  expect(story.incidents()[0]?.story.map((line) => line.text.key)).toEqual([
    'story.reclose-announced',
    'story.reclosing',
    'story.closed',
    'story.reclaimed',
  ])
  expect(audit(story)).toEqual([
    'incident.opened',
    'reclosing.announced',
    'close.confirmed',
    'operation.taken',
    'operation.done',
    'reclosing.closed',
    'incident.resolved',
    'reclosing.succeeded',
  ])
})

describe('begins nothing', () => {
  test.each<Cause>(['short-circuit', 'leakage', 'over-temperature', 'overload', 'unknown'])(
    'after %s',
    (cause) => {
      const story = waiting(cause)
      story.wait(600_000)
      expect([stage(story), closes(story)]).toEqual([undefined, 0])
    },
  )
  test.each<Cause>(['short-circuit', 'leakage', 'over-temperature'])(
    'after %s even where it was named',
    (cause) => {
      const story = waiting(cause, { causes: [cause] })
      story.wait(600_000)
      expect(closes(story)).toBe(0)
    },
  )
  test.each(['hand', 'order', 'command'] as const)('when it was opened on purpose: %s', (by) => {
    const story = automatic()
    if (by === 'hand') story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
    if (by === 'order') story.push({ kind: 'order', positions: { power: 'open' } })
    if (by === 'command') {
      story.say(JIA, 'open')
      story.answered('open')
    }
    const before = closes(story)
    story.wait(600_000)
    expect(closes(story)).toBe(before)
  })
  test('when reconciliation found it, or it was told half a minute late', () => {
    const found = automatic()
    const fault = { cause: 'under-voltage', raw: '欠压' } as const
    found.wait(600_000)
    found.push({ kind: 'state', asked: true, reconciled: {}, positions: { power: 'open' }, fault })
    expect(stage(found)).toBeUndefined()
    const late = automatic()
    late.wait(60_000)
    late.trip('under-voltage', { at: late.now() - 30_001 })
    expect(stage(late)).toBeUndefined()
  })
  test('when somebody had closed it a moment before, perhaps into the fault', () => {
    const story = automatic()
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
    story.closed({ kind: 'event', name: 'btn', mover: 'hand' })
    story.wait(60_000)
    story.trip('under-voltage')
    expect(stage(story)).toBeUndefined()
  })
  test('nor where the last close of ours was automatic, but long ago', () => {
    const story = reclosed()
    story.wait(200_000)
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
    story.closed({ kind: 'event', name: 'btn', mover: 'hand' })
    story.wait(60_000)
    story.trip('under-voltage')
    expect(stage(story)).toBeUndefined()
  })
  test('while a hold stands, while it is offline, and without control', () => {
    const held = automatic()
    held.say(JIA, 'hold', { reason: '检修' })
    held.trip('under-voltage')
    expect(stage(held)).toBeUndefined()
    // Nor when the hold is lifted and the same trip is told once more.
    held.say(JIA, 'release')
    held.trip('under-voltage')
    held.wait(60_000)
    expect(closes(held)).toBe(0)
    const off = waiting('under-voltage', {}, { policy: { actuation: false } })
    expect(stage(off)).toBeUndefined()
  })
})

describe('is stopped', () => {
  test.each([
    ['the button', (story: Story) => story.press(YI, 'stop'), 'stop.done'],
    ['the word', (story: Story) => story.say(YI, 'stop'), 'stop.done'],
    ['cancel', (story: Story) => story.press(YI, 'cancel'), 'stop.done'],
    ['a hold', (story: Story) => story.say(YI, 'hold', { reason: '检修' }), 'hold.done'],
    ['somebody who wants to close it', (story: Story) => story.say(YI, 'reclose'), 'close.asked'],
  ])('by %s, and says so', (_, act, key) => {
    const story = waiting()
    expect(replyOf(act(story))).toBe(`done: ${key}`)
    expect(stage(story)).toBe('over')
    expect(notices(story)).toContain('notice.reclose-stopped')
    story.wait(60_000)
    expect(closes(story)).toBe(0)
    expect(story.timers().filter((id) => id.startsWith('reclose'))).toEqual([])
    // Not begun again by the same trip told once more, nor by another one.
    story.trip('under-voltage')
    story.trip('phase-loss')
    story.wait(60_000)
    expect(closes(story)).toBe(0)
  })
  test('not by whoever may not', () => {
    const story = waiting()
    expect(replyOf(story.press(VIEWER, 'stop'))).toBe('refused: gate.role')
    expect(stage(story)).toBe('waiting')
    const over = waiting('overload')
    expect(replyOf(over.say(JIA, 'stop'))).toBe('refused: stop.nothing')
  })
  test('by a fault that forbids it', () => {
    const story = waiting()
    story.trip('leakage')
    story.wait(60_000)
    expect([stage(story), closes(story)]).toEqual(['over', 0])
  })
  test('by going offline, once its time has come', () => {
    const story = waiting()
    story.push({ kind: 'offline' })
    story.wait(5000)
    expect([stage(story), closes(story)]).toEqual(['over', 0])
    expect(story.decisions().at(-1)?.audit).toMatchObject([
      { what: 'reclosing.stopped', details: { reasons: ['gate.offline'] } },
    ])
  })
  test('by a hand that closes it, without a word about reclosing', () => {
    const story = waiting()
    story.closed({ kind: 'event', name: 'btn', mover: 'hand' })
    story.wait(60_000)
    expect([stage(story), closes(story)]).toEqual([undefined, 0])
  })
})

test('a dead time that passed while nothing ran lapses, and says so', () => {
  const story = waiting()
  story.sleep(10_001)
  story.wait(0)
  expect([stage(story), closes(story)]).toEqual(['over', 0])
  expect(notices(story)).toContain('notice.reclose-stopped')
  expect(audit(story)).toContain('reclosing.lapsed')
  expect(story.card().notes.map((one) => one.key)).toContain('note.reclose-stopped')
  expect(story.card().buttons.map((one) => one.action)).toContain('reclose')
})

describe('a trip within the reclaim time', () => {
  test('locks out after the last shot: its own alarm, and an admin only', () => {
    const story = reclosed()
    story.wait(179_000)
    const again = story.trip('under-voltage')
    expect(again.effects).toContainEqual(
      expect.objectContaining({
        do: 'notice',
        urgent: true,
        text: expect.objectContaining({ key: 'notice.lock-out-re-trip' }),
      }),
    )
    story.wait(600_000)
    expect(closes(story)).toBe(1)
    expect(replyOf(story.press(CHIEF, 'reclose'))).toBe('refused: close.refused (gate.re-trip)')
    expect(replyOf(story.say(JIA, 'unlock', { reason: '已检查' }))).toBe('refused: unlock.admin-only')
    expect(replyOf(story.say(CHIEF, 'unlock', { reason: '已检查' }))).toBe('done: unlock.done')
    expect(replyOf(story.press(JIA, 'reclose'))).toBe('done: close.asked')
  })
  test('while it is still closing, too', () => {
    const story = waiting()
    story.wait(5000)
    story.outcome(TAKEN)
    story.wait(200)
    story.trip('under-voltage')
    story.wait(600_000)
    expect(closes(story)).toBe(1)
    expect(replyOf(story.press(JIA, 'reclose'))).toBe('refused: close.refused (gate.re-trip)')
  })
  test('begins the next shot where there is one, then locks out', () => {
    const story = reclosed(waiting('under-voltage', { shots: 2 }))
    story.wait(20_000)
    story.trip('under-voltage')
    expect(stage(story)).toBe('waiting')
    reclosed(story)
    story.wait(20_000)
    story.trip('under-voltage')
    story.wait(600_000)
    expect(closes(story)).toBe(2)
    expect(notices(story)).toContain('notice.lock-out-re-trip')
  })
  test('after it the count begins anew, until the day is used up', () => {
    const story = automatic()
    for (let time = 0; time < 4; time++) {
      story.trip('under-voltage')
      if (time < 3) reclosed(story)
      story.wait(3_600_000)
    }
    expect(closes(story)).toBe(3)
    expect(story.position()).toBe('open')
  })
})

describe('the command', () => {
  test('refused: it is over, and says why', () => {
    const story = waiting()
    story.wait(5000)
    story.outcome(REFUSED)
    expect(stage(story)).toBe('over')
    expect(notices(story)).toContain('notice.reclose-stopped')
    story.wait(600_000)
    expect(closes(story)).toBe(1)
  })
  test('whose outcome is unknown is looked up, never repeated', () => {
    const story = waiting()
    story.wait(5000)
    story.outcome(UNKNOWN)
    story.wait(2000)
    story.lookedUp('open')
    expect(stage(story)).toBe('over')
    story.wait(600_000)
    expect(closes(story)).toBe(1)
    story.answered('closed')
    expect(stage(story)).toBe('watching')
  })
})

describe('after a voltage fault the supply is watched first', () => {
  const options = { policy: { closing: { ...POLICY.closing, voltageStable: 60_000 } } }
  /** Looks as often as the machine asks, for so long. */
  function look(story: Story, ms: number, volts: (at: number) => number | undefined): void {
    const from = story.now()
    while (story.now() < from + ms && closes(story) === 0) {
      story.seen(volts(story.now() - from))
      story.wait(10_000)
    }
  }
  test('closes once it has been well for a minute', () => {
    const story = waiting('under-voltage', {}, options)
    look(story, 50_000, () => 229)
    expect(closes(story)).toBe(0)
    look(story, 30_000, () => 229)
    expect(closes(story)).toBe(1)
  })
  test('begins its minute anew when it sags, told by a look or a push', () => {
    const story = waiting('under-voltage', {}, options)
    look(story, 50_000, () => 229)
    story.push({ kind: 'state', positions: { power: 'open' }, readings: { voltage: 170 } })
    look(story, 50_000, () => 229)
    expect(closes(story)).toBe(0)
    look(story, 40_000, () => 229)
    expect(closes(story)).toBe(1)
  })
  test('gives up after ten minutes, also where nothing can be read', () => {
    for (const volts of [170, undefined]) {
      const story = waiting('under-voltage', {}, options)
      look(story, 700_000, () => volts)
      expect([stage(story), closes(story)]).toEqual(['over', 0])
    }
  })
})

test('after an overload, where it was named, it cools first', () => {
  const closing = { ...POLICY.closing, coolDown: 180_000 }
  const story = waiting('overload', { causes: ['overload'] }, { policy: { closing } })
  story.wait(179_999)
  expect(closes(story)).toBe(0)
  story.wait(1)
  expect(closes(story)).toBe(1)
})
