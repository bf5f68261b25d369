import { expect, it } from 'vitest'
import type { JsonObject } from '../../../src/simulator/wecom/index.ts'
import { until } from '../../support/until.ts'
import { card, GROUP, markdown, rawClient, startSim, template, toGroup } from './support.ts'

async function call(url: string, body?: unknown): Promise<{ status: number; json: JsonObject }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', headers, body: text })
  return { status: response.status, json: Object(await response.json()) }
}

const text = (content: string, more: JsonObject = {}) => ({ msgtype: 'text', text: { content, ...more } })

it('a group robot sends 20 a minute', async () => {
  const sim = await startSim()
  const send = async (body: unknown, key = 'robot-key') =>
    (await call(`${sim.url}/cgi-bin/webhook/send?key=${key}`, body)).json.errcode
  const notice = { card_type: 'text_notice', main_title: { title: 'x' }, card_action: { type: 1, url: 'x' } }
  expect(await send(text('x'), 'wrong')).toBe(93000)
  expect(await send('{')).toBe(47001)
  expect(await send({ msgtype: 'video', video: {} })).toBe(40008)
  expect(await send({ msgtype: 'file', file: { media_id: 'x' } })).toBe(40007)
  expect(await send(text('电'.repeat(683)))).toBe(40058)
  expect(await send(text('x', { mentioned_list: '@all' }))).toBe(40058)
  expect(await send(template(card('t')))).toBe(40058)
  expect(await send({ msgtype: 'news', news: { articles: [] } })).toBe(40058)
  expect(sim.messages(GROUP)).toEqual([])
  expect(await send(template(notice))).toBe(0)
  for (let i = 1; i < 20; i++) expect(await send(text('跳闸', { mentioned_list: ['@all', 'lisi'] }))).toBe(0)
  expect(await send(text('跳闸'))).toBe(45009)
  sim.clock.advance(60_000)
  expect(await send(markdown('好了'))).toBe(0)
  expect(sim.messages(GROUP)).toHaveLength(21)
  expect(sim.messages(GROUP).at(-1)).toMatchObject({ from: { robot: 'robot-key' }, text: '好了' })
})

it('a response_url takes one message within an hour', async () => {
  const sim = await startSim()
  const { subscribe, pushes } = await rawClient(sim.wsUrl)
  await subscribe()
  const nextUrl = async () => {
    const before = pushes().length
    sim.say(GROUP, 'lisi', '状态')
    const { body } = await until(() => pushes()[before])
    return String(Object(body).response_url)
  }
  const post = async (url: string, body: unknown) => (await call(url, body)).json.errcode
  const url = await nextUrl()
  expect(await post(url, { response_type: 'update_template_card', template_card: card('t') })).toBe(40008)
  expect(await post(url, markdown('一'))).toBe(0)
  expect(await post(url, markdown('二'))).toBe(846606)
  const old = await nextUrl()
  sim.clock.advance(3_600_001)
  expect(await post(old, markdown('三'))).toBe(846604)
  expect(await post(`${sim.url}/cgi-bin/aibot/response?response_code=x`, markdown('四'))).toBe(846605)
  expect(sim.messages(GROUP).filter(({ via }) => via === 'response_url')).toMatchObject([{ text: '一' }])
})

it('the test API does the essentials over HTTP', async () => {
  const sim = await startSim()
  const at = (path: string) => `${sim.url}/_sim/${path}`
  await call(at('bots'), { botId: 'BOT', secret: 'new' })
  await call(at('users'), { userid: 'wangwu' })
  await call(at('chats'), { chatid: 'wrHTTP', members: ['wangwu'] })
  await call(at('robots'), { key: 'k', chatid: 'wrHTTP' })
  const { subscribe, code, pushes } = await rawClient(sim.wsUrl)
  expect(await subscribe('new')).toBe(0)
  const said = await call(at('say'), { chat: 'wrHTTP', userid: 'wangwu', text: '绑定' })
  expect(said.json).toMatchObject({ delivered: true })
  await code('aibot_send_msg', toGroup(template(card('al-1')), 'wrHTTP'))
  const view = await call(at('card?taskId=al-1&userid=wangwu'))
  expect(view.json).toMatchObject({
    title: '过流跳闸 · 3号楼配电箱',
    buttons: [{ key: 'ack' }, { key: 'reclose' }],
  })

  const click = call(at('click'), { taskId: 'al-1', userid: 'wangwu', key: 'ack' })
  const { headers } = await until(() => pushes()[1])
  const update = { response_type: 'update_template_card', template_card: card('al-1') }
  await code('aibot_respond_update_msg', update, String(Object(headers).req_id))
  expect((await click).json).toMatchObject({ delivered: true, outcome: 'updated' })

  expect((await call(at('click'), { taskId: 'al-1', userid: 'wangwu', key: 'x' })).status).toBe(409)
  expect((await call(at('card?taskId=al-1&userid=lisi'))).status).toBe(404)
  expect((await call(at('say'), { chat: 'wrHTTP' })).status).toBe(400)
  expect((await call(at('messages?chat=wrNONE'))).status).toBe(409)
  expect((await call(at('messages?chat=wrHTTP'))).json).toMatchObject({ length: 2 })
  expect((await call(at('settings'), { messagesPerMinute: null, subscribeFirst: false })).status).toBe(200)
  expect(sim.settings).toMatchObject({ messagesPerMinute: Infinity, subscribeFirst: false })
  expect((await call(at('settings'), { unheardOf: 1 })).status).toBe(409)
  const before = sim.clock.now()
  await call(at('clock'), { advance: 60_000 })
  expect(sim.clock.now()).toBeGreaterThanOrEqual(before + 60_000)
  expect((await call(at('frames'))).json).toMatchObject({ length: sim.frames().length })
  expect((await call(at('kick'), { delay: 0 })).status).toBe(200)
  await until(() => sim.conns()[0]?.open === false)
  expect((await call(at('conns'))).json).toMatchObject([{ state: 'kicked', open: false }])
})

it('faults hit a group robot where they name it, and nothing else does', async () => {
  const sim = await startSim()
  const send = (content: string, within = 5_000) =>
    fetch(`${sim.url}/cgi-bin/webhook/send?key=robot-key`, {
      method: 'POST',
      body: JSON.stringify(text(content)),
      signal: AbortSignal.timeout(within),
    }).then(
      async (response) => Object(await response.json()).errcode,
      () => 'no answer',
    )
  sim.faults.failNext({ errcode: -1 })
  expect(await send('一')).toBe(0)
  const robot = { cmd: 'webhook/send' }
  sim.faults.failNext({ ...robot, errcode: 93004 })
  expect(await send('二')).toBe(93004)
  sim.faults.dropAck(robot)
  expect(await send('三', 100)).toBe('no answer')
  sim.faults.delayAck(60_000, robot)
  const slow = send('四')
  await until(() => sim.messages(GROUP).length === 3)
  sim.clock.advance(60_000)
  expect(await slow).toBe(0)
  sim.faults.ackThenLose(robot)
  expect(await send('五')).toBe(0)
  expect(sim.messages(GROUP).map(({ text, hidden = false }) => [text, hidden])).toEqual([
    ['一', false],
    ['三', false],
    ['四', false],
    ['五', true],
  ])
})
