import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { consoleLink, launch, startStage } from '../test/e2e/support.ts'
import { startRig } from '../test/service/rig.ts'
import { closedPort } from '../test/support/closed-port.ts'

/** Makes the pictures of the README anew: `node scripts/screenshots.ts`. */
const PUMP = 820720

const shoot = (page: Page, name: string) =>
  page.screenshot({ path: fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url)) })

async function playground(): Promise<void> {
  const stage = await startStage()
  const page = await stage.open('', { locale: 'zh-CN', viewport: { width: 1440, height: 1120 } })
  const tour = (name: string) => page.locator('#tour').getByRole('button', { name, exact: true }).click()
  const at = (step: string) => page.locator('#tour .progress', { hasText: step }).waitFor()
  const chat = (name: string) => page.getByRole('region', { name, exact: true })
  await chat('企业微信').getByRole('combobox').fill('电量 3号增氧机 昨天')
  await page.keyboard.press('Enter')
  await chat('企业微信').locator('img').last().waitFor()
  await tour('凌晨两点跳闸')
  await tour('让它跳闸')
  await at('2 / 5')
  await chat('Telegram').getByRole('button', { name: '确认', exact: true }).last().click()
  await chat('钉钉').getByText('电工甲 已确认').first().waitFor()
  // The load before the trip comes after the card.
  await chat('Telegram').locator('img').last().waitFor()
  await shoot(page, 'playground')
  await stage.end()
}

async function console(): Promise<void> {
  const port = await closedPort()
  const rig = await startRig({ platforms: ['telegram'], port, publicUrl: `http://127.0.0.1:${port}` })
  await rig.cloud.report(PUMP)
  await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
  const link = await consoleLink(rig)
  const browser = await launch()
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  await page.goto(link)
  await page.getByRole('button', { name: '登录' }).click()
  await page.locator('#breakers .name', { hasText: '3号增氧机' }).click()
  await page.locator('#history li').first().waitFor()
  await page.evaluate('scrollTo(0, 0)')
  await shoot(page, 'console')
  await browser.close()
  await rig.close()
}

await playground()
await console()
