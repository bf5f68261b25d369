import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { Incident } from '../../src/domain/incident.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { consoleStage, PUMP } from './console-stage.ts'

const [BREAKERS, INCIDENTS, ROWS] = [1000, 10_000, 100]
const stage = consoleStage()

/** A file with ten thousand incidents of so many breakers. @param open whether they have ended */
async function incidents(breakers: readonly string[], open: boolean): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'console-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'breakerbot.db')
  const store = await openSqliteStore(file)
  const now = Date.now()
  for (let from = 0; from < INCIDENTS; from += 1000)
    await store.commit({
      writes: Array.from({ length: 1000 }, (_, i) => {
        const openedAt = now - (from + i) * 60_000
        const incident: Incident = {
          ...{ id: `many${from + i}`, breaker: breakers[(from + i) % breakers.length]!, circuit: 'power' },
          ...{ cause: 'overload', discovery: 'event', openedAt, version: 2, readings: {}, repeats: 0 },
          ...(open ? { status: 'open' } : { status: 'resolved', resolvedAt: openedAt + 1000 }),
          story: [],
        }
        return {
          key: `incident/${incident.id}`,
          value: incident,
          version: 0,
          index: { at: openedAt, open },
        }
      }),
    })
  await store.close()
  return `sqlite:${file}`
}

const ids = Array.from({ length: BREAKERS }, (_, i) => String(900_000 + i))
const more = ids
  .map((id, i) => `  - { id: ${id}, name: 水泵${i}, site: 大场, room: night-shift, ratedCurrent: 16 }`)
  .join('\n')

/** How long the page has kept the reader waiting at a stretch, ms: for whoever reads the output; nothing is measured by it. */
const reportLongTasks = async (page: Page, when: string): Promise<void> => {
  const found = await page.evaluate<number[]>('window.longTasks.splice(0)')
  const [most, sum] = [Math.max(0, ...found), found.reduce((a, b) => a + b, 0)]
  process.stdout.write(`long tasks ${when}: ${found.length}, the longest ${most} ms, ${sum} ms in all\n`)
}

/** Turns the pages as the page does, to the last, and counts what was on them. */
async function reachAll(): Promise<number> {
  const seen = new Set<string>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ limit: '200', ...(cursor && { cursor }) })
    const page = await (await fetch(`/api/v1/incidents?${query}`)).json()
    for (const { id } of page.items) seen.add(id)
    cursor = page.next
  }
  return seen.size
}

const watchLongTasks = (page: Page) =>
  page.context().addInitScript(`window.longTasks = []
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((one) => Math.round(one.duration))))
      .observe({ type: 'longtask', buffered: true })`)

test('of a thousand breakers with ten thousand open incidents one page is drawn, and all can be reached', async () => {
  await stage.start({ more, store: await incidents(ids, true) })
  const page = await stage.signIn('甲')
  await watchLongTasks(page)
  await page.reload()
  const [breakers, open] = [page.locator('#breakers > li'), page.locator('#incidents > li')]
  const place = page.locator('#incidents-pager span')
  await page.locator('#breakers-count', { hasText: '1003' }).waitFor()
  await place.getByText(`1–${ROWS} / ${INCIDENTS}`).waitFor()
  await reportLongTasks(page, 'of opening the page')
  expect([await breakers.count(), await open.count()]).toEqual([ROWS, ROWS])

  const next = page.locator('#incidents-pager button').last()
  for (let from = ROWS + 1; from < 20 * ROWS; from += ROWS) {
    await next.click()
    await place.getByText(`${from}–${from + ROWS - 1} /`).waitFor()
  }
  await reportLongTasks(page, 'of turning twenty pages')
  expect(await open.count()).toBe(ROWS)
  expect(await page.locator('body *').count()).toBeLessThan(5000)
  expect(await page.evaluate(reachAll)).toBe(INCIDENTS)

  await page.locator('#incidents-search input').fill('水泵777')
  await place.getByText('1–10 / 10').waitFor({ state: 'attached' })
  expect(await open.count()).toBe(10)
  await page.locator('#breakers-pager button').last().click()
  await page.locator('#breakers .name', { hasText: '水泵99' }).first().waitFor()
  expect(await breakers.count()).toBe(ROWS)
  await page.locator('#breakers-search input').fill('水泵777')
  await page.locator('#breakers .name', { hasText: '水泵777' }).waitFor()
  expect(await breakers.count()).toBe(1)
  await reportLongTasks(page, 'of searching')
})

test('incidents that have ended are none of the list, and a new one comes by itself', async () => {
  const rig = await stage.start({ more, store: await incidents(ids, false) })
  const page = await stage.signIn('甲')
  await page.locator('#incidents-none').waitFor()
  await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
  await page.locator('#incidents .name', { hasText: '3号增氧机' }).waitFor()
  expect(await page.locator('#incidents > li').count()).toBe(1)
})
