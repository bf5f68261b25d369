import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  renderCard as renderDingTalk,
  renderFallback,
  renderTips,
} from '../../src/channels/dingtalk/render.ts'
import {
  renderCardPlain,
  renderCard as renderTelegram,
  renderText,
} from '../../src/channels/telegram/render.ts'
import { markdownCard, markdownMessage } from '../../src/channels/wecom/markdown.ts'
import { renderNotice, renderCard as renderWeCom } from '../../src/channels/wecom/render.ts'
import type { Card } from '../../src/domain/card.ts'
import type { CardText, Locale } from '../../src/domain/card-text.ts'
import { parseHtml } from '../../src/simulator/telegram/entities/html.ts'
import { checkCard } from '../../src/simulator/wecom/card-rules.ts'
import { cardText } from '../../src/text/card-text.ts'
import { translator } from '../../src/text/translate.ts'
import { STAGE_CARDS } from '../domain/support/stages.ts'
import { HOSTILE, named, textAbout } from '../support/hostile.ts'
import { TOKENS } from '../support/tokens.ts'

const LOCALES: readonly Locale[] = ['zh-CN', 'en']
const STAGES = new Map(STAGE_CARDS)

const inWords = (card: Card, locale: Locale) => cardText(card, locale, 'Asia/Shanghai', TOKENS)
const said = (name: string, locale: Locale) => translator(locale, 'Asia/Shanghai')(textAbout(name))

/** All that an adapter makes of a card and of a text. */
const RENDERERS: Record<string, (card: CardText, text: string) => object> = {
  telegram: (card, text) => ({
    card: renderTelegram(card),
    plain: renderCardPlain(card),
    text: renderText(text),
  }),
  dingtalk: (card, text) => ({ card: renderDingTalk(card, text), fallback: renderFallback(card) }),
  wecom: (card, text) => ({
    card: renderWeCom(card, 'task-1', text),
    markdown: markdownCard(card),
    notice: renderNotice(text, 'task-1'),
    text: markdownMessage(text),
  }),
}

describe.each(Object.keys(RENDERERS))('on %s', (platform) => {
  describe.each(LOCALES)('in %s', (locale) => {
    test.each(Object.entries(HOSTILE))('a name of %s looks as agreed', async (kind, name) => {
      const sheets = ['trip-open', 'trip-asked', 'trip-closed'].map((stage) => {
        const card = inWords(named(STAGES.get(stage)!, name), locale)
        return [stage, RENDERERS[platform]!(card, said(name, locale))]
      })
      const file = `../golden/hostile/${platform}/${kind}.${locale}.json`
      const golden = `${JSON.stringify(Object.fromEntries(sheets), undefined, 2)}\n`
      await expect(golden).toMatchFileSnapshot(file)
    })
  })
})

/** All texts inside a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

/** What each platform takes, and that nobody's name has become more than words. */
function check(card: CardText, text: string): void {
  for (const [platform, render] of Object.entries(RENDERERS))
    for (const one of textsIn(render(card, text))) {
      expect(one.isWellFormed(), `${platform} ${JSON.stringify(one)}`).toBe(true)
      expect(one).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]/)
    }
  const html = renderTelegram(card)
  expect(parseHtml(html.text).text).toBe(renderCardPlain(card))
  expect(renderCardPlain(card).length).toBeLessThanOrEqual(4096)
  expect(renderText(text).text.length).toBeLessThanOrEqual(4096)
  for (const one of [renderWeCom(card, 'task-1', text), renderNotice(text, 'task-1')])
    expect(checkCard({ ...one })).toBeUndefined()
  for (const one of [markdownCard(card), markdownMessage(text)])
    expect(Buffer.byteLength(one.markdown.content)).toBeLessThanOrEqual(20_480)
  for (const value of Object.values(renderDingTalk(card, text)))
    expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1024)
  expect(Buffer.byteLength(renderTips(text))).toBeLessThanOrEqual(1024)
}

test.each(Object.entries(HOSTILE))('every stage about a name of %s keeps to the limits', (_kind, name) => {
  for (const locale of LOCALES)
    for (const [, card] of STAGE_CARDS) check(inWords(named(card, name), locale), said(name, locale))
})

test('every stage about any name at all keeps to the limits, and reaches nobody as mark-up', () => {
  const anyName = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc.string({ unit: 'grapheme', maxLength: 600 }),
    fc
      .array(fc.constantFrom(...Object.values(HOSTILE)), { minLength: 1, maxLength: 4 })
      .map((all) => all.join('')),
    // Halves of characters anywhere.
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
      .map((all) => String.fromCharCode(...all)),
  )
  const stage = fc.constantFrom(...STAGE_CARDS.map(([, card]) => card))
  fc.assert(
    fc.property(anyName, stage, fc.constantFrom(...LOCALES), (name, card, locale) =>
      check(inWords(named(card, name), locale), said(name, locale)),
    ),
    { numRuns: 300 },
  )
})

test('a name adds no line to a text, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), fc.constantFrom(...LOCALES), (name, locale) => {
      for (const other of [name, HOSTILE['line-breaks']!])
        expect(said(other, locale).split(/[\r\n\u2028\u2029\u0085]/)).toHaveLength(1)
    }),
  )
})
