import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  MAX_BUTTONS,
  renderCard,
  renderCardPlain,
  renderText,
  renderTextPlain,
  withoutTimes,
} from '../../../src/channels/telegram/render.ts'
import type { CardButton } from '../../../src/domain/card-text.ts'
import { anyCard } from '../../support/any-card.ts'
import { sampleCards } from '../../support/cards.ts'

const LOCALES = ['zh-CN', 'en'] as const

describe.each(LOCALES)('the cards in %s', (locale) => {
  test.each(Object.entries(sampleCards(locale)))('%s', async (stage, card) => {
    const payload = `${JSON.stringify(renderCard(card), null, 2)}\n`
    await expect(payload).toMatchFileSnapshot(`../../golden/telegram/${locale}-${stage}.json`)
  })
})

const OURS =
  /^(b|i|blockquote expandable|a href="tg:\/\/user\?id=\d{1,16}"|tg-time unix="\d{1,10}" format="(T|wDT)")$/

/** What Telegram makes of our HTML: strict, and written without a look at the renderer. */
function parseHtml(html: string): string {
  const open: string[] = []
  const text = html.replace(
    /<([^>]*)>|&([^;]*);|([<>&])/g,
    (_, tag?: string, entity?: string, stray?: string) => {
      if (stray) throw new Error(`unescaped ${stray}`)
      if (entity !== undefined) {
        const character = { amp: '&', lt: '<', gt: '>' }[entity]
        if (!character) throw new Error(`unknown entity ${entity}`)
        return character
      }
      if (tag && OURS.test(tag)) open.push(tag.split(' ')[0] ?? '')
      else if (tag !== `/${open.pop()}`) throw new Error(`<${tag}> is not ours or out of place`)
      return ''
    },
  )
  if (open.length > 0) throw new Error(`<${open}> is never closed`)
  return text
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.stringMatching(/^[<>&;/"'a-z\uD800\uDC00\n ]{0,30}$/u),
  fc.constantFrom(
    '</b><a href="tg://user?id=1">x</a>',
    '&lt;b&gt;',
    '<'.repeat(600),
    '🔴'.repeat(5000),
    '\u202Eabc',
    '\r\n\0',
  ),
)
const moment = fc.record({
  at: fc.integer({ min: 0, max: 4e12 }),
  form: fc.constantFrom('time', 'date-time'),
  // Our own clock writes it.
  text: hostile.map((text) => text.toWellFormed()),
})
const cards = fc
  .tuple(anyCard(hostile, fc.constant('v1:ack:inc7k2m9qx4t'), 60), fc.array(moment, { minLength: 60 }))
  .map(([card, [first, ...moments]]) => ({
    ...card,
    // Where the text holds the moment, and where it does not.
    subtitle: `${card.subtitle}${first!.text}`,
    subtitleMoment: first!,
    rows: card.rows.map((row, n) => ({ ...row, moment: { ...moments[n]!, text: row.value } })),
  }))
const mention = fc.array(
  fc.record({ id: fc.oneof(fc.stringMatching(/^\d{1,16}$/), hostile), name: hostile }),
  {
    maxLength: 15,
  },
)

test('no text of others reaches Telegram as mark-up, whatever it holds, and nothing is too long', () => {
  fc.assert(
    fc.property(cards, mention, (card, called) => {
      const { text, reply_markup } = renderCard(card, called)
      const seen = parseHtml(text)
      expect(seen).toBe(renderCardPlain(card, called))
      expect(seen.length).toBeLessThanOrEqual(4096)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32_768)
      expect(text.isWellFormed()).toBe(true)
      expect(reply_markup?.inline_keyboard.flat().length).toBeLessThanOrEqual(MAX_BUTTONS)
      expect(parseHtml(withoutTimes(text))).toBe(seen)
      expect(withoutTimes(text)).not.toContain('<tg-time')
    }),
    { numRuns: 300 },
  )
})

test('nor does a text that calls on somebody', () => {
  fc.assert(
    fc.property(hostile, mention, (written, called) => {
      const { text, parse_mode } = renderText(written, called)
      const seen = parse_mode ? parseHtml(text) : text
      expect(seen).toBe(renderTextPlain(written, called))
      expect(seen.length).toBeLessThanOrEqual(4096)
    }),
  )
})

describe('a card that is too long', () => {
  const base = sampleCards('en').open!

  test('keeps its head, says that something is missing, and keeps the newest of its story', () => {
    const notes = Array.from({ length: 100 }, (_, n) => `note ${n} ${'x'.repeat(90)}`)
    const story = Array.from({ length: 100 }, (_, n) => `step ${n} ${'y'.repeat(90)}`)
    const text = renderCardPlain({ ...base, notes, story })
    expect(text).toContain(base.title)
    expect(text).toContain('note 0 ')
    expect(text).not.toContain('note 99')
    expect(text).not.toContain('step 0 ')
    expect(text).toMatch(/\n…\nstep \d+/)
    expect(text).toContain('step 99')
  })

  test('a name cannot forge a line of its own', () => {
    const lines = renderCardPlain({ ...base, title: 'Pump\nCurrent: 0 A' }).split('\n')
    expect(lines[0]).toBe('🔴 Pump Current: 0 A')
  })
})

test('a button that only other platforms need is left out', () => {
  const noop: CardButton = { action: 'noop', text: '…', style: 'plain', data: 'v1:noop' }
  expect(renderCard({ ...sampleCards('en').final!, buttons: [noop] }).reply_markup).toEqual({
    inline_keyboard: [],
  })
})

test('a plain text goes as it stands, without a parse mode', () => {
  expect(renderText('<b>1 & 2\n3')).toEqual({
    text: '<b>1 & 2\n3',
    link_preview_options: { is_disabled: true },
  })
  expect(renderText('字'.repeat(5000)).text).toHaveLength(4096)
})
