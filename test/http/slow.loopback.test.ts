import { expect, test } from 'vitest'
import { LIMITS } from '../../src/http/limits.ts'
import { until } from '../support/until.ts'
import { listening, type Raw, statusesIn, statusOf } from './raw.ts'
import { serverFor, TOKEN } from './support.ts'

const PATH = `/api/device/callback/${TOKEN}`
const taken = async () => ({ ok: true }) as const
const POST = `POST ${PATH} HTTP/1.1\r\nHost: x\r\n`
const MINUTE = 60_000
/** The same rules, sooner. */
const QUICK = { headersWithin: 300, requestWithin: 600, lookEvery: 50, silentFor: 800, idleFor: 300 }

const push = (url: string) =>
  fetch(url + PATH, { method: 'POST', body: '{"device":1}', signal: AbortSignal.timeout(10_000) })

/** Writes a byte of it now and then until the server has had enough. */
async function dripping(raw: Raw, first: string, drop: string): Promise<string> {
  const talk = await raw.open(first)
  const timer = setInterval(() => talk.socket.writable && talk.socket.write(drop), 40)
  return talk.ended().finally(() => clearInterval(timer))
}

test.each([
  ['nothing at all', ''],
  ['half of the first line', 'POST /api'],
  ['headers without an end', `${POST}A: b\r\n`],
  ['half of a body', `${POST}Content-Length: 100\r\n\r\n{`],
  ['a chunked body without an end', `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":`],
])('who sends %s is let go', async (_what, first) => {
  const raw = await listening(serverFor(taken, [], { limits: QUICK }))
  const talk = await raw.open(first)
  const said = await talk.ended()
  expect(said === '' ? 408 : statusOf(said)).toBe(408)
})

test.each([
  ['headers', POST, 'A: b\r\n'],
  ['a body', `${POST}Content-Length: 60000\r\n\r\n`, 'x'],
  ['chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nx\r\n'],
  ['trailers', `${POST}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'A: b\r\n'],
])('who drips %s for ever is let go all the same', async (_what, first, drop) => {
  const raw = await listening(serverFor(taken, [], { limits: QUICK }))
  expect([408, '']).toContain(statusOf(await dripping(raw, first, drop)))
})

test('from one address no more connections are kept than were set, and others as they go', async () => {
  const raw = await listening(serverFor(taken, [], { limits: { connectionsEach: 3 } }))
  const idle = await Promise.all(Array.from({ length: 3 }, () => raw.open()))
  const more = await raw.open()
  expect(await more.ended()).toBe('')
  idle[0]!.socket.destroy()
  const answers = async () => {
    const talk = await raw.open(`${POST}Connection: close\r\nContent-Length: 12\r\n\r\n{"device":1}`)
    return statusOf(await talk.ended()) === 200
  }
  await until(answers, 'a place to be free')
})

test('the limits that hold are those that were set', async () => {
  const { app } = serverFor(taken)
  await app.ready()
  const { headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxConnections } = app.server
  expect({ headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxConnections }).toEqual({
    headersTimeout: LIMITS.headersWithin,
    requestTimeout: LIMITS.requestWithin,
    keepAliveTimeout: LIMITS.idleFor,
    timeout: LIMITS.silentFor,
    maxConnections: LIMITS.connections,
  })
  // Else a push may meet the end of a connection that a proxy, or a breaker's pace, keeps in use.
  expect(keepAliveTimeout).toBeGreaterThan(60_000)
})

test('while 500 slow connections stand, pushes are taken', async () => {
  const raw = await listening(
    serverFor(taken, [], { limits: { headersWithin: MINUTE, requestWithin: MINUTE } }),
  )
  const shapes = [
    '',
    'POST /',
    POST,
    `${POST}Content-Length: 9\r\n\r\n{`,
    'GET /healthz HTTP/1.1\r\nHost: x\r\n',
  ]
  const slow = await Promise.all(Array.from({ length: 500 }, (_, n) => raw.open(shapes[n % shapes.length]!)))
  for (let n = 0; n < 20; n++) expect((await push(raw.url)).status).toBe(200)
  expect(slow.filter(({ socket }) => !socket.destroyed)).toHaveLength(500)
})

test('more connections than there may be are turned away, and room that was made is used', async () => {
  const raw = await listening(serverFor(taken, [], { limits: { connections: 20 } }))
  const first = await Promise.all(Array.from({ length: 20 }, () => raw.open(POST)))
  await (await raw.open(POST)).ended()
  for (const { socket } of first) socket.destroy()
  await until(async () => (await push(raw.url).catch(() => undefined))?.status === 200, 'room for a push')
})

test('who asks for much and reads nothing is let go', async () => {
  async function* endless() {
    for (;;) yield 'x'.repeat(64 * 1024)
  }
  const raw = await listening(serverFor(taken, [], { energyTable: endless, limits: QUICK }))
  const talk = await raw.open()
  talk.socket.pause()
  talk.socket.write('GET /energy.csv HTTP/1.1\r\nHost: x\r\n\r\n')
  const server = await until(() => talk.socket.bytesWritten > 0 && talk, 'the question to leave')
  // Paused, it does not see the end: a byte of its own comes back as a reset.
  await until(() => {
    if (!server.socket.destroyed) server.socket.write('x')
    return server.socket.destroyed
  }, 'the server to let go')
})

test('a kept connection without requests is closed; with them it goes on', async () => {
  const raw = await listening(serverFor(taken, [], { limits: QUICK }))
  const talk = await raw.open()
  const ask = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
  for (let n = 1; n <= 50; n++) {
    talk.socket.write(ask)
    await until(() => statusesIn(talk.heard()).length === n, `answer ${n}`)
  }
  expect(statusesIn(await talk.ended())).toEqual(Array.from({ length: 50 }, () => 200))
})

test('questions sent at one go are answered in order, each once', async () => {
  const raw = await listening(serverFor(taken))
  const body = '{"device":1}'
  const one = `${POST}Content-Length: ${body.length}\r\n\r\n${body}`
  const wrong = one.replace(TOKEN, 'wrong')
  const talk = await raw.open(Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? one : wrong)).join(''))
  const statuses = await until(() => {
    const seen = statusesIn(talk.heard())
    return seen.length >= 100 && seen
  }, '100 answers')
  expect(statuses).toEqual(Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 200 : 404)))
})
