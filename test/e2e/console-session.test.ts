import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { PEOPLE } from '../service/chats.ts'
import { consoleStage } from './console-stage.ts'
import { faultsOfAccess } from './support.ts'

const stage = consoleStage()

/** The page says that the sign-in has ended and how one comes by another, and shows nothing of what it knew. */
async function ends(page: Page): Promise<void> {
  await page.locator('#ended', { hasText: '登录已失效' }).waitFor()
  await page.locator('#sign-in', { hasText: '控制台' }).waitFor()
  expect(await page.locator('#main').isVisible()).toBe(false)
  expect(await page.locator('body').textContent()).not.toContain('增氧机')
}

test('a link in another site’s page leads who is signed in to the console at once', async () => {
  const rig = await stage.start()
  const page = await stage.signIn('甲')
  const chat = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<a href="${rig.url}/console">console</a>`)
  }).listen(0)
  onTestFinished(() => void chat.close())
  // Another site than 127.0.0.1: the cookie does not come along with the way here.
  await page.goto(`http://localhost:${(chat.address() as AddressInfo).port}/`)
  await page.getByRole('link').click()
  await page.locator('#breakers > li').first().waitFor()
  expect(await page.locator('#sign-in').isVisible()).toBe(false)
})

test('signing out ends it in all windows', async () => {
  await stage.start()
  const page = await stage.signIn('甲')
  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.locator('#breakers > li').first().waitFor()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByText('已退出登录').waitFor()
  await ends(other)
  expect(await faultsOfAccess(other)).toEqual([])
  await page.goto(other.url())
  await page.locator('#sign-in').waitFor()
})

test('«控制台 退出» in the chat ends it in the browser', async () => {
  const rig = await stage.start()
  const page = await stage.signIn('甲')
  const id = PEOPLE.甲.telegram
  rig.telegram.say(id, id, '控制台 退出')
  await ends(page)
})

test('after its eight hours it ends by itself', async () => {
  const real = Date.now.bind(Date)
  const clock = vi.spyOn(Date, 'now').mockImplementation(real)
  onTestFinished(() => clock.mockRestore())
  await stage.start()
  const page = await stage.signIn('甲')
  clock.mockImplementation(() => real() + 8 * 3_600_000 + 60_000)
  // Whoever does nothing learns it as well, with the next beat of the stream.
  await page.locator('#breakers-search input').fill('增氧')
  await ends(page)
})
