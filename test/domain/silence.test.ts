import { describe, expect, test } from 'vitest'
import { mayClose, permitToClose } from '../../src/domain/closing-gate.ts'
import { statusLines } from '../../src/domain/overview.ts'
import { silentAt, usualPause } from '../../src/domain/silence.ts'
import { cardText } from '../../src/text/card-text.ts'
import { translator } from '../../src/text/translate.ts'
import { TOKENS } from '../support/tokens.ts'
import { EIGHT, JIA, PEOPLE, POLICY, PUMP } from './support/site.ts'
import { noticesOf, replyOf, type Story, switchesOf, TAKEN, tellStory } from './support/story.ts'

const READING = { readings: { current: 12.4 } }

/** A breaker that has sent plain readings at these times after 08:00, s. */
function reported(...seconds: number[]): Story {
  const story = tellStory()
  for (const second of seconds) {
    story.wait(EIGHT + second * 1000 - story.now())
    story.closed(READING)
  }
  return story
}

const steady = () => reported(0, 30, 60, 90, 120, 150)
const fallSilent = (story: Story) =>
  story.happen({ type: 'silent', heardAt: story.state().heardAt ?? 0, every: 30_000 })

test('an answer to a question teaches nothing of how often the breaker reports, but shows that it is there', () => {
  const story = reported(0)
  const before = story.state().rhythm
  for (let minute = 1; minute <= 8; minute++) {
    story.wait(60_000)
    story.push({ kind: 'state', positions: {}, answer: true, readings: { energy: 1500 + minute } })
  }
  expect(story.state().rhythm).toEqual(before)
  expect(usualPause(PUMP, story.state())).toBeUndefined()
  expect(story.state().heardAt).toBe(story.now())
  expect(story.state().online).toBe(true)
})

describe('how often a breaker reports', () => {
  test.each([
    ['is not known from four pauses', [0, 30, 60, 90, 120], undefined],
    ['is known from five', [0, 30, 60, 91, 120, 150], 30_000],
    [
      'readings in quick succession before each trip do not teach it',
      [0, 10, 20, 600, 610, 620, 1200, 1210, 1220, 1800],
      580_000,
    ],
    ['a few lost reports do not change', [0, 30, 90, 120, 150, 180, 270, 300], 30_000],
    ['is learned anew', [0, 30, 60, 90, 120, 150, 160, 170, 180, 190, 200, 210, 220, 230, 240], 10_000],
  ])('%s', (_, seconds, pause) => {
    const story = reported(...seconds)
    expect(usualPause(PUMP, story.state())).toBe(pause)
  })

  test('is not learned from changes, from what was asked for, nor from a breaker without a meter', () => {
    const story = tellStory()
    for (let each = 0; each < 10; each++) {
      story.wait(30_000)
      story.closed({ kind: 'event', ...READING })
      story.closed({ asked: true, ...READING })
      story.closed()
    }
    expect(usualPause(PUMP, story.state())).toBeUndefined()
    expect(silentAt(PUMP, story.state(), 3, 0)).toBeUndefined()
  })

  test('is what the configuration says; 0 for one that reports changes only', () => {
    const story = steady()
    expect(usualPause({ ...PUMP, reportEvery: 300_000 }, story.state())).toBe(300_000)
    expect(usualPause({ ...PUMP, reportEvery: 0 }, story.state())).toBeUndefined()
  })

  test('readings that overtook each other are no pause', () => {
    const story = reported(0, 30, 60, 90, 120, 150)
    story.closed({ ...READING, at: story.now() - 10_000 })
    expect(usualPause(PUMP, story.state())).toBe(30_000)
  })
})

describe('when a breaker is silent', () => {
  test('after so many reports that stayed out, by our clock, counted from when we could hear', () => {
    const story = steady()
    const heard = story.now()
    expect(silentAt(PUMP, story.state(), 3, 0)).toBe(heard + 90_000)
    expect(silentAt(PUMP, story.state(), 5, 0)).toBe(heard + 150_000)
    expect(silentAt(PUMP, story.state(), 3, heard + 20_000)).toBe(heard + 110_000)
  })

  test('any push is a word, also one that is no reading; what was asked for is none', () => {
    const story = steady()
    const heard = story.now()
    story.wait(60_000)
    story.closed({ asked: true })
    expect(silentAt(PUMP, story.state(), 3, 0)).toBe(heard + 90_000)
    story.push({ name: 'hello' })
    expect(silentAt(PUMP, story.state(), 3, 0)).toBe(heard + 150_000)
  })

  test('not while it is offline, nor before it was ever heard of', () => {
    const story = steady()
    story.push({ kind: 'offline' })
    expect(silentAt(PUMP, story.state(), 3, 0)).toBeUndefined()
    expect(silentAt({ ...PUMP, reportEvery: 1000 }, undefined, 3, 0)).toBeUndefined()
  })
})

describe('a breaker that fell silent', () => {
  test('has an alarm that says when it was last heard of, and how often it reports', () => {
    const story = steady()
    story.wait(100_000)
    const silent = fallSilent(story)
    expect(noticesOf(silent)).toEqual([])
    const { note } = story.state().absence!
    expect(translator('en', 'Asia/Shanghai')(note)).toContain('No word since 08:02:30 (usually every 30 s)')
    expect(translator('zh-CN', 'Asia/Shanghai')(note)).toContain(
      '自 08:02:30 起没有消息（通常每 30 秒上报一次）',
    )
    expect(fallSilent(story).effects).toEqual([])
    story.wait(740_000)
    expect(story.closed(READING).effects).toMatchObject([
      { do: 'resolve', outcome: { key: 'alarm.back', values: { after: { values: { minutes: 14 } } } } },
      { do: 'look-at-site' },
    ])
    expect(story.state().silent).toBeUndefined()
    expect(story.closed(READING).effects).toEqual([])
  })

  test('is not silent when a report came before the decision', () => {
    const story = steady()
    const { heardAt = 0 } = story.state()
    story.wait(100_000)
    story.closed(READING)
    expect(story.happen({ type: 'silent', heardAt, every: 30_000 }).effects).toEqual([])
    expect(story.state().silent).toBeUndefined()
  })

  test('going offline takes the place of silence: both are one absence', () => {
    const story = steady()
    story.wait(100_000)
    fallSilent(story)
    const { noticed } = story.state().absence!
    story.wait(1000)
    expect(story.push({ kind: 'offline' }).effects).toEqual([])
    expect(story.state().silent).toBeUndefined()
    expect(story.state().absence).toMatchObject({ noticed, note: { key: 'alarm.offline' } })
    expect(fallSilent(story).effects).toEqual([])
    story.wait(600_000)
    expect(story.push({ kind: 'online' }).effects).toMatchObject([{ do: 'resolve' }, { do: 'look-at-site' }])
  })

  test('what the cloud says of it when asked does not end the silence', () => {
    const story = steady()
    story.wait(100_000)
    fallSilent(story)
    story.push({ kind: 'state', asked: true, online: true, reconciled: {}, positions: { power: 'closed' } })
    expect(story.state().silent).toBeDefined()
  })

  test('shows on its card and in the status', () => {
    const story = steady()
    story.trip('overload')
    const before = story.card().version
    story.wait(100_000)
    fallSilent(story)
    expect(story.card().version).toBe(before + 1)
    expect(cardText(story.card(), 'en', 'Asia/Shanghai', TOKENS).notes).toContain(
      'No word from the breaker since 08:02:30: its state may have changed. A close leaves only if the cloud then says that it is online.',
    )
    const known = { config: PUMP, state: story.state(), incidents: [] }
    const [, line] = statusLines([known], true)
    expect(translator('en', 'Asia/Shanghai')(line!)).toBe('⚪ 3号增氧机: open; no word since 08:02:30')
  })
})

describe('closing a silent breaker', () => {
  const person = PEOPLE[0]!
  function target(story: Story) {
    return {
      policy: POLICY,
      config: PUMP,
      breaker: story.state(),
      circuit: 'power',
      incident: story.incident(),
      now: story.now(),
    }
  }
  function silentTrip(): Story {
    const story = steady()
    story.trip('overload')
    story.wait(100_000)
    fallSilent(story)
    return story
  }

  test('may be asked and confirmed, with the card saying so', () => {
    const story = silentTrip()
    expect(mayClose({ ...target(story), by: person })).toEqual({ may: 'confirm' })
    expect(replyOf(story.press(JIA, 'reclose'))).toBe('done: close.asked')
    expect(switchesOf(story.press(JIA, 'confirm'))).toHaveLength(1)
    expect(story.card().notes.map((one) => one.key)).toContain('note.silent')
  })

  test.each([
    ['says that it is online', true, true],
    ['does not say', undefined, false],
    ['says that it is offline', false, false],
  ])('leaves only if the cloud, asked right before, says that it is online: it %s', (_, online, may) => {
    const story = silentTrip()
    story.press(JIA, 'reclose')
    story.press(JIA, 'confirm')
    const fresh = { at: story.now(), ...(online !== undefined && { online }) }
    const answer = permitToClose({ ...target(story), fresh }, story.operation()!)
    expect('permit' in answer).toBe(may)
  })

  test('ends the silence when the breaker answers', () => {
    const story = silentTrip()
    story.press(JIA, 'reclose')
    story.press(JIA, 'confirm')
    story.outcome(TAKEN)
    story.answered('closed')
    expect(story.state().silent).toBeUndefined()
    expect(story.position()).toBe('closed')
  })
})
