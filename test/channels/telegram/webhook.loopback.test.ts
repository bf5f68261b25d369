import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TelegramWebhook } from '../../../src/channels/telegram/index.ts'
import { until } from '../../support/until.ts'
import { callsOf, createRig, delivered, GROUP, LI, type Rig, TOKEN } from './rig.ts'

const HEADER = 'x-telegram-bot-api-secret-token'
let server: Server
let rig: Rig

beforeEach(async () => {
  server = createServer(async (request, response) => {
    const known = request.method === 'POST' && request.url === webhook().path
    response.statusCode = known ? await webhook().receive(request.headers, await json(request)) : 404
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  rig = await createRig(
    { mode: 'webhook', webhook: { publicUrl } },
    { webhookBackoff: { first: 20, longest: 50 } },
  )
})
afterEach(async () => {
  await rig.close()
  server.closeAllConnections()
  server.close()
})

function webhook(): TelegramWebhook {
  if (!rig.channel.webhook) throw new Error('no webhook')
  return rig.channel.webhook
}
const secret = () => String(callsOf(rig.sim, 'setWebhook')[0]?.payload.secret_token)
const update = (text: string) => ({
  update_id: 5,
  message: { message_id: 9, date: 1, chat: { id: LI.id, type: 'private' }, from: { id: LI.id }, text },
})

test('is set with a secret and a path that nobody can guess, the same after a restart', async () => {
  await rig.start()
  const { url, secret_token, allowed_updates } = callsOf(rig.sim, 'setWebhook')[0]?.payload ?? {}
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/telegram\/[\w-]{43}$/)
  expect(secret_token).toMatch(/^[\w-]{43}$/)
  expect(String(url)).not.toContain(String(secret_token))
  expect(allowed_updates).toEqual(['message', 'callback_query', 'my_chat_member'])
  expect(JSON.stringify(callsOf(rig.sim, 'setWebhook')[0]?.payload)).not.toContain(TOKEN)
  const path = webhook().path
  await rig.restart()
  expect(webhook().path).toBe(path)
})

test('brings presses and messages, and answers them', async () => {
  const card = delivered(await rig.channel.send(String(GROUP), { text: 'x' }, 'k1'))
  rig.engine.receive = () => ({ answer: Promise.resolve({ toast: '好' }) })
  await rig.start()
  const press = rig.sim.press(GROUP, card, LI.id, { data: 'v1:ack:x' })
  expect(await press.answered).toMatchObject({ text: '好' })
  rig.sim.say(LI.id, LI.id, '/status')
  await until(() => rig.inputs.length === 2)
  expect(rig.inputs).toMatchObject([{ kind: 'press' }, { kind: 'text', text: 'status' }])
  expect(callsOf(rig.sim, 'getUpdates')).toHaveLength(0)
})

test('answers 200 only when it is taken; otherwise Telegram brings it again', async () => {
  let refusals = 2
  rig.engine.receive = () => (refusals-- > 0 ? { taken: Promise.reject(new Error('disk full')) } : {})
  await rig.start()
  rig.sim.say(LI.id, LI.id, '/status')
  await until(() => {
    rig.sim.clock.advance(10)
    return rig.sim.pending() === 0
  })
  expect(rig.sim.pushes.map(({ status }) => status)).toEqual([503, 503, 200])
  expect(new Set(rig.inputs.map(({ id }) => id)).size).toBe(1)
})

test('after an outage all that waited comes in, each chat in its order, and once', async () => {
  await rig.start()
  server.closeAllConnections()
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const lines = Array.from({ length: 20 }, (_, n) => `${n}`)
  for (const line of lines) rig.sim.say(LI.id, LI.id, line)
  await until(() => rig.sim.pushes.length > 1, 'attempts in vain')
  server.listen(port, '127.0.0.1')
  await until(() => {
    rig.sim.clock.advance(20)
    return rig.sim.pending() === 0
  })
  expect(rig.inputs.map((input) => input.kind === 'text' && input.text)).toEqual(lines)
})

describe('receive', () => {
  test.each([
    ['no secret', {}],
    ['a wrong secret', { [HEADER]: 'x'.repeat(43) }],
    ['a secret that is too short', { [HEADER]: 'x' }],
    ['two secrets', { [HEADER]: ['a', 'b'] }],
  ])('%s: 401, and nothing is taken', async (_, headers) => {
    await rig.start()
    expect(await webhook().receive(headers, update('/ack'))).toBe(401)
    expect(rig.inputs).toHaveLength(0)
  })

  test('200 for what is taken or not for us, 400 for what is no update', async () => {
    await rig.start()
    const headers = { [HEADER]: secret() }
    expect(await webhook().receive(headers, update('/ack'))).toBe(200)
    expect(await webhook().receive(headers, { update_id: 6, of_the_future: {} })).toBe(200)
    expect(await webhook().receive(headers, { update_id: 7, message: { text: 1 } })).toBe(200)
    expect(await webhook().receive(headers, 'nonsense')).toBe(400)
    expect(await webhook().receive(headers, null)).toBe(400)
    expect(rig.inputs).toHaveLength(1)
  })

  test('503 before the start and after the end', async () => {
    await rig.start()
    const headers = { [HEADER]: secret() }
    const before = webhook()
    await rig.channel.stop()
    expect(await before.receive(headers, update('/ack'))).toBe(503)
    await rig.sim.goOffline()
    await rig.restart()
    expect(await webhook().receive(headers, update('/ack'))).toBe(503)
    expect(rig.inputs).toHaveLength(0)
    await rig.sim.goOnline()
  })
})
