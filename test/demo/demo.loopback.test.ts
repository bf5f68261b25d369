import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { BodyView } from '../../src/demo/chat-views.ts'
import type { Snapshot } from '../../src/demo/snapshot.ts'
import { startDemo } from '../../src/demo.ts'
import { createLog } from '../../src/log.ts'
import { type DemoProcess, startDemoProcess } from './demo-process.ts'

const SOON = { timeout: 20_000, interval: 50 }
const TRIP = { do: 'trip', breaker: '820720', circuit: 'power', cause: 'overload' }

let tmp: string
let demo: DemoProcess

beforeAll(async () => {
  tmp = await mkdtemp(join(tmpdir(), 'demo-test-'))
  demo = await startDemoProcess(tmp)
})
afterAll(async () => {
  await demo.end('SIGKILL')
  await rm(tmp, { recursive: true, force: true })
})

const titleOf = (body: BodyView) => ('title' in body ? body.title : body.text)
const buttonsOf = (body: BodyView) =>
  'buttons' in body ? body.buttons : 'keyboard' in body ? body.keyboard.flat() : []
const firstButton = (state: Snapshot, chat: 'telegram' | 'dingtalk' | 'wecom', text: string) => {
  const message = state.chats[chat].group.find(({ body }) =>
    buttonsOf(body).some((button) => button.text === text),
  )!
  const button = buttonsOf(message.body).find((one) => one.text === text)!
  return { chat, message: message.id, button: button.key }
}

test('the page is served with its parts and allows no script of others', async () => {
  const page = await fetch(demo.address)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  const html = await page.text()
  for (const [, file] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect((await fetch(`${demo.address}/${file}`)).status, file).toBe(200)
  }
  expect((await fetch(`${demo.address}/../demo.ts`)).status).toBe(404)
})

test('orders that make no sense are refused with a reason', async () => {
  const unknown = await demo.post('deed', { ...TRIP, breaker: '1' })
  expect([unknown.status, await unknown.json()]).toEqual([
    400,
    { message: expect.stringContaining('breaker') },
  ])
  const absent = await demo.post('deed', { ...TRIP, circuit: 'power7' })
  expect([absent.status, await absent.json()]).toEqual([409, { message: expect.stringContaining('power7') }])
  const forged = await demo.post('press', { as: 'jia', chat: 'telegram', message: '1', button: 'x' })
  expect(forged.status).toBe(409)
  const plain = await fetch(`${demo.address}/api/deed`, { method: 'POST', body: JSON.stringify(TRIP) })
  expect(plain.status).toBe(415)
})

test('a trip shows as a card in each chat, and only who is listed may answer it', async () => {
  expect((await demo.post('deed', TRIP)).status).toBe(200)
  const state = await vi.waitFor(async () => {
    const now = await demo.state()
    for (const { group } of Object.values(now.chats)) {
      expect(group.map(({ body }) => titleOf(body))).toEqual([expect.stringContaining('3号增氧机')])
    }
    return now
  }, SOON)
  expect(state.breakers[0]?.circuits).toMatchObject([{ position: 'open', cause: 'overload' }])

  const refused = await demo.post('press', { as: 'stranger', ...firstButton(state, 'telegram', '合闸') })
  expect(await refused.json()).toMatchObject({ answered: true, alert: true })
  const taken = await demo.post('press', { as: 'jia', ...firstButton(state, 'telegram', '确认') })
  expect(await taken.json()).toMatchObject({
    answered: true,
    alert: false,
    toast: expect.stringContaining('电工甲'),
  })
  expect((await demo.state()).calls.filter(({ path }) => path === 'device/control')).toEqual([])
})

test('a typed line is answered in each chat', async () => {
  for (const chat of ['telegram', 'dingtalk', 'wecom'] as const) {
    expect((await demo.post('line', { as: 'jia', chat, text: '状态 投饵机' })).status).toBe(200)
    await vi.waitFor(async () => {
      const last = (await demo.state()).chats[chat].group.at(-1)
      expect(last).toMatchObject({ side: 'bot', body: { text: expect.stringContaining('投饵机') } })
    }, SOON)
  }
})

const saying = (text: RegExp) => expect.objectContaining({ text: expect.stringMatching(text) })
const LINK = /http:\/\/127\.0\.0\.1:\d+\/console\/sign-in\?code=\S+/

test.for(['telegram', 'dingtalk', 'wecom'] as const)(
  'what is meant for one person alone is seen by that person, in %s',
  async (chat) => {
    await demo.post('line', { as: 'chief', chat, text: '控制台' })
    await vi.waitFor(async () => {
      const { group, single } = (await demo.state('chief')).chats[chat]
      expect(single).toEqual([expect.objectContaining({ side: 'bot', body: saying(LINK) })])
      expect(group.map(({ body }) => body)).toContainEqual(saying(/已私聊/))
    }, SOON)
    expect((await demo.state('jia')).chats[chat].single).toEqual([])
    for (const { body } of (await demo.state('jia')).chats[chat].group) expect(body).not.toEqual(saying(LINK))
  },
)

test.for(['telegram', 'wecom'] as const)('%s lets no bot write first', async (chat) => {
  await demo.post('line', { as: 'yi', chat, text: '控制台' })
  await vi.waitFor(async () => {
    const { group, single, open } = (await demo.state('yi')).chats[chat]
    expect([single, open]).toEqual([[], false])
    expect(group.map(({ body }) => body)).toContainEqual(saying(/电工乙.*请打开与本机器人的单聊/))
  }, SOON)
  await demo.post('line', { as: 'yi', chat, place: 'single', text: '控制台' })
  await vi.waitFor(async () => {
    const { single, open } = (await demo.state('yi')).chats[chat]
    expect(single.map(({ side }) => side)).toEqual(['me', 'bot'])
    expect([single.at(-1)?.body, open]).toEqual([saying(LINK), true])
  }, SOON)
})

test('a button of a message one-to-one can be pressed there', async () => {
  const say = (text: string) => demo.post('line', { as: 'jia', chat: 'telegram', place: 'single', text })
  await say('全关 一号鱼塘')
  const pressed = await vi.waitFor(async () => {
    const { single } = (await demo.state()).chats.telegram
    const asked = single.find(({ body }) => buttonsOf(body).length > 0)!
    return { message: asked.id, button: buttonsOf(asked.body)[0]!.key }
  }, SOON)
  const press = { as: 'jia', chat: 'telegram', ...pressed }
  expect((await demo.post('press', { ...press, place: 'single' })).status).toBe(200)
  expect((await demo.post('press', { ...press, as: 'guest', place: 'single' })).status).toBe(409)
})

test('what machines drew before the demo began can be asked for at once', async () => {
  expect((await demo.post('line', { as: 'jia', chat: 'telegram', text: '电量 1号增氧机' })).status).toBe(200)
  await vi.waitFor(async () => {
    const last = (await demo.state()).chats.telegram.group.at(-1)
    const told = [...JSON.stringify(last?.body).matchAll(/(\d+(?:\.\d+)?) kWh/g)].map(([, kwh]) =>
      Number(kwh),
    )
    // Nothing that was measured since the demo began comes to as much.
    expect(Math.max(...told)).toBeGreaterThan(10)
  }, SOON)
})

test('where a whole site trips, the first has a card of its own and the others share one', async () => {
  for (const [breaker, circuit] of [
    ['820730', 'power1'],
    ['820730', 'power2'],
    ['820731', 'power'],
  ]) {
    expect((await demo.post('deed', { ...TRIP, breaker, circuit, cause: 'under-voltage' })).status).toBe(200)
  }
  await vi.waitFor(async () => {
    for (const { group } of Object.values((await demo.state()).chats)) {
      const titles = group.map(({ body }) => titleOf(body))
      expect(titles).toContainEqual(expect.stringContaining('2 起跳闸 · 二号大棚'))
    }
  }, SOON)
})

test('a wrong port is said so', async () => {
  await expect(startDemoProcess(tmp, ['--port', 'http'])).rejects.toThrow('ended with 1')
})

test('a taken port is said so, unless there is another to take', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port: taken } = other.address() as AddressInfo
  const logFor = () => createLog({ write() {} })
  await expect(startDemo({ ports: [taken], logFor })).rejects.toThrow(`port ${taken} is taken`)
  const elsewhere = await startDemo({ ports: [taken, 0], logFor })
  expect((await fetch(elsewhere.address)).status).toBe(200)
  await elsewhere.close()
  await expect(fetch(elsewhere.address)).rejects.toThrow()
  other.close()
})

test('Ctrl-C ends it with 0 and leaves nothing behind', async () => {
  expect(await readdir(tmp)).toHaveLength(1)
  const before = performance.now()
  expect(await demo.end('SIGINT')).toBe(0)
  expect(performance.now() - before).toBeLessThan(10_000)
  expect(await readdir(tmp)).toEqual([])
  // Warnings may be; errors may not.
  expect(demo.output.err).not.toMatch(/"level":[56]0/)
  expect(demo.output.out.trim().split('\n')).toHaveLength(2)
})
