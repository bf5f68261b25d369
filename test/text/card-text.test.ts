import { describe, expect, test } from 'vitest'
import type { CardText } from '../../src/domain/card-text.ts'
import { cardText } from '../../src/text/card-text.ts'
import { STAGE_CARDS, STAGES } from '../domain/support/stages.ts'
import { TOKENS } from '../support/tokens.ts'

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
  test.each(STAGE_CARDS)('%s', async (stage, card) => {
    const text = cardText(card, locale, 'Asia/Shanghai', TOKENS)
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
