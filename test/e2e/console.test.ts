import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Incident } from '../../src/domain/incident.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { type Rig, startRig } from '../service/rig.ts'
import { closedPort } from '../support/closed-port.ts'
import { until } from '../support/until.ts'
import { consoleLink, faultsOfAccess, launch } from './support.ts'

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

async function start(more = '', store?: string): Promise<void> {
  const port = await closedPort()
  const where = { port, publicUrl: `http://127.0.0.1:${port}` }
  rig = await startRig({ platforms: ['telegram'], ...where, more, ...(store !== undefined && { store }) })
}

/** A file with ten thousand incidents that have ended, of so many breakers. */
async function pastIncidents(breakers: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'console-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'breakerbot.db')
  const store = await openSqliteStore(file)
  const now = Date.now()
  for (let from = 0; from < 10_000; from += 1000)
    await store.commit({
      writes: Array.from({ length: 1000 }, (_, i) => {
        const at = now - (from + i) * 60_000
        const incident: Incident = {
          ...{ id: `past${from + i}`, breaker: breakers[(from + i) % breakers.length]!, circuit: 'power' },
          ...{ cause: 'overload', discovery: 'event', openedAt: at - 1000, resolvedAt: at },
          ...{ status: 'resolved', version: 2, readings: {}, repeats: 0, story: [] },
        }
        return { key: `incident/${incident.id}`, value: incident, version: 0, index: { at, open: false } }
      }),
    })
  await store.close()
  return `sqlite:${file}`
}

/** Presses the button of the page that a link leads to. */
async function signIn(locale: keyof typeof WORDS, width: number): Promise<Page> {
  const link = await consoleLink(rig)
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

test('of a thousand breakers with ten thousand incidents only what is come to is drawn, and the filter finds any', async () => {
  const ids = Array.from({ length: 1000 }, (_, i) => String(900_000 + i))
  const many = ids.map(
    (id, i) => `  - { id: ${id}, name: 水泵${i}, site: 大场, room: night-shift, ratedCurrent: 16 }`,
  )
  await start(many.join('\n'), await pastIncidents(ids))
  await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
  const page = await signIn('zh-CN', 1440)
  await page.locator('#breaker-count', { hasText: '1003 / 1003' }).waitFor()
  const rows = page.locator('#breakers > li')
  expect(await rows.count()).toBe(100)
  await page.locator('#more-breakers').click()
  expect(await rows.count()).toBe(200)
  await page.locator('#filter').fill('水泵777')
  await page.locator('#breakers .name', { hasText: '水泵777' }).waitFor()
  expect(await rows.count()).toBe(1)
  // Those that have ended are none of the list.
  await page.locator('#incidents .name').first().waitFor()
  expect(await page.locator('#incidents > li').count()).toBe(1)
  await page.context().close()
})
