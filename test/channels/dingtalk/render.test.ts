import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  renderActionCard,
  renderCard,
  renderFallback,
  renderSummary,
} from '../../../src/channels/dingtalk/render.ts'
import type { Locale } from '../../../src/domain/card-text.ts'
import { anyCard } from '../../support/any-card.ts'
import { sampleCards, typeable } from '../../support/cards.ts'

const locales: Locale[] = ['zh-CN', 'en']
const samples = locales.flatMap((locale) =>
  Object.entries(sampleCards(locale)).map(([stage, card]) => ({ stage, locale, card })),
)

test.for(samples)('$stage card in $locale looks as agreed', async ({ stage, locale, card }) => {
  const { sys_full_json_obj: buttons, ...variables } = renderCard(card)
  const sheet = {
    ...variables,
    ...JSON.parse(buttons),
    summary: renderSummary(card),
    fallback: renderFallback(card),
    actionCard: renderActionCard(typeable(card)),
  }
  const file = `../../golden/dingtalk/${stage}.${locale}.json`
  await expect(`${JSON.stringify(sheet, undefined, 2)}\n`).toMatchFileSnapshot(file)
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 700 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
)
const cards = anyCard(text, fc.string({ maxLength: 64 }), 30)

test('any card keeps to the limits of DingTalk', () => {
  fc.assert(
    fc.property(cards, text, (card, tips) => {
      const variables = renderCard(card, tips)
      for (const value of Object.values(variables)) {
        expect(typeof value).toBe('string')
        expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1_024)
        expect(value.isWellFormed()).toBe(true)
      }
      expect(Array.isArray(JSON.parse(variables.sys_full_json_obj).msgButtons)).toBe(true)
      expect(variables.title).not.toMatch(/\n/)
      const typed = { ...card, buttons: card.buttons.map((one) => ({ ...one, typed: one.text })) }
      for (const param of [renderFallback(card, tips), renderActionCard(typed, tips).param])
        expect(Buffer.byteLength(JSON.stringify(param))).toBeLessThanOrEqual(15_000)
    }),
    { numRuns: 150 },
  )
})

const card = sampleCards('zh-CN').open!

test('quotation marks, of which each takes two bytes, do not make an action card too long', () => {
  const marks = '"'.repeat(5_000)
  const notes = Array.from({ length: 30 }, () => marks)
  const button = { ...card.buttons[0]!, text: marks, typed: '"'.repeat(233) }
  const full = { ...card, title: marks, notes, buttons: Array.from({ length: 6 }, () => button) }
  const { msgKey, param } = renderActionCard(full, marks)
  expect(msgKey).toBe('sampleActionCard5')
  expect(Buffer.byteLength(JSON.stringify(param))).toBeLessThanOrEqual(15_000)
})

test('a link types the command to the letter, whatever the name of the breaker', () => {
  const typed = `合闸 3号(增氧机)'*!&#?%"<b>`
  const { param } = renderActionCard({ ...card, buttons: [{ ...card.buttons[1]!, typed }] })
  const { singleURL } = param as { singleURL: string }
  expect(singleURL).toMatch(/^dtmd:\/\/dingtalkclient\/sendMessage\?content=[\w%.~-]+$/)
  expect(new URL(singleURL).searchParams.get('content')).toBe(typed)
})

test('no button of a message confirms: pressed next week, it would confirm another request', () => {
  const { msgKey, param } = renderActionCard(typeable(sampleCards('zh-CN').confirming!))
  expect(msgKey).toBe('sampleActionCard')
  expect(param).toMatchObject({
    singleTitle: '取消',
    text: expect.stringContaining('**确认合闸 3号增氧机**'),
  })
})

test('a command that is too long for a link has no button; the words to type stand there', () => {
  const long = { ...card.buttons[1]!, typed: `合闸 ${'很'.repeat(100)}` }
  const { msgKey, param } = renderActionCard({ ...card, buttons: [long] })
  expect(msgKey).toBe('sampleMarkdown')
  expect((param as { text: string }).text).toContain(long.typed)
})

test('four buttons with the longest data all find room', () => {
  const data = `v1:reclose:${'x'.repeat(53)}`
  const button = {
    action: 'reclose' as const,
    text: '确认合闸确认合闸确认合闸',
    style: 'danger' as const,
    data,
  }
  const { sys_full_json_obj: json } = renderCard({ ...card, buttons: [button, button, button, button] })
  expect(JSON.parse(json).msgButtons).toHaveLength(4)
  expect(JSON.parse(json).msgButtons[3]).toMatchObject({
    id: data,
    request: true,
    params: { data },
  })
})

test('the oldest of a long story goes first, the state and the first facts stay', () => {
  const story = Array.from({ length: 60 }, (_, i) => `${i}. 电工甲 确认（钉钉）`)
  const { markdown } = renderCard({ ...card, story })
  expect(markdown).toContain(card.subtitle)
  expect(markdown).toContain('位置：一号鱼塘')
  expect(markdown).toContain('58–63 A')
  expect(markdown).toContain('- 59. ')
  expect(markdown).not.toContain('- 0. ')
})

test('one endless sentence does not push out the facts', () => {
  const { markdown } = renderCard({ ...card, notes: ['很'.repeat(5_000)] })
  expect(markdown).toContain('14.40 kW')
  expect(markdown).toContain('…')
})

test('a name cannot become a link, a heading, a mention of all or a line of its own', () => {
  const name = '[点我](dtmd://x)\n# **急** <a href="http://evil.example">'
  const { markdown } = renderCard({ ...card, rows: [{ label: '位置', value: name }] })
  expect(markdown).not.toMatch(/\]\(|:\/\/|<a|\n# /)
  expect(markdown.split('\n')[1]).toContain('位置：［点我］')
})

test('without buttons the words to type are told, in the language of the card', () => {
  expect(renderFallback(card).text).toContain('请 @机器人 并发送：**确认**、**合闸**、**电量**')
  expect(renderFallback(sampleCards('en').open!).text).toContain(
    'write **Acknowledge**, **Reclose**, **Energy**',
  )
  expect(renderFallback(sampleCards('zh-CN').confirming!).text).toContain('**确认合闸**、**取消**')
  expect(renderFallback(sampleCards('en').final!).text).not.toContain('Mention')
  expect(renderFallback(typeable(card)).text).toMatch(/\*\*合闸 3号增氧机\*\*、\*\*电量 3号增氧机\*\*$/)
})
