import { describe, expect, test } from 'vitest'
import type { AskAction } from '../../src/domain/event.ts'
import { isTooLate } from '../../src/domain/late.ts'
import { pumps, tellGroup } from './support/group.ts'
import { EIGHT, JIA } from './support/site.ts'
import { replyOf, type Story, switchesOf, tripped } from './support/story.ts'

/** A press that lay somewhere for so long, ms. */
const pressAfter = (story: Story, action: AskAction, ms: number) => {
  const { nonce } = story.operation() ?? {}
  const more = { version: story.card().version, givenAt: story.now() - ms, ...(nonce && { nonce }) }
  return story.press(JIA, action, more)
}

test('a command holds for 10 s; one of which nobody knows when it was given is of now', () => {
  expect([10_000, 10_001].map((ms) => isTooLate(EIGHT, EIGHT + ms))).toEqual([false, true])
  expect(isTooLate(undefined, EIGHT)).toBe(false)
})

describe('a press that comes too late', () => {
  test('asks for no close, and names what can be typed', () => {
    const story = tripped()
    const late = pressAfter(story, 'reclose', 10_001)
    expect(late.reply).toMatchObject({
      refused: true,
      text: { key: 'press.late', values: { word: { key: 'button.reclose' } } },
    })
    expect(late.audit).toEqual([{ who: JIA, what: 'reclose.refused', details: { why: 'press.late' } }])
    expect(story.operation()).toBeUndefined()
    expect(replyOf(pressAfter(story, 'reclose', 10_000))).toBe('done: close.asked')
  })

  test('confirms nothing; while the request stands its word is named', () => {
    const story = tripped()
    pressAfter(story, 'reclose', 0)
    const late = pressAfter(story, 'confirm', 11_000)
    expect(late.reply?.text).toMatchObject({ key: 'press.late', values: { word: { key: 'button.confirm' } } })
    expect(switchesOf(late)).toEqual([])
    expect(switchesOf(pressAfter(story, 'confirm', 0))).toHaveLength(1)
  })

  test('still acknowledges', () => {
    expect(replyOf(pressAfter(tripped(), 'ack', 600_000))).toBe('done: ack.done')
  })

  test.each([
    ['open', 'button.confirm-run-open'],
    ['closed', 'button.confirm-run-closed'],
  ] as const)('begins no group run (%s), and may still stop it', (to, word) => {
    const group = tellGroup(pumps(2), to)
    const power = to === 'open' ? 'closed' : 'open'
    for (const { id } of pumps(2)) group.push(id, { positions: { power } })
    group.start(JIA)
    const { nonce } = group.run()
    const old = { typed: false, nonce, givenAt: EIGHT - 60_000 }
    expect(group.say(JIA, 'confirm', old)).toMatchObject({
      refused: true,
      text: { key: 'press.late', values: { word: { key: word } } },
    })
    group.settle(1000)
    expect(group.commands).toEqual([])
    expect(group.say(JIA, 'cancel', old)).toMatchObject({ text: { key: 'run.cancelled' } })
  })
})
