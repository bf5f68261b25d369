import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/domain/card.ts'
import type { CardText } from '../../src/domain/card-text.ts'
import { cardText } from '../../src/text/card-text.ts'
import { JIA, PUMP, TWIN, YI } from '../domain/support/site.ts'
import { REFUSED, type Story, TAKEN, tellStory, tripped, UNKNOWN } from '../domain/support/story.ts'

/** Tells more of a story, and answers with it. */
function then(story: Story, ...steps: ((story: Story) => unknown)[]): Story {
  for (const step of steps) {
    step(story)
    story.wait(1000)
  }
  return story
}

const ack = (story: Story) => story.press(JIA, 'ack')
const reclose = (story: Story) => story.press(JIA, 'reclose')
const confirm = (story: Story) => story.press(JIA, 'confirm')
const taken = (story: Story) => story.outcome(TAKEN)
const noFeedback = (story: Story) => story.wait(10_000)
const open = (story: Story) => story.say(JIA, 'open')

/** An overload as one sees it coming: half a minute of readings, then the trip. */
function overload(): Story {
  const story = tellStory()
  for (const current of [31, 52.4, 62.8]) {
    story.closed({ readings: { current, voltage: 229.1, activePower: current * 228 } })
    story.wait(10_000)
  }
  story.trip('overload', { readings: { current: 63.1, voltage: 228.4, activePower: 14_400 } })
  story.wait(21_000)
  return story
}

const confirmed = (...steps: ((story: Story) => unknown)[]) =>
  then(overload(), ack, reclose, confirm, ...steps)
const closed = (...steps: ((story: Story) => unknown)[]) =>
  then(tellStory(), (story) => story.closed(), ...steps)

const STAGES: Record<string, Story> = {
  'trip-open': overload(),
  'trip-acknowledged': then(overload(), ack),
  'trip-asked': then(overload(), ack, reclose),
  'trip-confirmed': confirmed(),
  'trip-sent': confirmed(taken),
  'trip-closed': confirmed(taken, (story) => story.answered('closed')),
  'trip-expired': then(overload(), reclose, (story) => story.wait(60_000)),
  'trip-cancelled': then(overload(), reclose, (story) => story.press(YI, 'cancel')),
  'trip-refused': confirmed((story) => story.outcome(REFUSED)),
  'trip-no-answer': confirmed((story) => story.outcome(UNKNOWN)),
  'trip-not-confirmed': confirmed(taken, noFeedback, (story) => story.lookedUp('open')),
  'trip-went-offline': confirmed(
    taken,
    (story) => story.push({ kind: 'offline' }),
    noFeedback,
    (story) => story.lookedUp(undefined, false),
  ),
  'trip-again': confirmed(taken, (story) => story.trip('overload')),
  'trip-closed-by-hand': then(overload(), ack, (story) => story.closed({ kind: 'event', mover: 'hand' })),
  'leakage-after-overload': then(overload(), ack, (story) => story.trip('leakage')),
  'short-circuit': tripped('short-circuit'),
  'not-from-afar': tripped('over-temperature', { config: { ...PUMP, remoteClose: false } }),
  'unknown-by-state': closed((story) => story.push({ kind: 'state', positions: { power: 'open' } })),
  'unknown-word-asked': closed((story) => story.push({ name: 'E07', positions: { power: 'open' } }), reclose),
  'second-circuit': then(tellStory({ config: TWIN }), (story) =>
    story.push({ mover: 'trip', positions: { power2: 'open' }, fault: { cause: 'phase-loss', raw: '缺相' } }),
  ),
  'open-sending': closed(open),
  'open-sent': closed(open, taken),
  'open-done': closed(open, taken, (story) => story.answered('open')),
  'open-refused': closed(open, (story) => story.outcome(REFUSED)),
  'open-not-confirmed': closed(open, taken, noFeedback, (story) => story.lookedUp('closed')),
  'close-asked-second': closed(
    (story) => story.push({ kind: 'order', positions: { power: 'open' } }),
    (story) => story.say(JIA, 'reclose'),
  ),
  'close-overtaken': closed(
    (story) => story.push({ kind: 'order', positions: { power: 'open' } }),
    (story) => story.say(JIA, 'reclose'),
    (story) => story.closed(),
  ),
}

const cards: [string, Card][] = [
  ...Object.entries(STAGES).map(([stage, story]): [string, Card] => [stage, story.card()]),
  ['superseded', STAGES['leakage-after-overload']!.cards()[0]!],
]

/** The card as one might see it on a phone. */
function drawn(card: CardText): string {
  const buttons = card.buttons.map((one) => `[${one.text}]${one.style === 'plain' ? '' : ` ${one.style}`}`)
  return [
    `${card.tone.toUpperCase()} · ${card.subject} · v${card.version}`,
    '',
    card.title,
    card.subtitle,
    ...card.rows.map((row) => `  ${row.label}  ${row.value}`),
    ...card.notes.map((note) => `> ${note}`),
    ...card.story.map((line) => `- ${line}`),
    buttons.join('  '),
    `= ${card.summary}`,
    '',
  ].join('\n')
}

/** Chinese characters, a Latin letter counting half: the unit of WeCom's advice for what a phone shows. */
const widthOf = (text: string) => [...text].reduce((sum, one) => sum + (one < '\u1100' ? 0.5 : 1), 0)

describe.each(['zh-CN', 'en'] as const)('cards in %s', (locale) => {
  test.each(cards)('%s', async (stage, card) => {
    const text = cardText(card, locale, 'Asia/Shanghai')
    await expect(drawn(text)).toMatchFileSnapshot(`../golden/cards/${locale}/${stage}.txt`)
    expect(widthOf(text.title)).toBeLessThanOrEqual(26)
    expect(widthOf(text.subtitle)).toBeLessThanOrEqual(30)
    for (const { label, value } of text.rows) {
      expect(widthOf(label)).toBeLessThanOrEqual(5)
      expect(widthOf(value)).toBeLessThanOrEqual(26)
    }
    for (const button of text.buttons) expect(widthOf(button.text)).toBeLessThanOrEqual(10)
  })
})

test('a breaker that may not be closed says so, and why', () => {
  const notes = (stage: string) => STAGES[stage]!.card().notes.map((one) => one.key)
  expect(notes('short-circuit')).toContain('advice.short-circuit')
  expect(notes('not-from-afar')).toContain('gate.no-remote-close')
})
