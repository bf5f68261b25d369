import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { closeServer, listenOn } from '../../src/http/server.ts'
import { serverFor, TOKEN } from './support.ts'

const LOCAL = { host: '127.0.0.1', port: 0 }

test('a push under way at the stop still gets its answer', async () => {
  const begun = Promise.withResolvers<void>()
  const { app } = serverFor(async () => {
    begun.resolve()
    await delay(100)
    return { ok: true }
  })
  const url = await listenOn(app, LOCAL)
  const answer = fetch(`${url}/api/device/callback/${TOKEN}`, { method: 'POST', body: '{}' })
  await begun.promise
  const closed = closeServer(app)
  expect((await answer).status).toBe(200)
  const answered = performance.now()
  await closed
  expect(performance.now() - answered).toBeLessThan(1000)
})

test('a body that never ends does not hold up the stop', async () => {
  const { app } = serverFor(async () => ({ ok: true }))
  const url = await listenOn(app, LOCAL)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const ended = once(socket, 'close')
  socket.on('error', () => {})
  socket.write(`POST /api/device/callback/${TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`)
  await delay(100)
  const begun = performance.now()
  await closeServer(app)
  await ended
  expect(performance.now() - begun).toBeLessThan(3000)
})

test('a port that is taken is said so in a sentence', async () => {
  const first = serverFor(async () => ({ ok: true })).app
  const port = Number(new URL(await listenOn(first, LOCAL)).port)
  const second = serverFor(async () => ({ ok: true })).app
  await expect(listenOn(second, { host: '127.0.0.1', port })).rejects.toThrow(
    `port ${port} is taken by another program: stop that one, or set another server.port`,
  )
  await closeServer(second)
  await closeServer(first)
})
