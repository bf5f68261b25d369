import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { startDemoProcess } from '../demo/demo-process.ts'
import { PEOPLE, type Who } from '../service/chats.ts'
import type { Rig } from '../service/rig.ts'
import { until } from '../support/until.ts'

const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS })

/** The demo in a process of its own, and a browser; both end with `end`. */
export async function startStage() {
  const tmp = await mkdtemp(join(tmpdir(), 'playground-test-'))
  const demo = await startDemoProcess(tmp)
  const browser = await launch()
  /** What the pages complained of. */
  const complaints: string[] = []
  return {
    demo,
    complaints,
    async open(path = '', options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'zh-CN',
        ...options,
      })
      const page = await context.newPage()
      page.setDefaultTimeout(8000)
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
      })
      await page.goto(demo.address + path)
      return page
    },
    async end() {
      await browser.close()
      await demo.end()
      await rm(tmp, { recursive: true, force: true })
    },
  }
}

/** Somebody, 甲 where nobody is named, asks for a link to the console, one-to-one. */
export function consoleLink({ telegram }: Pick<Rig, 'telegram'>, who: Who = '甲'): Promise<string> {
  const id = PEOPLE[who].telegram
  const before = telegram.messages(id).length
  telegram.say(id, id, '控制台')
  return until(() => {
    const texts = telegram.messages(id).slice(before)
    return texts.map(({ text }) => /http:\S+code=\S+/.exec(text)?.[0]).find((one) => one !== undefined)
  }, 'the link')
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}

/** What axe finds of serious or critical faults for people who cannot see, or use no mouse. */
export async function faultsOfAccess(page: Page): Promise<string[]> {
  // Evaluated by the browser itself, which no policy of the page forbids.
  await page.evaluate(await readFile(AXE, 'utf8'))
  const found = await page.evaluate<Violation[]>(`axe.run().then(({ violations }) => violations)`)
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}
