import { createServer, type IncomingHttpHeaders } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { until } from '../../support/until.ts'
import { call, GROUP, LI, result, settle, startSim, WANG } from './support.ts'

interface Received {
  headers: IncomingHttpHeaders
  text: string
}

type Answer = (received: Received) => { status: number; body?: string; retryAfter?: number } | undefined

/** A receiver on loopback; `answer` returning undefined never answers. */
async function receiver(answer: Answer) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const text = /"text":"([^"]*)"/.exec(body)?.[1] ?? /"data":"([^"]*)"/.exec(body)?.[1] ?? ''
    received.push({ headers: request.headers, text })
    const reply = answer(received.at(-1)!)
    if (!reply) return
    if (reply.retryAfter) response.setHeader('retry-after', reply.retryAfter)
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}/`, received, texts: () => received.map(({ text }) => text) }
}

it('pushes with the secret and forgets what was taken', async () => {
  const sim = await startSim()
  const hook = await receiver(() => ({ status: 200 }))
  sim.say(LI, LI, 'before')
  expect(await call(sim, 'setWebhook', { url: hook.url, secret_token: 's-1' })).toEqual({
    ok: true,
    result: true,
    description: 'Webhook was set',
  })
  sim.say(LI, LI, 'after')
  await until(() => sim.pending() === 0)
  expect(hook.texts()).toEqual(['before', 'after'])
  expect(hook.received[0]!.headers['x-telegram-bot-api-secret-token']).toBe('s-1')
  expect(await call(sim, 'setWebhook', { url: hook.url, secret_token: 's-1' })).toMatchObject({
    description: 'Webhook is already set',
  })
  expect(await call(sim, 'deleteWebhook')).toMatchObject({ description: 'Webhook was deleted' })
})

it('repeats a failed push at once, then later and later, and lets other chats pass', async () => {
  const sim = await startSim()
  const hook = await receiver(({ text }) => ({ status: text === 'bad' ? 500 : 200 }))
  await call(sim, 'setWebhook', { url: hook.url })
  sim.say(LI, LI, 'bad')
  sim.say(LI, LI, 'behind')
  sim.say(WANG, WANG, 'other')
  sim.press(GROUP, 1, LI, { data: 'press' })
  const bad = () => hook.texts().filter((text) => text === 'bad').length
  await until(() => bad() === 2 && hook.received.length === 4)
  expect(hook.texts()).toEqual(expect.arrayContaining(['other', 'press']))
  expect(hook.texts()).not.toContain('behind')
  for (const [round, pause] of [2000, 4000, 8000].entries()) {
    sim.clock.advance(pause - 1000)
    await settle()
    expect(bad()).toBe(round + 2)
    sim.clock.advance(1000)
    await until(() => bad() === round + 3)
  }
  expect(await result(sim, 'getWebhookInfo')).toMatchObject({
    url: hook.url,
    pending_update_count: 2,
    max_connections: 40,
    last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
  })
  sim.clock.advance(86_400_000)
  await until(() => sim.pending() === 0)
  expect(hook.texts()).not.toContain('behind')
})

it('does as Retry-After says', async () => {
  const sim = await startSim()
  let status = 503
  const hook = await receiver(() => ({ status, retryAfter: 100 }))
  await call(sim, 'setWebhook', { url: hook.url })
  sim.say(LI, LI, 'a')
  await until(() => sim.pushes.length === 1)
  status = 200
  sim.clock.advance(90_000)
  await settle()
  expect(hook.received).toHaveLength(1)
  sim.clock.advance(10_000)
  await until(() => sim.pending() === 0)
})

it('gives up waiting for an answer', async () => {
  const sim = await startSim({ webhookTimeout: 50 })
  const hook = await receiver(() => undefined)
  await call(sim, 'setWebhook', { url: hook.url })
  sim.say(LI, LI, 'a')
  await until(() => sim.pushes.length > 0)
  expect(sim.pushes[0]).toMatchObject({ status: 0 })
  expect(await result(sim, 'getWebhookInfo')).toMatchObject({ last_error_message: 'Read timeout expired' })
})

it('has no more pushes in flight than allowed', async () => {
  const sim = await startSim()
  const hook = await receiver(() => undefined)
  await call(sim, 'setWebhook', { url: hook.url, max_connections: 1 })
  sim.say(LI, LI, 'a')
  sim.say(WANG, WANG, 'b')
  await until(() => hook.received.length > 0)
  await settle()
  expect(hook.texts()).toEqual(['a'])
})

it('carries out a call in the answer, but no forbidden one', async () => {
  const sim = await startSim()
  const hook = await receiver(({ text }) => ({
    status: 200,
    body: JSON.stringify(
      text === 'a' ? { method: 'sendMessage', chat_id: LI, text: 'Hello' } : { method: 'deleteWebhook' },
    ),
  }))
  await call(sim, 'setWebhook', { url: hook.url })
  sim.say(LI, LI, 'a')
  await until(() => sim.messages(LI).at(-1)?.text === 'Hello')
  sim.say(LI, LI, 'b')
  await until(() => sim.pending() === 0)
  expect(await result(sim, 'getWebhookInfo')).toMatchObject({ url: hook.url })
})

it('ends the webhook after 23 hours of 410', async () => {
  const sim = await startSim()
  const hook = await receiver(() => ({ status: 410 }))
  await call(sim, 'setWebhook', { url: hook.url })
  sim.say(LI, LI, 'a')
  await until(() => sim.pushes.length === 2)
  sim.clock.advance(23 * 3600_000)
  await until(() => sim.pushes.length === 3)
  expect(await result(sim, 'getWebhookInfo')).toMatchObject({ url: '', pending_update_count: 1 })
})

it.each<[payload: object, description: string]>([
  [{ url: 'ftp://x' }, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook'],
  [
    { url: 'https://example.com' },
    'Bad Request: bad webhook: Failed to resolve host: Name or service not known',
  ],
  [
    { url: 'http://127.0.0.1:9', secret_token: 'a b' },
    'Bad Request: secret token contains unallowed characters',
  ],
  [{ url: 'http://127.0.0.1:9', secret_token: 'a'.repeat(257) }, 'Bad Request: secret token is too long'],
])('refuses %j', async (payload, description) => {
  const sim = await startSim()
  expect(await call(sim, 'setWebhook', payload)).toMatchObject({ error_code: 400, description })
})
