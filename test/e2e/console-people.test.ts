import { expect, test } from 'vitest'
import { PEOPLE } from '../service/chats.ts'
import { until } from '../support/until.ts'
import { consoleStage, FEEDER, openBreaker, PUMP } from './console-stage.ts'

const stage = consoleStage()

test('a close that needs a second person is confirmed by another in a browser of their own', async () => {
  const rig = await stage.start()
  await rig.cloud.report(PUMP)
  await rig.cloud.trip(PUMP, { cause: 'leakage', rise: false })
  const [first, second] = [await stage.signIn('甲'), await stage.signIn('乙')]
  const mine = await openBreaker(first, '3号增氧机')
  await mine.button('合闸…').waitFor()
  await mine.press('合闸…')
  await first.locator('#ask-text', { hasText: '另一个人' }).waitFor()
  await first.locator('#ask-yes', { hasText: '等另一个人确认' }).click()

  const others = await openBreaker(second, '3号增氧机')
  await others.button('确认合闸').waitFor()
  await others.press('确认合闸')
  await second.locator('#ask-no', { hasText: '暂不确认' }).click()
  // It is not theirs to take back by that.
  await second.locator('#ask').waitFor({ state: 'hidden' })
  await others.press('确认合闸')
  await second.locator('#ask-yes', { hasText: '确认合闸' }).click()
  await until(() => rig.cloud.device(PUMP).positions.power === 'closed', 'the contacts to close')
  await first.locator('#detail .circuit .closed').waitFor()
  const lines = rig.audit().flatMap(({ who, what }) => (what.startsWith('close.') ? `${who} ${what}` : []))
  expect(lines.slice(0, 2)).toEqual(['甲 close.asked', '乙 close.confirmed'])
})

test('a viewer is offered nothing, and told why', async () => {
  const rig = await stage.start()
  await rig.cloud.report(PUMP)
  await rig.cloud.trip(PUMP, { cause: 'overload', rise: false })
  const page = await stage.signIn('看客')
  await page.locator('#incidents .name').first().waitFor()
  const { detail } = await openBreaker(page, '3号增氧机')
  await page.locator('#look-only', { hasText: '只能查看' }).waitFor()
  expect(await detail.getByRole('button').allTextContents()).toEqual(['返回列表'])
  expect(await page.locator('#incidents').getByRole('button', { name: '确认告警' }).count()).toBe(0)
  await page.locator('#off-not').waitFor()
  expect(await page.locator('#off-form').isVisible()).toBe(false)
})

test('a stranger gets no link, and finds how one signs in and nothing else', async () => {
  const rig = await stage.start()
  const id = PEOPLE.生人.telegram
  rig.telegram.say(id, id, '控制台')
  await until(() => rig.telegram.messages(id).length > 1, 'the answer')
  const said = rig.telegram.messages(id).map(({ text }) => text)
  expect(said.join()).not.toContain('code=')
  const page = await stage.open()
  await page.goto(`${rig.url}/console`)
  await page.locator('#sign-in', { hasText: '控制台' }).waitFor()
  expect(await page.locator('#main').isVisible()).toBe(false)
  expect(await page.locator('#ended').isVisible()).toBe(false)
  await page.goto(`${rig.url}/console/sign-in?code=${'x'.repeat(43)}`)
  await page.locator('form button').click()
  await page.getByText('链接已失效').waitFor()
  await page.goto(`${rig.url}/console`)
  await page.locator('#sign-in').waitFor()
})

test('a whole site is opened from the page: taken back by Escape, then confirmed, and followed to its end', async () => {
  const rig = await stage.start()
  for (const id of [PUMP, FEEDER]) await rig.cloud.report(id)
  const page = await stage.signIn('甲')
  await page.locator('#place').selectOption('一号鱼塘')
  const ask = page.getByRole('button', { name: '全部分闸…' })
  await ask.click()
  await page.locator('#ask-text', { hasText: '一号鱼塘' }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('#runs > li', { hasText: '已取消' }).waitFor()
  expect(rig.cloud.device(PUMP).positions.power).toBe('closed')

  await ask.click()
  await page.locator('#ask-yes', { hasText: '确认全部分闸' }).click()
  await until(
    () => [PUMP, FEEDER].every((id) => rig.cloud.device(id).positions.power === 'open'),
    'all contacts to open',
  )
  const first = page.locator('#runs > li').first()
  await first.getByText('已结束').waitFor()
  await first.getByText('2 / 2 到位').waitFor()
  expect(await page.locator('#runs > li').count()).toBe(2)
  const lines = rig.audit().filter(({ what }) => what === 'full-off.confirmed')
  expect(lines.map(({ who, details }) => [who, details?.via])).toEqual([['甲', 'console']])
})

test('what people and the configuration write stands there as it was written, whatever it is', async () => {
  const [name, site] = ['<img src=x onerror=alert(1)>', '</option><script>alert(2)</script>']
  const more = `  - { id: 820799, name: "${name}", site: "${site}", room: night-shift, ratedCurrent: 16 }`
  await stage.start({ more })
  const page = await stage.signIn('甲')
  const dialogs: string[] = []
  page.on('dialog', (one) => {
    dialogs.push(one.message())
    void one.dismiss()
  })
  const { press } = await openBreaker(page, name)
  await press('挂牌…')
  await page.locator('#ask input').fill('<svg onload=alert(3)>{by}')
  await page.locator('#ask-yes').click()
  await page.locator('#holds', { hasText: '挂牌：甲，<svg onload=alert(3)>{by}' }).waitFor()
  await page.locator('#history', { hasText: '甲 挂牌' }).waitFor()
  expect(await page.locator('#place option', { hasText: site }).count()).toBe(1)
  // Opened again, in the other language, and told of by the stream.
  await page.locator('#language').click()
  await page.locator('#holds', { hasText: 'Held by 甲' }).waitFor()
  expect(await page.locator('main :is(img, script, svg)').count()).toBe(0)
  expect(dialogs).toEqual([])
})
