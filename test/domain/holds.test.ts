import { describe, expect, test } from 'vitest'
import { listLines, statusLines } from '../../src/domain/overview.ts'
import { translator } from '../../src/text/translate.ts'
import { CHIEF, JIA, PUMP, TWIN, VIEWER, YI } from './support/site.ts'
import { noticesOf, replyOf, type Story, switchesOf, TAKEN, tellStory, tripped } from './support/story.ts'

const why = { reason: '检修水泵' }
const refusal = 'refused: close.refused'

function held(): Story {
  const story = tripped()
  story.say(JIA, 'hold', why)
  return story
}

describe('a hold', () => {
  test('is told to the room, and its card says who, when, why, and that it isolates nothing', () => {
    const story = tripped()
    const set = story.say(JIA, 'hold', why)
    expect(replyOf(set)).toBe('done: hold.done')
    expect(noticesOf(set)).toEqual(['notice.hold'])
    expect(set.audit).toMatchObject([{ who: JIA, what: 'hold.set', details: why }])
    expect(story.card().notes.slice(0, 2)).toMatchObject([
      { key: 'note.hold', values: { person: JIA, ...why } },
      { key: 'note.hold-is-not-isolation' },
    ])
    expect(set.effects).toContainEqual(expect.objectContaining({ do: 'card', subject: story.incident()?.id }))
  })

  test('keeps everybody from closing, its setter too', () => {
    for (const person of [JIA, YI, CHIEF]) {
      const story = held()
      const asked = story.press(person, 'reclose')
      expect(replyOf(asked)).toBe(`${refusal} (gate.hold)`)
      expect(asked.audit).toMatchObject([
        { who: person, what: 'close.refused', details: { reasons: ['gate.hold'] } },
      ])
    }
  })

  test('set after somebody asked: the confirming step is refused', () => {
    const story = tripped()
    story.press(JIA, 'reclose')
    story.say(YI, 'hold', why)
    const confirm = story.press(JIA, 'confirm')
    expect([replyOf(confirm), switchesOf(confirm)]).toEqual([`${refusal} (gate.hold)`, []])
  })

  test('keeps nobody from opening', () => {
    const story = tellStory()
    story.closed()
    story.say(YI, 'hold', why)
    expect(switchesOf(story.say(JIA, 'open'))).toHaveLength(1)
  })

  test('needs a reason, and somebody who may', () => {
    const story = tripped()
    expect(replyOf(story.say(JIA, 'hold'))).toBe('refused: hold.reason')
    expect(replyOf(story.say(VIEWER, 'hold', why))).toBe('refused: gate.role')
    expect(story.state().holds).toBeUndefined()
  })

  test('of several persons: all must be lifted', () => {
    const story = held()
    story.say(YI, 'hold', { reason: '换电缆' })
    expect(replyOf(story.press(JIA, 'reclose'))).toBe(`${refusal} (gate.hold, gate.hold)`)
    expect(replyOf(story.say(JIA, 'release'))).toBe('done: release.others-left')
    expect(replyOf(story.press(JIA, 'reclose'))).toBe(`${refusal} (gate.hold)`)
    expect(replyOf(story.say(YI, 'release'))).toBe('done: release.done')
    expect(replyOf(story.press(JIA, 'reclose'))).toBe('done: close.asked')
  })

  test('set twice by one person is one, with the newer reason', () => {
    const story = held()
    story.say(JIA, 'hold', { reason: '还没修好' })
    expect(story.state().holds).toMatchObject([{ reason: '还没修好' }])
  })

  test('on one circuit leaves the other alone', () => {
    const story = tellStory({ config: TWIN })
    for (const circuit of ['power1', 'power2'])
      story.push({ mover: 'trip', positions: { [circuit]: 'open' } })
    story.say(JIA, 'hold', { ...why, circuit: 'power1' })
    expect(replyOf(story.say(YI, 'reclose', { circuit: 'power1' }))).toBe(`${refusal} (gate.hold)`)
    expect(replyOf(story.say(YI, 'reclose', { circuit: 'power2' }))).toBe('done: close.asked-second')
    story.say(JIA, 'hold', why)
    expect(replyOf(story.say(JIA, 'release'))).toBe('done: release.done')
    expect(story.state().holds).toBeUndefined()
  })
})

describe('is lifted', () => {
  test('by its setter, by whichever platform, without a reason', () => {
    const story = held()
    const lifted = story.say(JIA, 'release', { channel: 'wecom' })
    expect(replyOf(lifted)).toBe('done: release.done')
    expect(noticesOf(lifted)).toEqual(['notice.released'])
    expect(lifted.audit).toMatchObject([{ who: JIA, what: 'hold.lifted', details: { of: JIA } }])
    expect(lifted.effects.filter((one) => one.do === 'tell')).toEqual([])
  })

  test('by no other operator', () => {
    const story = held()
    const tried = story.say(YI, 'release', { reason: '我要合闸' })
    expect(replyOf(tried)).toBe('refused: release.not-yours')
    expect(tried.audit).toMatchObject([{ who: YI, what: 'release.refused' }])
    expect(story.state().holds).toHaveLength(1)
  })

  test('by an admin with a reason, and its setter is told', () => {
    const story = held()
    expect(replyOf(story.say(CHIEF, 'release'))).toBe('refused: release.reason')
    const lifted = story.say(CHIEF, 'release', { reason: '已确认撤离' })
    expect(replyOf(lifted)).toBe('done: release.done')
    expect(lifted.effects).toContainEqual({
      do: 'tell',
      person: JIA,
      text: {
        key: 'notice.your-hold-lifted',
        values: { breaker: PUMP.name, by: CHIEF, reason: '已确认撤离' },
      },
    })
    expect(lifted.audit).toMatchObject([
      { who: CHIEF, what: 'hold.lifted', details: { of: JIA, reason: '已确认撤离' } },
    ])
  })

  test('where there is none', () => {
    expect(replyOf(tripped().say(CHIEF, 'release', why))).toBe('refused: release.nothing')
  })
})

test('status and list tell of holds and lock-outs; such a breaker is not well', () => {
  const t = translator('en', 'Asia/Shanghai')
  const story = tellStory()
  story.closed()
  story.say(JIA, 'hold', why)
  const known = () => [{ config: PUMP, state: story.state(), incidents: story.incidents() }]
  expect(statusLines(known(), true).map(t)).toContain('🟢 3号增氧机: closed; hold by 电工甲 (检修水泵)')
  expect(listLines(known()).map(t).at(-1)).toContain('closed; hold by 电工甲 (检修水泵)')
  story.say(JIA, 'release')
  story.trip('short-circuit')
  expect(listLines(known()).map(t).at(-1)).toContain('open; locked out')
})

describe('closed although nobody was to close it', () => {
  const urgent = (story: Story) =>
    story
      .decisions()
      .at(-1)
      ?.effects.flatMap((one) => (one.do === 'notice' && one.urgent ? [one.text.key] : []))

  test.each(['hand', 'client', 'unknown'] as const)('a hold stands, closed by %s: an alarm', (by) => {
    const story = held()
    if (by === 'hand') story.closed({ kind: 'event', name: 'btn', mover: 'hand' })
    if (by === 'client') story.closed({ kind: 'order', extra: 'THEIRS' })
    if (by === 'unknown') story.closed()
    expect(urgent(story)).toEqual(['notice.closed-despite-hold'])
    expect(story.decisions().at(-1)?.audit).toContainEqual(
      expect.objectContaining({ what: 'breaker.closed', details: { circuit: 'power', by, held: JIA } }),
    )
  })
  test('locked out: an alarm', () => {
    const story = tripped('short-circuit')
    story.closed()
    expect(urgent(story)).toEqual(['notice.closed-despite-lock-out'])
    // It stays: it says what must be looked at before anybody closes it from afar again.
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
    expect(replyOf(story.say(CHIEF, 'reclose'))).toBe(`${refusal} (gate.short-circuit)`)
  })
  test('the breaker by itself: told as such', () => {
    const story = tripped()
    expect(noticesOf(story.closed())).toEqual(['notice.closed-without-us'])
  })
  test('by our command: not told beside the card', () => {
    const story = tripped()
    story.press(JIA, 'reclose')
    story.press(JIA, 'confirm')
    story.outcome(TAKEN)
    expect(noticesOf(story.answered('closed'))).toEqual([])
  })
})
