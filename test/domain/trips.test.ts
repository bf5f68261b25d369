import { describe, expect, it, test } from 'vitest'
import type { Report } from '../../src/domain/report.ts'
import { EIGHT, JIA, PUMP } from './support/site.ts'
import { noticesOf, replyOf, type Story, tellStory, tripped } from './support/story.ts'

const overload = { cause: 'overload', raw: 'overload' } as const

test('a trip opens one incident and brings its card at once', () => {
  const story = tellStory()
  story.closed()
  const { effects, audit } = story.trip('overload')
  const id = story.incident()?.id
  expect(effects).toEqual([{ do: 'card', subject: id, urgent: true }])
  expect(audit).toMatchObject([{ who: 'system', what: 'incident.opened', details: { cause: 'overload' } }])
  expect(story.position()).toBe('open')
})

describe('an event that only says «open» of a circuit known to be open', () => {
  const bare = { kind: 'event', positions: { power: 'open' } } as const

  it('is a trip where it was opened on purpose: the closing in between was lost', () => {
    const story = tellStory()
    story.closed()
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
    story.wait(60_000)
    expect(story.push(bare).effects).toMatchObject([{ do: 'card', urgent: true }])
    expect(story.incident()).toMatchObject({ cause: 'unknown' })
    expect(story.opening()).toBe('trip')
  })

  it('is the echo of an opening just told, and of a trip that is known', () => {
    const story = tellStory()
    story.closed()
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
    story.wait(1000)
    expect(story.push(bare).effects).toEqual([])
    const other = tripped()
    other.wait(60_000)
    expect(other.push(bare).effects).toEqual([])
  })
})

test('a trip while a close is under way rings again', () => {
  const story = tripped()
  story.press(JIA, 'reclose')
  story.press(JIA, 'confirm')
  story.outcome({ result: 'taken' })
  const { effects, audit } = story.trip('overload')
  expect(effects).toContainEqual(expect.objectContaining({ do: 'notice' }))
  expect(audit).toContainEqual(expect.objectContaining({ what: 'operation.tripped' }))
})

test('the same report twice is one', () => {
  const story = tellStory()
  story.closed()
  story.trip('overload', { id: 'same' })
  const before = story.state()
  const { breaker, effects, incidents } = story.trip('overload', { id: 'same' })
  expect([breaker, effects, incidents]).toEqual([before, [], []])
})

describe('the same fault, reported again', () => {
  it('is counted by events, and the card says so', () => {
    const story = tripped()
    story.trip('overload')
    story.trip('unknown')
    expect(story.incident()).toMatchObject({ cause: 'overload', repeats: 2 })
    expect(story.card().notes.map((one) => one.key)).toContain('note.repeats')
  })

  it('is nothing new when a state goes on naming it', () => {
    const story = tripped()
    const { effects } = story.push({ kind: 'state', positions: { power: 'open' }, fault: overload })
    expect(effects).toEqual([])
    expect(story.incident()?.repeats).toBe(0)
  })
})

describe('a cause that was not known', () => {
  it('is filled in, in the same incident', () => {
    const story = tellStory()
    story.closed()
    story.push({ kind: 'state', positions: { power: 'open' } })
    expect(story.incident()).toMatchObject({ cause: 'unknown', discovery: 'state' })
    story.trip('overload')
    expect(story.incidents()).toHaveLength(1)
    expect(story.incident()).toMatchObject({ cause: 'overload', repeats: 0 })
    expect(story.incident()?.story.at(-1)?.text.key).toBe('story.cause')
  })

  it('is filled in by an event that the state has overtaken', () => {
    const story = tellStory()
    story.closed()
    story.wait(5000)
    story.push({ kind: 'state', positions: { power: 'open' } })
    story.trip('overload', { at: story.now() - 800 })
    expect(story.incidents()).toHaveLength(1)
    expect(story.incident()).toMatchObject({ cause: 'overload', repeats: 0 })
    expect(story.state().circuits.power?.since).toBe(story.now())
  })

  it('is not filled in by a report that is much older', () => {
    const story = tellStory()
    story.closed()
    story.wait(60_000)
    story.push({ kind: 'state', positions: { power: 'open' } })
    story.trip('overload', { at: story.now() - 30_000 })
    expect(story.incident()).toMatchObject({ cause: 'unknown' })
  })

  it('is shown by the word as it came, once there is one', () => {
    const story = tellStory()
    story.closed()
    story.push({ kind: 'state', positions: { power: 'open' } })
    story.push({
      name: 'trip',
      mover: 'trip',
      positions: { power: 'open' },
      fault: { cause: 'unknown', raw: 'E07' },
    })
    expect(story.incident()).toMatchObject({ cause: 'unknown', raw: 'E07' })
    expect(story.card().rows.find((row) => row.label.key === 'row.cause')?.value).toBe('E07')
    story.trip('leakage')
    expect(story.incident()).toMatchObject({ cause: 'leakage', raw: 'leakage' })
  })
})

describe('another fault on a circuit that has an incident', () => {
  it('takes its place, with a card of its own', () => {
    const story = tripped()
    const first = story.incident()
    story.press(JIA, 'ack')
    story.trip('leakage')
    const [old, next] = story.incidents()
    expect(old).toMatchObject({ id: first?.id, status: 'resolved', supersededBy: next?.id })
    expect(next).toMatchObject({ status: 'open', cause: 'leakage' })
    expect(next?.owner).toBeUndefined()
    expect(replyOf(story.press(JIA, 'reclose', { subject: first?.id ?? '' }))).toBe('refused: ask.superseded')
  })

  it('never makes a short circuit or a leakage harmless while it stands open', () => {
    for (const cause of ['short-circuit', 'leakage'] as const) {
      const story = tripped(cause)
      story.trip('under-voltage')
      story.push({
        kind: 'state',
        positions: { power: 'open' },
        fault: { cause: 'over-voltage', raw: 'ov_vol' },
      })
      expect(story.incidents()).toHaveLength(1)
      expect(story.incident()).toMatchObject({ cause, repeats: 1 })
    }
  })

  it('is believed from a state only where it asks for more', () => {
    const story = tripped('over-voltage')
    const say = (cause: 'under-voltage' | 'short-circuit') =>
      story.push({ kind: 'state', positions: { power: 'open' }, fault: { cause, raw: cause } })
    expect(say('under-voltage').effects).toEqual([])
    say('short-circuit')
    expect(story.incident()).toMatchObject({ cause: 'short-circuit', discovery: 'state' })
  })
})

describe('what is shown of the readings', () => {
  const climb = () => {
    const story = tellStory()
    for (const current of [31, 52, 63]) {
      story.closed({ readings: { current, voltage: 229 } })
      story.wait(10_000)
    }
    return story
  }

  it('has the last ones before the trip, the trip report itself first of all', () => {
    const story = climb()
    story.trip('overload', { readings: { current: 63.1, activePower: 14_400 } })
    expect(story.incident()?.readings).toEqual({ current: 63.1, voltage: 229, activePower: 14_400 })
  })

  it('counts as evidence what was measured in the minute before', () => {
    const story = climb()
    story.trip('unknown')
    expect(story.incident()?.evidence).toEqual({ low: 31, high: 63, seconds: 30, percent: 105, near: true })
    expect(story.card().notes.map((one) => one.key)).toEqual([
      'evidence.no-cause',
      'evidence.near',
      'evidence.maybe-overload',
      'advice.unknown',
    ])
  })

  it('does not guess where the load was low, the rating is unknown, or nothing was measured', () => {
    const low = tellStory()
    low.closed({ readings: { current: 5 } })
    low.wait(1000)
    low.trip('unknown')
    expect(low.card().notes.map((one) => one.key)).toEqual([
      'evidence.no-cause',
      'evidence.far',
      'evidence.no-hint',
      'advice.unknown',
    ])
    const { ratedCurrent: _, ...unrated } = PUMP
    const nameless = tellStory({ config: unrated })
    nameless.closed({ readings: { current: 63 } })
    nameless.wait(1000)
    nameless.trip('unknown')
    expect(nameless.card().notes.map((one) => one.key)).toContain('evidence.no-hint')
    expect(
      tripped('unknown')
        .card()
        .notes.map((one) => one.key),
    ).toEqual(['evidence.no-cause', 'evidence.none', 'advice.unknown'])
  })

  it('says how the opening was found where no event told of it', () => {
    const story = tellStory()
    story.closed()
    story.push({ kind: 'online', positions: { power: 'open' } })
    expect(story.incident()).toMatchObject({ discovery: 'boot' })
    expect(story.card().notes.map((one) => one.key)).toContain('note.found-by-boot')
  })
})

describe('a clock that runs ahead', () => {
  it('does not make what comes later look old', () => {
    const story = tellStory()
    story.closed({ at: EIGHT + 20 * 3_600_000 })
    story.wait(1000)
    story.trip('overload')
    expect(story.incident()).toMatchObject({ cause: 'overload', openedAt: EIGHT + 1000 })
  })
})

test('the story is kept short, and a trip that repeats does not push it out', () => {
  const story = tripped()
  story.press(JIA, 'ack')
  for (let i = 0; i < 50; i++) story.trip('overload')
  expect(story.incident()).toMatchObject({ repeats: 50 })
  expect(story.incident()?.story.map((line) => line.text.key)).toEqual(['story.acknowledged'])
  for (let i = 0; i < 50; i++) {
    story.press(JIA, 'reclose')
    story.press(JIA, 'cancel')
  }
  expect(story.incident()?.story).toHaveLength(30)
})

test('memory of a breaker stays small', () => {
  const story = tellStory()
  for (let i = 0; i < 200; i++) {
    story.wait(1000)
    story.closed({ readings: { current: i }, fault: { cause: 'unknown', raw: `word ${i}` } })
  }
  story.wait(700_000)
  story.closed({ readings: { current: 1 }, fault: { cause: 'unknown', raw: 'last' } })
  const { seen, recent, warned } = story.state()
  expect(seen.length).toBe(30)
  expect(recent).toHaveLength(1)
  expect(Object.keys(warned)).toEqual(['last'])
})

describe('an opening on purpose, told only after a state that overtook it', () => {
  /** Closed, then found open in a state, which is taken for a trip; 2 s later somebody's deed is told. */
  function overtaken(fields: Partial<Report>): Story {
    const story = tellStory()
    story.closed()
    story.wait(60_000)
    story.push({ kind: 'state', positions: { power: 'open' } })
    story.wait(2000)
    story.push({ positions: { power: 'open' }, at: story.now() - 2500, ...fields })
    return story
  }

  test.each([
    ['by hand', { name: 'btn', mover: 'hand' }, 'hand', 'notice.opened-by-hand'],
    ['by another client', { kind: 'order', extra: 'T25030700001' }, 'client', 'notice.opened-by-client'],
  ] as const)('%s is no trip', (_, fields, by, notice) => {
    const story = overtaken(fields)
    expect(story.incident()).toBeUndefined()
    expect(story.incidents()[0]).toMatchObject({ status: 'resolved', noTrip: true })
    expect(story.position()).toBe('open')
    expect(story.opening()).toBe(by)
    expect(noticesOf(story.decisions().at(-1)!)).toEqual([notice])
    expect(story.card().subtitle.key).toBe('state.no-trip')
  })

  test.each([
    ['told of an earlier opening', { name: 'btn', mover: 'hand', at: EIGHT + 40_000 }],
    ['happened later', { name: 'btn', mover: 'hand', at: EIGHT + 61_000 }],
    ['names a fault', { name: 'btn', mover: 'hand', fault: { cause: 'overload', raw: '过载' } }],
  ] as const)('but not where it %s', (_, fields) => {
    const story = overtaken(fields)
    expect(story.incidents()).toHaveLength(1)
    expect(story.incident()).toBeDefined()
  })

  test('nor where the trip was told by its own event', () => {
    const story = tripped('unknown')
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' }, at: story.now() - 1500 })
    expect(story.incident()).toBeDefined()
  })

  test('a request to close it, made meanwhile, is void', () => {
    const story = tellStory()
    story.closed()
    story.wait(60_000)
    story.push({ kind: 'state', positions: { power: 'open' } })
    story.press(JIA, 'reclose')
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' }, at: story.now() - 500 })
    expect(story.operation()?.stage).toBe('cancelled')
  })
})
