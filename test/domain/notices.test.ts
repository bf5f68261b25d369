import { describe, expect, test } from 'vitest'
import { CHAT } from './support/site.ts'
import { noticesOf, tellStory, tripped } from './support/story.ts'

describe('offline and online', () => {
  test('neither is told in the room: it is an alarm, once the grace is over', () => {
    const story = tellStory()
    story.closed()
    expect(noticesOf(story.push({ kind: 'offline' }))).toEqual([])
    story.wait(1000)
    expect(story.push({ kind: 'offline' }).effects).toEqual([])
    story.wait(1000)
    expect(noticesOf(story.push({ kind: 'online' }))).toEqual([])
  })

  test('any report but «offline» shows that it is back', () => {
    const story = tellStory()
    story.push({ kind: 'offline' })
    story.wait(1000)
    expect(story.closed().audit).toMatchObject([{ what: 'breaker.back' }])
    expect(story.state().online).toBe(true)
  })

  test('the first word of a breaker is no news, unless it is «offline»', () => {
    const online = tellStory()
    online.push({ kind: 'online' })
    expect(online.state().absence).toBeUndefined()
    const offline = tellStory()
    offline.push({ kind: 'offline' })
    expect(offline.state().absence).toBeDefined()
  })

  test('one that comes late is neither believed nor told', () => {
    const story = tellStory()
    story.wait(10_000)
    story.closed()
    expect(noticesOf(story.push({ kind: 'offline', at: story.now() - 5000 }))).toEqual([])
    expect(story.state().online).toBe(true)
    story.push({ kind: 'offline' })
    expect(noticesOf(story.push({ kind: 'online', at: story.now() - 5000 }))).toEqual([])
    expect(story.state().online).toBe(false)
  })

  test('the card of an open incident says so', () => {
    const story = tripped()
    const { version } = story.card()
    const { effects } = story.push({ kind: 'offline' })
    expect(effects).toContainEqual({ do: 'card', subject: story.incident()?.id, urgent: false })
    expect(story.card().version).toBeGreaterThan(version)
    expect(story.card().notes.map((one) => one.key)).toContain('note.offline')
    story.wait(1000)
    story.push({ kind: 'online' })
    expect(story.card().notes.map((one) => one.key)).not.toContain('note.offline')
  })

  test('offline is no trip', () => {
    const story = tellStory()
    story.closed()
    story.push({ kind: 'offline' })
    expect(story.incidents()).toEqual([])
    expect(story.position()).toBe('closed')
  })
})

test('a warning is told once in ten minutes, each word by itself', () => {
  const story = tellStory()
  const warn = (raw: string) => noticesOf(story.closed({ fault: { cause: 'over-voltage', raw } })).length
  expect([warn('ov_vol'), warn('ov_vol'), warn('constructor'), warn('__proto__')]).toEqual([1, 0, 1, 1])
  story.wait(599_999)
  expect(warn('ov_vol')).toBe(0)
  story.wait(1)
  expect(warn('ov_vol')).toBe(1)
  expect(story.incidents()).toEqual([])
})

test('a word that is not known is told as it came', () => {
  const story = tellStory()
  const { effects } = story.closed({ fault: { cause: 'unknown', raw: 'surge_alarm' } })
  expect(effects).toMatchObject([{ text: { key: 'notice.warning', values: { cause: 'surge_alarm' } } }])
})

test('a notice goes to the room, not to one chat', () => {
  const { effects } = tellStory().push({ kind: 'offline' })
  expect(JSON.stringify(effects)).not.toContain(CHAT.chat)
})
