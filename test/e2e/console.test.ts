import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { consoleStage, openBreaker, PUMP } from './console-stage.ts'
import { faultsOfAccess } from './support.ts'

const WORDS = {
  'zh-CN': {
    close: '合闸…',
    confirm: '确认合闸',
    takeBack: '撤回合闸请求',
    hold: '挂牌…',
    release: '摘牌…',
    back: '返回列表',
    keeps: '不能合闸',
    table: '表格',
  },
  en: {
    close: 'Close…',
    confirm: 'Confirm close',
    takeBack: 'Take the request back',
    hold: 'Hold…',
    release: 'Release…',
    back: 'Back to the list',
    keeps: 'Cannot be closed',
    table: 'As a table',
  },
}

const stage = consoleStage()

for (const [locale, width, colorScheme] of [
  ['zh-CN', 1440, 'light'],
  ['en', 360, 'dark'],
] as const)
  test(`a link from the chat, a refused close, an allowed one, in ${locale}, ${width} px wide, ${colorScheme}`, async () => {
    const rig = await stage.start()
    await rig.cloud.report(PUMP)
    await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
    const words = WORDS[locale]
    const page = await stage.signIn('甲', { viewport: { width, height: 900 }, locale, colorScheme })
    await page.locator('#incidents .name').first().waitFor()
    const { detail, button, press } = await openBreaker(page, '3号增氧机')
    await button(words.close).waitFor()

    await press(words.hold)
    // Enter in the line says yes.
    await page.locator('#ask input').fill('检修水泵')
    await page.keyboard.press('Enter')
    await page.locator('#holds', { hasText: '检修水泵' }).waitFor()
    await press(words.close)
    await page.locator('#toast.alert', { hasText: '甲' }).waitFor()
    await detail.getByText(words.keeps).waitFor()
    expect(rig.cloud.device(PUMP).positions.power).toBe('open')
    await detail.locator('summary').first().click()
    await detail.locator('#load-table td').first().waitFor()
    expect(await faultsOfAccess(page)).toEqual([])

    await press(words.release)
    await page.locator('#ask-yes').click()
    await page.locator('#holds', { hasText: '检修水泵' }).waitFor({ state: 'detached' })
    await press(words.close)
    await page.locator('#ask-text', { hasText: '3号增氧机' }).waitFor()
    expect(await faultsOfAccess(page)).toEqual([])
    expect(rig.cloud.device(PUMP).positions.power).toBe('open')
    await page.locator('#ask-yes', { hasText: words.confirm }).click()
    await until(() => rig.cloud.device(PUMP).positions.power === 'closed', 'the contacts to close')
    // Told by the service itself: nothing was pressed in between.
    await detail.locator('.circuit .closed').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await press(words.back)
    await detail.waitFor({ state: 'hidden' })
    await page.emulateMedia({ colorScheme: colorScheme === 'dark' ? 'light' : 'dark' })
    expect(await faultsOfAccess(page)).toEqual([])
  })

test.each([
  ['the button', '#ask-no'],
  ['Escape', undefined],
])('saying no to the confirming step, by %s, takes the request back', async (_how, selector) => {
  const rig = await stage.start()
  await rig.cloud.report(PUMP)
  await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
  const words = WORDS['zh-CN']
  const page = await stage.signIn('甲')
  const { button, press } = await openBreaker(page, '3号增氧机')
  await button(words.close).waitFor()
  await press(words.close)
  await page.locator('#ask-no', { hasText: words.takeBack }).waitFor()
  const stages = () => rig.audit().flatMap(({ what }) => (what.startsWith('close.') ? what : []))
  expect(stages()).toEqual(['close.asked'])
  if (selector) await page.locator(selector).click()
  else await page.keyboard.press('Escape')
  await until(() => stages().includes('close.cancelled'), 'the request to be taken back')
  await button(words.close).waitFor()
  expect(stages()).toEqual(['close.asked', 'close.cancelled'])
  expect(rig.cloud.device(PUMP).positions.power).toBe('open')
})
