import { describe, expect, test } from 'vitest'
import { CHAT, JIA, YI } from './support/site.ts'
import { noticesOf, REFUSED, replyOf, type Story, switchesOf, TAKEN, tellStory } from './support/story.ts'

/** A closed breaker. */
function standing(): Story {
  const story = tellStory()
  story.closed()
  story.wait(1000)
  return story
}

/** 甲 has opened it; the cloud has taken the command. */
function sent(): Story {
  const story = standing()
  story.say(JIA, 'open')
  story.outcome(TAKEN)
  return story
}

describe('opening by command', () => {
  test('leaves at once, with a card of its own, and is done when the breaker says so', () => {
    const story = standing()
    const decision = story.say(JIA, 'open')
    const operation = story.operation()
    expect(replyOf(decision)).toBe('done: open.done')
    expect(switchesOf(decision)).toMatchObject([{ to: 'open', ref: operation?.ref }])
    expect(decision.effects).toContainEqual({
      do: 'card',
      subject: operation?.id,
      urgent: true,
      freshIn: CHAT,
    })
    story.outcome(TAKEN)
    const answered = story.answered('open')
    expect(story.operation()).toMatchObject({ stage: 'done' })
    expect(story.state().circuits.power?.opening).toEqual({
      by: 'command',
      actor: { person: JIA, channel: 'telegram' },
    })
    expect(noticesOf(answered)).toEqual([])
    expect(story.incidents()).toEqual([])
  })

  test('is refused where it is open, offline, or another command is under way', () => {
    const open = sent()
    open.answered('open')
    expect(replyOf(open.say(YI, 'open'))).toBe('refused: open.already')
    const offline = standing()
    offline.push({ kind: 'offline' })
    expect(replyOf(offline.say(JIA, 'open'))).toBe('refused: gate.offline')
    expect(replyOf(sent().say(YI, 'open'))).toBe('refused: gate.busy')
  })

  test('refused by the cloud', () => {
    const story = standing()
    story.say(JIA, 'open')
    story.outcome(REFUSED)
    expect(story.operation()).toMatchObject({ stage: 'failed' })
    expect(replyOf(story.say(JIA, 'open'))).toBe('done: open.done')
  })

  test('its effect is no trip when only a state or the look-up tells of it', () => {
    const byState = sent()
    byState.push({ kind: 'state', positions: { power: 'open' } })
    expect(byState.operation()).toMatchObject({ stage: 'done' })
    expect(byState.opening()).toBe('command')
    const lookedUp = sent()
    lookedUp.wait(10_000)
    lookedUp.lookedUp('open')
    expect(lookedUp.operation()).toMatchObject({ stage: 'done' })
    expect([...byState.incidents(), ...lookedUp.incidents()]).toEqual([])
  })

  test('called not confirmed, then found open by the next round of asking', () => {
    const story = sent()
    story.wait(10_000)
    story.lookedUp('closed')
    expect(story.operation()).toMatchObject({ stage: 'unconfirmed' })
    story.wait(60_000)
    story.push({ kind: 'state', positions: { power: 'open' } })
    expect(story.operation()).toMatchObject({ stage: 'done' })
    expect(story.incidents()).toEqual([])
  })

  test('a trip hours after it was called not confirmed is a trip', () => {
    const story = sent()
    story.wait(10_000)
    story.lookedUp('closed')
    story.wait(3_600_000)
    story.push({ kind: 'state', positions: { power: 'open' } })
    expect(story.incident()).toMatchObject({ cause: 'unknown' })
    expect(story.operation()).toMatchObject({ stage: 'unconfirmed' })
  })

  test('a trip while it is under way is told as a trip, and the command has got what it was for', () => {
    const story = sent()
    story.trip('leakage')
    expect(story.incident()).toMatchObject({ cause: 'leakage' })
    expect(story.operation()).toMatchObject({ stage: 'done' })
  })
})

describe('opened by others', () => {
  test.each([
    ['a hand', { kind: 'event', name: 'btn', mover: 'hand' }, 'hand', 'notice.opened-by-hand'],
    ['another client', { kind: 'order' }, 'client', 'notice.opened-by-client'],
    ['a foreign reference', { kind: 'order', extra: 'T25030700001' }, 'client', 'notice.opened-by-client'],
  ] as const)('%s: told once, and no incident', (_, fields, by, notice) => {
    const story = standing()
    expect(noticesOf(story.push({ ...fields, positions: { power: 'open' } }))).toEqual([notice])
    expect(noticesOf(story.push({ ...fields, positions: { power: 'open' } }))).toEqual([])
    expect(story.opening()).toBe(by)
    expect(story.incidents()).toEqual([])
  })

  test('the word of an old fault that goes on standing is a warning, no trip', () => {
    const story = standing()
    const fault = { cause: 'overload', raw: 'overload' } as const
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
    const said = story.push({ kind: 'state', positions: { power: 'open' }, fault })
    expect(noticesOf(said)).toEqual(['notice.warning'])
    expect(story.incidents()).toEqual([])
  })

  test('but an event that names a fault is one', () => {
    const story = standing()
    story.push({ kind: 'order', positions: { power: 'open' } })
    story.trip('leakage')
    expect(story.incident()).toMatchObject({ cause: 'leakage' })
  })
})
