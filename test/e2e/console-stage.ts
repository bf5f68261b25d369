import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Who } from '../service/chats.ts'
import { type ConfigOptions, type Rig, startRig } from '../service/rig.ts'
import { closedPort } from '../support/closed-port.ts'
import { consoleLink, launch } from './support.ts'

export const PUMP = 820720
export const FEEDER = 820721

/** The service with its simulators, and a browser for it; hooks start and end them. Pages may complain of nothing. */
export function consoleStage() {
  let rig: Rig | undefined
  let browser: Browser
  const complaints: string[] = []
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())
  beforeEach(() => {
    complaints.length = 0
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((one) => one.close()))
    await rig?.close()
    expect(complaints).toEqual([])
  })

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'zh-CN',
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      // A refusal is an answer like others; the browser complains of its status all the same.
      const isRefusal = /status of 4(01|03|09)/.test(message.text())
      if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text())
    })
    return page
  }

  return {
    open,
    async start(options: ConfigOptions = {}): Promise<Rig> {
      const port = await closedPort()
      const where = { port, publicUrl: `http://127.0.0.1:${port}` }
      rig = await startRig({ platforms: ['telegram'], ...where, ...options })
      return rig
    },
    /** Presses the button of the page that a link leads to. */
    async signIn(who: Who, options: BrowserContextOptions = {}): Promise<Page> {
      const page = await open(options)
      await page.goto(await consoleLink(rig!, who))
      await page.locator('form button').click()
      await page.locator('#breakers > li').first().waitFor()
      return page
    },
  }
}

/** Opens a breaker, and answers with what presses a button there. */
export async function openBreaker(page: Page, name: string) {
  await page.locator('#breakers .name', { hasText: name }).click()
  const detail = page.locator('#detail')
  await detail.locator('h2', { hasText: name }).waitFor()
  return {
    detail,
    button: (words: string) => detail.getByRole('button', { name: words, exact: true }),
    press: (words: string) => detail.getByRole('button', { name: words, exact: true }).click(),
  }
}
