import { createServer } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PEOPLE } from '../service/chats.ts'
import { type Rig, startRig } from '../service/rig.ts'
import { until } from '../support/until.ts'
import { faultsOfAccess, launch } from './support.ts'

const PUMP = 820720
const WORDS = {
  'zh-CN': {
    signIn: '登录',
    close: '合闸…',
    confirm: '确认合闸',
    hold: '挂牌…',
    release: '摘牌…',
    back: '返回列表',
    keeps: '不能合闸',
  },
  en: {
    signIn: 'Sign in',
    close: 'Close…',
    confirm: 'Confirm close',
    hold: 'Hold…',
    release: 'Release…',
    back: 'Back to the list',
    keeps: 'Cannot be closed',
  },
}

let rig: Rig
let browser: Browser
const complaints: string[] = []
beforeEach(async () => {
  browser = await launch()
  complaints.length = 0
})
afterEach(async () => {
  await browser.close()
  await rig.close()
  expect(complaints).toEqual([])
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function start(more = ''): Promise<void> {
  const port = await freePort()
  rig = await startRig({ platforms: ['telegram'], port, publicUrl: `http://127.0.0.1:${port}`, more })
}

/** Asks for a link in the chat, and presses the button of its page. */
async function signIn(locale: keyof typeof WORDS, width: number): Promise<Page> {
  const id = PEOPLE.甲.telegram
  rig.telegram.say(id, id, '控制台')
  const link = await until(() => {
    const texts = rig.telegram.messages(id).map(({ text }) => text)
    return /http:\S+code=\S+/.exec(texts.find((one) => one.includes('code=')) ?? '')?.[0]
  }, 'the link')
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A refusal is an answer like others; the browser complains of its status all the same.
    const isRefusal = /status of 409/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text())
  })
  await page.goto(link)
  await page.getByRole('button', { name: WORDS[locale].signIn }).click()
  await page.locator('#breakers > li').first().waitFor()
  return page
}

for (const [locale, width] of [
  ['zh-CN', 1440],
  ['en', 360],
] as const)
  test(`a link from the chat, a refused close, an allowed one, in ${locale}, ${width} px wide`, async () => {
    await start()
    await rig.cloud.report(PUMP)
    await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
    const words = WORDS[locale]
    const page = await signIn(locale, width)
    const detail = page.locator('#detail')
    const press = (name: string) => detail.getByRole('button', { name, exact: true }).click()
    await page.locator('#incidents .name').first().waitFor()
    await page.locator('#breakers .name', { hasText: '3号增氧机' }).click()
    await detail.getByRole('button', { name: words.close, exact: true }).waitFor()

    await press(words.hold)
    await page.locator('#ask input').fill('检修水泵')
    await page.locator('#ask-yes').click()
    await page.locator('#holds', { hasText: '检修水泵' }).waitFor()
    await press(words.close)
    await page.locator('#toast.alert', { hasText: '甲' }).waitFor()
    await detail.getByText(words.keeps).waitFor()
    expect(rig.cloud.device(PUMP).positions.power).toBe('open')
    expect(await faultsOfAccess(page)).toEqual([])

    await press(words.release)
    await page.locator('#ask-yes').click()
    await page.locator('#holds', { hasText: '检修水泵' }).waitFor({ state: 'detached' })
    await press(words.close)
    await page.locator('#ask-text', { hasText: '3号增氧机' }).waitFor()
    expect(rig.cloud.device(PUMP).positions.power).toBe('open')
    await page.locator('#ask-yes', { hasText: words.confirm }).click()
    await until(() => rig.cloud.device(PUMP).positions.power === 'closed', 'the contacts to close')
    // Told by the service itself: nothing was pressed in between.
    await detail.locator('.circuit .closed').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await press(words.back)
    await detail.waitFor({ state: 'hidden' })
    await page.context().close()
  })

test('of a thousand breakers only what is come to is drawn, and the filter finds any', async () => {
  const many = Array.from(
    { length: 1000 },
    (_, i) => `  - { id: ${900000 + i}, name: 水泵${i}, site: 大场, room: night-shift, ratedCurrent: 16 }`,
  )
  await start(many.join('\n'))
  const page = await signIn('zh-CN', 1440)
  await page.locator('#breaker-count', { hasText: '1003 / 1003' }).waitFor()
  const rows = page.locator('#breakers > li')
  expect(await rows.count()).toBe(100)
  await page.locator('#more-breakers').click()
  expect(await rows.count()).toBe(200)
  await page.locator('#filter').fill('水泵777')
  await page.locator('#breakers .name', { hasText: '水泵777' }).waitFor()
  expect(await rows.count()).toBe(1)
  await page.context().close()
})
