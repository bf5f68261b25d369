import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/domain/report.ts'
import { cardText } from '../../src/text/card-text.ts'
import { translator } from '../../src/text/translate.ts'
import { TOKENS } from '../support/tokens.ts'
import { EIGHT, JIA } from './support/site.ts'
import { noticesOf, type Story, TAKEN, tellStory, tripped } from './support/story.ts'

const MINUTE = 60_000

/** What the comparison with the cloud's list finds, last agreed as long ago as said. */
function find(story: Story, fields: Partial<Report>, agreedAgo?: number) {
  const agreed = agreedAgo === undefined ? {} : { agreed: story.now() - agreedAgo }
  return story.push({ kind: 'state', asked: true, reconciled: agreed, ...fields })
}

/** A breaker that was closed at 08:00, so long ago. */
function closedAgo(ms: number): Story {
  const story = tellStory()
  story.closed()
  story.wait(ms)
  return story
}

describe('a trip that no push told', () => {
  test('happened between the last comparison that agreed and the asking', () => {
    const story = closedAgo(10 * MINUTE)
    const { audit } = find(story, { positions: { power: 'open' } }, MINUTE)
    expect(story.incident()).toMatchObject({
      cause: 'unknown',
      discovery: 'reconciliation',
      openedAfter: EIGHT + 9 * MINUTE,
      openedAt: EIGHT + 10 * MINUTE,
    })
    expect(audit).toContainEqual({
      who: 'system',
      what: 'reconciliation.found',
      details: {
        circuit: 'power',
        what: 'tripped',
        after: EIGHT + 9 * MINUTE,
        until: EIGHT + 10 * MINUTE,
      },
    })
  })

  test('happened since the last report, where no comparison agreed later', () => {
    const story = closedAgo(10 * MINUTE)
    find(story, { positions: { power: 'open' } })
    expect(story.incident()?.openedAfter).toBe(EIGHT)
    const other = closedAgo(10 * MINUTE)
    find(other, { positions: { power: 'open' } }, 20 * MINUTE)
    expect(other.incident()?.openedAfter).toBe(EIGHT)
  })

  test('says so on the card, in both languages and the time of the site', () => {
    const story = closedAgo(10 * MINUTE)
    find(story, { positions: { power: 'open' } }, MINUTE)
    const [en, zh] = (['en', 'zh-CN'] as const).map((locale) =>
      cardText(story.card(), locale, 'Asia/Shanghai', TOKENS),
    )
    expect(en!.notes).toContain('Found by reconciliation: no push told of it. It happened 08:09:00–08:10:00.')
    expect(en!.rows).toContainEqual({ label: 'Time', value: '2026-01-01 08:09:00–08:10:00' })
    expect(zh!.notes).toContain('对账时发现：没有收到推送，发生在 08:09:00–08:10:00 之间。')
  })

  test('keeps its mark when its cause is learned later', () => {
    const story = closedAgo(10 * MINUTE)
    find(story, { positions: { power: 'open' } }, MINUTE)
    story.wait(1000)
    story.trip('overload')
    expect(story.incidents()).toHaveLength(1)
    expect(story.incident()).toMatchObject({ cause: 'overload', openedAfter: EIGHT + 9 * MINUTE })
  })
})

describe('what else no push told', () => {
  test('a closing ends the incident, with the span in its story', () => {
    const story = tripped()
    story.wait(10 * MINUTE)
    find(story, { positions: { power: 'closed' } }, MINUTE)
    expect(story.incidents()[0]?.status).toBe('resolved')
    const { story: lines } = cardText(story.card(), 'en', 'Asia/Shanghai', TOKENS)
    expect(lines.at(-1)).toBe(
      '08:10:02 The breaker reports closed; found by reconciliation, happened 08:09:02–08:10:02',
    )
  })

  test('an opening that we asked for is done, and its card says how that was found', () => {
    const story = closedAgo(10 * MINUTE)
    story.say(JIA, 'open')
    story.outcome(TAKEN)
    story.wait(5000)
    find(story, { positions: { power: 'open' } }, 1000)
    expect(story.operation()).toMatchObject({ stage: 'done', endedAfter: story.now() - 1000 })
    expect(cardText(story.card(), 'en', 'Asia/Shanghai', TOKENS).notes).toEqual([
      'Found by reconciliation: no push told of it. It happened 08:10:04–08:10:05.',
    ])
  })

  const noteOf = (story: Story, locale: 'en' | 'zh-CN' = 'en') =>
    translator(locale, 'Asia/Shanghai')(story.state().absence!.note)

  test('going and coming back', () => {
    const story = closedAgo(10 * MINUTE)
    find(story, { kind: 'offline' }, MINUTE)
    expect(noteOf(story)).toBe(
      'Offline 08:09:00–08:10:00 (supply, an upstream trip, or the network): its state may have changed, and it cannot be controlled; found by reconciliation',
    )
    expect(noteOf(story, 'zh-CN')).toContain('，对账时发现')
    story.wait(2 * MINUTE)
    const came = find(story, { online: true })
    expect(came.audit).toMatchObject([
      { what: 'breaker.back', details: { since: EIGHT + 9 * MINUTE, until: story.now() } },
    ])
  })

  test('a span over midnight bears both dates', () => {
    const story = closedAgo(16 * 60 * MINUTE + MINUTE)
    find(story, { kind: 'offline' }, 2 * MINUTE)
    expect(noteOf(story)).toContain('2026-01-01 23:59:00 – 2026-01-02 00:01:00')
  })
})

test('what is learned for the first time is not told, nor audited', () => {
  const story = tellStory()
  const decision = find(story, { online: true, positions: { power: 'open' } })
  expect(story.state().online).toBe(true)
  expect(story.position()).toBe('open')
  expect([decision.effects, decision.audit]).toEqual([[], []])
})

describe('is not believed', () => {
  test.each([
    ['within 30 s of a report', 29_999, 'closed'],
    ['later', 30_000, 'open'],
  ])('%s of a position', (_, ago, position) => {
    const story = closedAgo(ago)
    find(story, { positions: { power: 'open' } })
    expect(story.position()).toBe(position)
  })

  test('of being offline, within 30 s of any push', () => {
    const story = closedAgo(29_999)
    expect(noticesOf(find(story, { kind: 'offline' }))).toEqual([])
    expect(story.state().online).toBe(true)
  })

  test('of being online, where the cloud does not say it', () => {
    const story = closedAgo(MINUTE)
    story.push({ kind: 'offline' })
    story.wait(MINUTE)
    find(story, { positions: { power: 'open' } })
    expect(story.state().online).toBe(false)
  })
})

test('what was asked for makes no push look old that comes by a slow clock', () => {
  const story = closedAgo(10 * MINUTE)
  find(story, { positions: { power: 'open' } })
  story.push({ kind: 'offline', at: story.now() - MINUTE })
  expect(story.state().online).toBe(false)
})
