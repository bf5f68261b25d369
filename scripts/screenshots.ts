import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

/** Makes the pictures of docs/images anew, from the demo: a trip that somebody has taken on, and a question about energy. */
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = `${ROOT}docs/images`
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu']

const demo = spawn(process.execPath, ['src/main.ts', 'demo', '--port', '0'], { cwd: ROOT })
demo.stderr.pipe(process.stderr)
const address = await new Promise<string>((resolve) => {
  let out = ''
  demo.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    const found = /http:\/\/[\d.]+:\d+/.exec(out)
    if (found) resolve(found[0])
  })
})
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ARGS,
})
const page = await browser.newPage({ viewport: { width: 1440, height: 1120 } })
await page.goto(address)
const tour = (name: string) => page.locator('#tour').getByRole('button', { name, exact: true }).click()
const at = (step: string) => page.locator('#tour .progress', { hasText: step }).waitFor()
const chat = (name: string) => page.getByRole('region', { name, exact: true })
await chat('企业微信').getByRole('textbox').fill('电量 3号增氧机 昨天')
await page.keyboard.press('Enter')
await chat('企业微信').locator('img').last().waitFor()
await tour('凌晨两点跳闸')
await tour('让它跳闸')
await at('2 / 5')
await chat('Telegram').getByRole('button', { name: '确认', exact: true }).last().click()
await at('3 / 5')
await chat('钉钉').getByText('电工甲 已确认').first().waitFor()
// The load before the trip comes after the card.
await chat('Telegram').locator('img').last().waitFor()
mkdirSync(OUT, { recursive: true })
await page.screenshot({ path: `${OUT}/playground.png` })
await browser.close()
demo.kill('SIGINT')
await once(demo, 'close')
