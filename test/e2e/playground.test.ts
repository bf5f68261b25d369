import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStage } from './support.ts'

const CHATS = ['Telegram', '钉钉', '企业微信']
const WIDTHS = [1440, 360]

let stage: Awaited<ReturnType<typeof startStage>>
let page: Page

beforeAll(async () => {
  stage = await startStage()
  page = await stage.open()
})
afterAll(() => stage.end())

const breaker = (name: string) => page.getByRole('group', { name })
const pane = (chat: string) => page.getByRole('region', { name: chat, exact: true })
const messages = (chat: string) => pane(chat).getByRole('log').getByRole('article')
const toast = () => page.locator('#toast.shown')
const become = (name: string) => page.getByLabel('我是').selectOption({ label: name })
const pressIn = (chat: string, text: string) =>
  pane(chat).getByRole('button', { name: text, exact: true }).last().click()
const commands = () => page.locator('#calls li', { hasText: 'device/control' })
const shows = (what: Locator) => what.last().waitFor()

async function everyChatShows(text: string) {
  for (const chat of CHATS) await shows(messages(chat).filter({ hasText: text }))
}

test('a trip is answered from three chats by those who may', async () => {
  await breaker('3号增氧机').getByLabel('跳闸原因').selectOption('过载')
  await breaker('3号增氧机').getByRole('button', { name: '跳闸', exact: true }).click()
  await everyChatShows('跳闸（过载） · 3号增氧机')
  await shows(breaker('3号增氧机').getByText('跳闸（过载）'))

  await pressIn('Telegram', '确认')
  await shows(toast().filter({ hasText: '电工甲 已确认' }))
  await everyChatShows('电工甲 已确认')

  await become('路人 (不在名单上)')
  await pressIn('Telegram', '合闸')
  await shows(page.locator('#toast.alert').filter({ hasText: '你不在名单中' }))
  await pressIn('钉钉', '合闸')
  await shows(messages('钉钉').filter({ hasText: '你不在名单中' }))
  await pressIn('企业微信', '合闸')
  await shows(messages('企业微信').filter({ hasText: '你不在名单中' }))
  expect(await commands().count()).toBe(0)

  await become('电工甲 (操作)')
  await pressIn('钉钉', '合闸')
  await pressIn('钉钉', '确认合闸')
  await everyChatShows('已合闸')
  await shows(breaker('3号增氧机').getByText('合闸', { exact: true }))
  expect(await commands().allTextContents()).toEqual([
    expect.stringMatching(/820720 · power=1 .*sign valid · 200/),
  ])
})

test('a typed line is answered', async () => {
  await pane('企业微信').getByLabel('在企业微信里输入').fill('状态')
  await page.keyboard.press('Enter')
  await shows(messages('企业微信').filter({ hasText: '@BreakerBot 状态' }))
  await shows(messages('企业微信').filter({ hasText: '全部 5 台正常' }))
})

test('the keyboard stays where it is when a card changes', async () => {
  await breaker('双泵箱 右泵').getByRole('button', { name: '跳闸', exact: true }).focus()
  await page.keyboard.press('Enter')
  await everyChatShows('双泵箱 右泵')
  const energy = messages('Telegram').filter({ hasText: '双泵箱 右泵' }).getByRole('button', { name: '电量' })
  await energy.focus()
  await stage.demo.post('deed', { do: 'switch', breaker: '820730', circuit: 'power2', to: 'closed' })
  await shows(messages('Telegram').filter({ hasText: '双泵箱 右泵' }).filter({ hasText: '已合闸' }))
  expect(await energy.evaluate((one) => one === document.activeElement)).toBe(true)
})

test('nothing sticks out at the side, on a desk or a phone', async () => {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  }
})

test('page, names and what is said from then on change language; what stands in the chats does not', async () => {
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Signed calls to the cloud' }).waitFor()
  await shows(breaker('Aerator 3').getByRole('button', { name: 'Open by hand' }))
  await shows(messages('WeCom').filter({ hasText: '全部 5 台正常' }))
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
})

test('the page had nothing to complain of', () => {
  expect(stage.complaints).toEqual([])
})
