import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOfAccess, startStage } from './support.ts'

const WORDS = {
  'zh-CN': {
    ...{ pump: '3号增氧机', who: '我是', single: '单聊', write: '控制台', start: '开始', signIn: '登录' },
    ...{ dingtalk: '钉钉', wecom: '企业微信', me: '场长 (管理员)', other: '电工乙 (操作)' },
    ...{ unread: '单聊，1 条未读', shut: '电工乙还没有按过', first: /电工乙.*请打开与本机器人的单聊/ },
  },
  en: {
    ...{
      pump: 'Aerator 3',
      who: 'I am',
      single: 'One-to-one',
      write: 'console',
      start: 'START',
      signIn: 'Sign in',
    },
    ...{
      dingtalk: 'DingTalk',
      wecom: 'WeCom',
      me: 'Jia (electrician) (operator)',
      other: 'Yi (electrician) (operator)',
    },
    ...{
      unread: 'One-to-one, 1 unread',
      shut: 'Yi (electrician) has never pressed',
      first: /Yi \(electrician\).*one-to-one/,
    },
  },
}
type Locale = keyof typeof WORDS

let stage: Awaited<ReturnType<typeof startStage>>
beforeAll(async () => {
  stage = await startStage()
})
afterAll(async () => {
  await stage.end()
  expect(stage.complaints).toEqual([])
})

/** What a visitor sees and does. */
function visitor(page: Page, words: (typeof WORDS)[Locale]) {
  const pane = (name: string) => page.getByRole('region', { name, exact: true })
  return {
    pane,
    become: (who: string) => page.getByLabel(words.who).selectOption({ label: who }),
    messages: (name: string) => pane(name).getByRole('log').getByRole('article'),
    async write(name: string, text: string) {
      await pane(name).locator('form input').fill(text)
      await page.keyboard.press('Enter')
    },
  }
}

for (const [locale, width, colorScheme] of [
  ['zh-CN', 1440, 'light'],
  ['en', 360, 'dark'],
] as const)
  test(`the link to the console comes one-to-one and opens it, in ${locale}, ${width} px wide, ${colorScheme}`, async () => {
    const words = WORDS[locale]
    const viewport = { width, height: 900 }
    const page = await stage.open('', { viewport, colorScheme, locale })
    const { pane, become, messages, write } = visitor(page, words)
    await become(words.me)
    for (const [index, chat] of ['Telegram', words.dingtalk, words.wecom].entries()) {
      await write(chat, words.write)
      await pane(chat).getByRole('tab', { name: words.unread }).click()
      const link = messages(chat).getByRole('link')
      await link.waitFor()
      await pane(chat).getByRole('tab', { name: words.single, exact: true, selected: true }).waitFor()
      expect(await faultsOfAccess(page)).toEqual([])
      // A link is good once, and for the last of them it is used.
      if (index < 2) continue
      const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
      opened.on('pageerror', (error) => stage.complaints.push(String(error)))
      await opened.getByRole('button', { name: words.signIn }).click()
      await opened.locator('#breakers .name', { hasText: words.pump }).waitFor()
      expect(await opened.locator('#breakers > li').count()).toBe(5)
      expect(await faultsOfAccess(opened)).toEqual([])
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await page.context().close()
  })

test('where no bot may write first, the group says what to do, and doing it helps', async () => {
  const words = WORDS['zh-CN']
  const page = await stage.open()
  const { pane, become, messages, write } = visitor(page, words)
  await become(words.other)
  for (const chat of ['Telegram', words.wecom]) {
    await write(chat, words.write)
    await messages(chat).filter({ hasText: words.first }).last().waitFor()
    await pane(chat).getByRole('tab', { name: words.single, exact: true }).click()
    expect(await messages(chat).count()).toBe(0)
  }
  await pane('Telegram').getByText(words.shut).waitFor()
  expect(await pane('Telegram').locator('form').isVisible()).toBe(false)
  await pane('Telegram').getByRole('button', { name: words.start }).click()
  await pane('Telegram').locator('form').waitFor()
  for (const chat of ['Telegram', words.wecom]) {
    await write(chat, words.write)
    await messages(chat).getByRole('link').waitFor()
  }
  await page.context().close()
})

test('the arrow keys go from the group to the chat with the bot alone, which is somebody else’s for somebody else', async () => {
  const words = WORDS['zh-CN']
  const page = await stage.open()
  const { pane, become, messages, write } = visitor(page, words)
  const tab = (name: string, selected: boolean) => pane(words.dingtalk).getByRole('tab', { name, selected })
  await tab('值班群', true).focus()
  await page.keyboard.press('ArrowRight')
  await tab(words.single, true).waitFor()
  await write(words.dingtalk, '我是谁')
  await messages(words.dingtalk).filter({ hasText: 'staff-jia' }).waitFor()
  await become(words.other)
  await pane(words.dingtalk).getByText('电工乙与机器人还没有说过话').waitFor()
  expect(await messages(words.dingtalk).count()).toBe(0)
  await page.context().close()
})
