import { describe, expect, test } from 'vitest'
import type { AskAction } from '../../src/domain/event.ts'
import { JIA, YI } from './support/site.ts'
import { replyOf, type Story, switchesOf, tripped } from './support/story.ts'

const pressOn = (story: Story, who: string, action: AskAction, card: { version: number }) =>
  story.press(who, action, { version: card.version })

describe('the button «reclose» of one card', () => {
  test('asks once: the asker’s second press gets what the first one got, and no more time', () => {
    const story = tripped()
    const card = story.card()
    const first = pressOn(story, JIA, 'reclose', card)
    const { id, expiresAt } = story.operation()!
    story.wait(20_000)
    const again = pressOn(story, JIA, 'reclose', card)
    expect([replyOf(first), replyOf(again)]).toEqual(['done: close.asked', 'done: close.asked'])
    expect(again.reply?.text.values?.seconds).toBe(40)
    expect(story.operation()).toMatchObject({ id, expiresAt, stage: 'asked' })
    expect(replyOf(pressOn(story, YI, 'reclose', card))).toBe('refused: close.asked-by-other')
  })

  test.each(['cancel', 'expire'] as const)(
    'asks nothing any more after: %s; that of the newest card does',
    (end) => {
      const story = tripped()
      const card = story.card()
      pressOn(story, JIA, 'reclose', card)
      if (end === 'cancel') story.press(JIA, 'cancel')
      else story.wait(61_000)
      const old = pressOn(story, JIA, 'reclose', card)
      expect(replyOf(old)).toBe('refused: ask.superseded')
      expect(old.reply).toMatchObject({
        outdated: true,
        text: { values: { word: { key: 'button.reclose' } } },
      })
      expect(old.audit).toEqual([{ who: JIA, what: 'reclose.refused', details: { why: 'ask.superseded' } }])
      expect(replyOf(pressOn(story, JIA, 'reclose', story.card()))).toBe('done: close.asked')
    },
  )

  test('is not used up by a press that the gate refused, nor by what others did to the alarm', () => {
    const story = tripped()
    const card = story.card()
    story.push({ kind: 'offline' })
    expect(replyOf(pressOn(story, JIA, 'reclose', card))).toContain('gate.offline')
    story.push({ kind: 'online', positions: { power: 'open' } })
    story.press(YI, 'ack')
    story.trip('overload')
    expect(replyOf(pressOn(story, JIA, 'reclose', card))).toBe('done: close.asked')
  })
})

test('«acknowledge» works on any card of an open alarm, however old, and not on one that is over', () => {
  const story = tripped()
  const card = story.card()
  story.press(JIA, 'reclose')
  story.press(JIA, 'cancel')
  story.wait(90 * 86_400_000)
  const subject = story.incident()!.id
  expect(replyOf(story.press(YI, 'ack', { version: card.version }))).toBe('done: ack.done')
  story.closed()
  const late = story.press(YI, 'ack', { subject, version: card.version })
  expect(replyOf(late)).toBe('refused: ask.superseded')
  expect(late.reply?.text.values?.word).toMatchObject({ key: 'word.status' })
})

test('a used «confirm» sends nothing again', () => {
  const story = tripped()
  story.press(JIA, 'reclose')
  const { id: subject } = story.incident()!
  const { nonce } = story.operation()!
  const [first, second] = [1, 2].map(() => story.press(JIA, 'confirm', { subject, nonce }))
  expect([first, second].map((one) => switchesOf(one!).length)).toEqual([1, 0])
  expect(replyOf(second!)).toBe('done: confirm.already')
  story.answered('closed')
  expect(replyOf(story.press(JIA, 'confirm', { subject, nonce }))).toBe('refused: ask.superseded')
})

test('a used «cancel» says again that it was cancelled, and a «confirm» of that request does nothing', () => {
  const story = tripped()
  story.press(JIA, 'reclose')
  const { nonce } = story.operation()!
  const twice = [1, 2].map(() => replyOf(story.press(YI, 'cancel', { nonce })))
  expect(twice).toEqual(['done: cancel.done', 'done: cancel.done'])
  expect(replyOf(story.press(JIA, 'confirm', { nonce }))).toBe('refused: confirm.expired')
})

test('on the card of a close that serves no alarm, a used «confirm» is out of date', () => {
  const story = tripped()
  story.closed()
  story.push({ kind: 'order', positions: { power: 'open' }, extra: 'OTHERS' })
  story.say(JIA, 'reclose')
  const { nonce, id: subject } = story.operation()!
  story.press(YI, 'confirm', { nonce, subject })
  story.answered('closed')
  const late = story.press(YI, 'confirm', { nonce, subject })
  expect(replyOf(late)).toBe('refused: ask.superseded')
  expect(late.reply?.text.values?.word).toMatchObject({ key: 'word.status' })
})
