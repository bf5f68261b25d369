import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markdownCard, markdownMessage } from '../../../src/channels/wecom/markdown.ts'
import { renderCard, renderNotice } from '../../../src/channels/wecom/render.ts'
import { widthOf } from '../../../src/channels/wecom/width.ts'
import type { Locale } from '../../../src/domain/card-text.ts'
import { checkCard } from '../../../src/simulator/wecom/card-rules.ts'
import { anyCard } from '../../support/any-card.ts'
import { sampleCards } from '../../support/cards.ts'

const locales: Locale[] = ['zh-CN', 'en']
const samples = locales.flatMap((locale) =>
  Object.entries(sampleCards(locale)).map(([stage, card]) => ({ stage, locale, card })),
)

test.for(samples)('$stage card in $locale looks as agreed', async ({ stage, locale, card }) => {
  const payload = renderCard(card, 'inc7k2m9qx4t-1')
  expect(checkCard({ ...payload })).toBeUndefined()
  const file = `../../golden/wecom/${stage}.${locale}.json`
  await expect(`${JSON.stringify(payload, undefined, 2)}\n`).toMatchFileSnapshot(file)
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom('', ' ', '\u202e', '\ud800', '[x](http://e)', '# x', '__proto__', '字'.repeat(2_000)),
)
const cards = anyCard(text, fc.oneof(text, fc.constantFrom('same', 'x'.repeat(2_000))), 20)
const limits = (payload: ReturnType<typeof renderCard>) => [
  { text: payload.main_title.title, limit: 26 },
  { text: payload.main_title.desc ?? '', limit: 30 },
  { text: payload.sub_title_text ?? '', limit: 112 },
  ...(payload.horizontal_content_list ?? []).flatMap(({ keyname, value }) => [
    { text: keyname, limit: 5 },
    { text: value, limit: 26 },
  ]),
  ...payload.button_list.map(({ text }) => ({ text, limit: 10 })),
]

test('any card is one that WeCom takes', () => {
  fc.assert(
    fc.property(cards, text, (card, toast) => {
      for (const payload of [renderCard(card, 'k', toast), renderNotice(toast, 'k')]) {
        expect(checkCard({ ...payload })).toBeUndefined()
        for (const { text, limit } of limits(payload)) {
          expect(widthOf(text)).toBeLessThanOrEqual(limit)
          expect(text.isWellFormed()).toBe(true)
        }
      }
      for (const message of [markdownCard(card), markdownMessage(toast)]) {
        expect(Buffer.byteLength(message.markdown.content)).toBeLessThanOrEqual(20_480)
        expect(message.markdown.content).not.toMatch(/\]\(|<|`|\|/)
      }
    }),
    { numRuns: 200 },
  )
})

const card = sampleCards('zh-CN').open!

test('a card without buttons gets one that says so, in its language', () => {
  const buttons = (locale: Locale) => renderCard(sampleCards(locale).final!, 'k').button_list
  expect(buttons('zh-CN')).toEqual([{ text: '已处理', style: 2, key: 'noop' }])
  expect(buttons('en')).toEqual([{ text: 'Done', style: 2, key: 'noop' }])
})

test('what has no room in its place stands below, the rest of the rows too', () => {
  const title = '跳闸（原因不明） · 一号鱼塘东岸三号增氧机与二号投料机'
  const rows = ['一', '二', '三', '四', '五', '六', '七'].map((label) => ({ label, value: `${label}值` }))
  const story = ['08:00 甲 确认', '08:01 乙 合闸']
  const payload = renderCard({ ...card, title, rows, story, notes: ['先查线路。'] }, 'k', '请稍后')
  expect(payload.main_title.title).toMatch(/…$/)
  expect(payload.horizontal_content_list).toHaveLength(6)
  expect(payload.sub_title_text).toBe(
    `请稍后\n🔴 ${title}\n先查线路。\n七 七值\n08:01 乙 合闸\n08:00 甲 确认`,
  )
})

test('English words take half the room, so that they are not cut', () => {
  const { main_title, button_list } = renderCard(sampleCards('en').confirming!, 'k')
  expect(main_title.title).toBe('🔵 Overload trip · Pump 3 <A>&_b*')
  expect(button_list.map(({ text }) => text)).toEqual(['Confirm close', 'Cancel'])
})

test('a short notice is a title, a long one stands in full below', () => {
  expect(renderNotice('请稍后', 'k')).toEqual({
    card_type: 'button_interaction',
    task_id: 'k',
    main_title: { title: '请稍后' },
    button_list: [{ text: '知道了', style: 2, key: 'noop' }],
  })
  const long = '你不在名单中，什么也没有做。你的 ID：lisi，请管理员加入配置。'
  expect(renderNotice(long, 'k')).toMatchObject({ sub_title_text: long })
})

test('a Latin letter takes half the room', () => {
  expect(['断路器', 'abc', '3号 泵', ''].map(widthOf)).toEqual([3, 1.5, 3, 0])
})

test('the words to type stand where the buttons would', () => {
  const { content } = markdownCard(card).markdown
  expect(content).toContain('请 @机器人 并发送：**确认**、**合闸**、**电量**')
  expect(markdownCard(sampleCards('en').closed!).markdown.content).toContain('write **Energy**, followed by')
  expect(markdownCard(sampleCards('en').final!).markdown.content).not.toContain('Mention')
})
