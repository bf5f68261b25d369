import { describe, expect, test } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { Window } from '../../src/domain/window.ts'
import { CHAT, EIGHT, JIA, PUMP } from './support/site.ts'
import { TAKEN, tellStory } from './support/story.ts'

const HOUR = 3_600_000
const windowOf = (kind: Window['kind'], more: Partial<Window> = {}): Window => ({
  id: kind,
  kind,
  scope: { site: PUMP.site },
  when: { from: EIGHT - HOUR, until: EIGHT + HOUR },
  ...more,
})
const under = (windows: Window[], severity?: 'info') =>
  tellStory({ policy: { windows }, config: { ...PUMP, ...(severity && { severity }) } })

/** What of a decision reaches people. */
const told = ({ effects }: Decision): string[] =>
  effects.flatMap((one) => {
    if (one.do === 'card') return [one.urgent ? 'urgent card' : 'card']
    return one.do === 'notice' ? [one.text.key] : []
  })

describe('an incident under a window', () => {
  test('is told of by nothing, and is looked at again when the window is over', () => {
    const story = under([windowOf('quiet')])
    story.closed()
    const opened = story.trip('under-voltage')
    expect(told(opened)).toEqual([])
    expect(story.incident()?.hush).toEqual({
      window: 'quiet',
      kind: 'quiet',
      from: EIGHT - HOUR,
      until: EIGHT + HOUR,
    })
    const { id } = story.incident()!
    expect(opened.effects).toEqual([
      {
        do: 'timer',
        id: `hush:${id}:${EIGHT + HOUR}`,
        at: EIGHT + HOUR,
        event: { type: 'hush-over', incident: id },
      },
      {
        do: 'list-window',
        window: {
          id: 'quiet',
          kind: 'quiet',
          scope: { site: PUMP.site },
          room: PUMP.room,
          from: EIGHT - HOUR,
          until: EIGHT + HOUR,
        },
      },
    ])
    story.wait(HOUR)
    expect(told(story.decisions().at(-1)!)).toEqual(['urgent card'])
    expect(story.incident()?.hush).toMatchObject({ over: true })
    // From then on it is like any other.
    expect(told(story.press(JIA, 'ack'))).toEqual(['card'])
  })

  test('is not told of when it has ended before', () => {
    const story = under([windowOf('quiet')])
    story.trip('under-voltage')
    story.wait(1000)
    expect(told(story.closed())).not.toContain('card')
    story.wait(HOUR)
    expect(told(story.decisions().at(-1)!)).toEqual([])
  })

  test('waits for a window that was set meanwhile, too', () => {
    const story = under([windowOf('quiet')])
    story.trip('under-voltage')
    const longer = windowOf('mute', { when: { from: EIGHT, until: EIGHT + 3 * HOUR } })
    story.setPolicy({ windows: [windowOf('quiet'), longer] })
    story.wait(HOUR)
    expect(told(story.decisions().at(-1)!)).toEqual([])
    expect(story.incident()?.hush).toMatchObject({ window: 'quiet', until: EIGHT + 3 * HOUR })
    story.wait(2 * HOUR)
    expect(told(story.decisions().at(-1)!)).toEqual(['urgent card'])
  })

  test('comes out of quiet hours when it has become critical, with what is said of it', () => {
    const story = under([windowOf('quiet')], 'info')
    story.closed()
    expect(told(story.trip('overload'))).toEqual([])
    story.wait(1000)
    // A short circuit on top of it locks out.
    expect(told(story.trip('short-circuit'))).toContain('urgent card')
    const muted = under([windowOf('mute')], 'info')
    muted.trip('overload')
    expect(told(muted.trip('short-circuit')).filter((one) => one.includes('card'))).toEqual([])
  })

  test('comes out where somebody acts on it, but not where they hang a tag out', () => {
    const story = under([windowOf('mute')])
    story.trip('overload')
    expect(told(story.say(JIA, 'hold', { reason: '检修' }))).toEqual(['notice.hold'])
    expect(story.incident()?.hush).not.toHaveProperty('over')
    expect(told(story.press(JIA, 'ack'))).toEqual(['card'])
    expect(story.incident()?.hush).toMatchObject({ over: true })
  })

  test('in a mute one may close all the same, and hears how it went', () => {
    const story = under([windowOf('mute')])
    story.closed()
    story.trip('overload')
    const asked = story.say(JIA, 'reclose', { chat: CHAT })
    expect(told(asked)).toEqual(['urgent card'])
    story.press(JIA, 'confirm')
    story.outcome(TAKEN)
    expect(told(story.answered('closed'))).toContain('card')
    story.wait(5000)
    // It trips again: the new incident is kept quiet, but not that the close failed.
    expect(told(story.trip('overload'))).toEqual(['notice.lock-out-re-trip'])
  })

  test('in maintenance nobody closes, and the reason is named', () => {
    const story = under([windowOf('maintenance')])
    story.closed()
    story.trip('overload')
    expect(JSON.stringify(story.say(JIA, 'reclose').reply)).toContain('gate.maintenance')
    story.wait(HOUR)
    expect(JSON.stringify(story.say(JIA, 'reclose').reply)).not.toContain('gate.maintenance')
  })

  test('that opened before is told of as ever', () => {
    const story = under([windowOf('mute', { when: { from: EIGHT + 1000, until: EIGHT + HOUR } })])
    expect(told(story.trip('overload'))).toEqual(['urgent card'])
    story.wait(2000)
    expect(told(story.press(JIA, 'ack'))).toEqual(['card'])
  })
})
