import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ChannelHealth } from '../../src/channels/channel.ts'
import { createHeartbeat, type HeartbeatOptions } from '../../src/engine/heartbeat.ts'
import { createMetrics } from '../../src/engine/metrics.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { createRecorder } from '../support/recorder.ts'
import { until } from '../support/until.ts'
import { newFolder } from './rig.ts'

const EVERY = 20

interface Call {
  method: string
  path: string
  body: string
}

/** The far end, which notes who calls. */
async function watcher(answer = (_: IncomingMessage, to: ServerResponse) => void to.end('OK')) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    calls.push({ method: request.method ?? '', path: request.url ?? '', body })
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { calls, base: `http://127.0.0.1:${port}`, port }
}

async function newStore(): Promise<Store> {
  const store = await openSqliteStore(join(newFolder(), 'heartbeat.db'), { now: Date.now })
  onTestFinished(() => store.close())
  return store
}

/** Hears the cloud at `at`, ms. */
async function hear(store: Store, at = Date.now()): Promise<void> {
  const key = 'cloud/pulse'
  const { version = 0 } = (await store.get(key)) ?? {}
  await store.commit({ writes: [{ key, value: { answeredAt: at }, version }] })
}

function begin(store: Store, options: Partial<HeartbeatOptions> & { url: string }, holder = 'one') {
  const recorder = createRecorder()
  const health: ChannelHealth = { state: 'ready', since: 0 }
  const metrics = createMetrics()
  const beats = createHeartbeat(
    {
      ...{ store, metrics, now: Date.now, log: recorder.log },
      channels: new Map([['telegram' as const, { health: () => health }]]),
    },
    holder,
    { every: EVERY, method: 'GET', ...options },
  )
  onTestFinished(() => beats.stop())
  beats.start()
  return { beats, recorder, health, metrics }
}

test.each(['GET', 'POST'] as const)('%s: the URL is called as long as all is well', async (method) => {
  const far = await watcher()
  const store = await newStore()
  await hear(store)
  const { beats, recorder, metrics } = begin(store, { url: `${far.base}/ping/s3cret?token=t0ken`, method })
  await until(() => far.calls.length >= 3, 'three beats')
  expect(far.calls[0]).toEqual({ method, path: '/ping/s3cret?token=t0ken', body: '' })
  expect(beats.standing()).toMatchObject({ state: 'beating' })
  expect(await metrics.registry.metrics()).toMatch(/breakerbot_heartbeats_total\{result="beating"\} [2-9]/)
  // Logged once, and no secret of the URL.
  expect(recorder.lines).toHaveLength(1)
  expect(JSON.stringify(recorder.lines)).toContain(`127.0.0.1:${far.port}`)
  expect(JSON.stringify([recorder.lines, beats.standing()])).not.toMatch(/s3cret|t0ken/)
})

test.each<
  [
    string,
    RegExp,
    (store: Store, health: ChannelHealth) => Promise<void> | void,
    (store: Store, health: ChannelHealth) => Promise<void> | void,
  ]
>([
  [
    'the store',
    /store takes no writes/,
    (store) => {
      const { lease } = store
      Object.assign(store, { lease: () => Promise.reject(new Error('disk full')), whole: lease })
    },
    (store) => void Object.assign(store, { lease: (store as unknown as { whole: Store['lease'] }).whole }),
  ],
  [
    'the cloud',
    /cloud has neither pushed nor answered/,
    (store) => hear(store, Date.now() - 121_000),
    (store) => hear(store),
  ],
  [
    'every chat',
    /No chat platform is connected/,
    (_, health) => void Object.assign(health, { state: 'connecting' }),
    (_, health) => void Object.assign(health, { state: 'ready' }),
  ],
])('it stays out while %s is dead: failUrl is called with the reason', async (_, reason, kill, mend) => {
  const far = await watcher()
  const store = await newStore()
  await hear(store)
  const { beats, health, recorder } = begin(store, { url: `${far.base}/ping`, failUrl: `${far.base}/fail` })
  await until(() => far.calls.length >= 1, 'a beat')
  await kill(store, health)
  const failed = await until(() => far.calls.find((one) => one.path === '/fail'), 'the failure')
  expect(failed.method).toBe('POST')
  expect(failed.body).toMatch(reason)
  const before = far.calls.length
  await until(() => far.calls.length >= before + 3, 'some more')
  expect(far.calls.slice(before).every((one) => one.path === '/fail')).toBe(true)
  expect(beats.standing()).toMatchObject({ state: 'withheld', detail: expect.stringMatching(reason) })
  await mend(store, health)
  await until(() => beats.standing()?.state === 'beating', 'it to beat again')
  expect(recorder.lines).toHaveLength(3)
})

test('without failUrl nothing is called while something is dead', async () => {
  const far = await watcher()
  const store = await newStore()
  await hear(store, Date.now() - 121_000)
  const { beats } = begin(store, { url: `${far.base}/ping` })
  await until(() => beats.standing()?.state === 'withheld', 'it to be withheld')
  expect(far.calls).toEqual([])
})

test('a refusal, a redirect and a far end that is gone are told once each, and no redirect is followed', async () => {
  const elsewhere = await watcher()
  let status = 500
  const far = await watcher((_, to) => {
    to.writeHead(status, status === 302 ? { location: `${elsewhere.base}/stolen` } : {})
    to.end()
  })
  const store = await newStore()
  await hear(store)
  const { beats, recorder } = begin(store, { url: `${far.base}/ping/s3cret` })
  await until(() => far.calls.length >= 3, 'some tries')
  expect(beats.standing()).toMatchObject({
    state: 'failed',
    detail: `127.0.0.1:${far.port} answered HTTP 500.`,
  })
  expect(recorder.lines).toHaveLength(1)
  status = 302
  await until(() => beats.standing()?.detail?.includes('302'), 'the redirect')
  status = 200
  await until(() => beats.standing()?.state === 'beating', 'it to work again')
  expect(elsewhere.calls).toEqual([])
  expect(recorder.lines).toHaveLength(3)
  const gone = begin(store, { url: 'http://127.0.0.1:9/ping/s3cret' })
  await until(() => gone.beats.standing()?.state === 'failed', 'it to fail')
  expect(JSON.stringify([recorder.lines, gone.recorder.lines, gone.beats.standing()])).not.toContain('s3cret')
})

test('a far end that hangs is given up', async () => {
  const far = await watcher(() => {})
  const store = await newStore()
  await hear(store)
  const { beats } = begin(store, { url: `${far.base}/ping`, timeOut: 50 })
  await until(() => beats.standing()?.state === 'failed', 'it to be given up')
  await until(() => far.calls.length >= 2, 'another try')
})

test('of two instances one beats; the other does when that is gone', async () => {
  const far = await watcher()
  const store = await newStore()
  await hear(store)
  const first = begin(store, { url: `${far.base}/first` })
  await until(() => far.calls.length >= 1, 'a beat')
  const second = begin(store, { url: `${far.base}/second` }, 'two')
  await until(() => second.beats.standing()?.state === 'standby', 'it to stand by')
  expect(far.calls.some((one) => one.path === '/second')).toBe(false)
  await first.beats.stop()
  await store.release('heartbeat', 'one')
  await until(() => far.calls.some((one) => one.path === '/second'), 'the second')
})

test('whoever has no connection of a bot leaves the beating to the one that has it', async () => {
  const far = await watcher()
  const store = await newStore()
  await hear(store)
  const first = begin(store, { url: `${far.base}/first` })
  await until(() => far.calls.length >= 1, 'a beat')
  const second = begin(store, { url: `${far.base}/second` }, 'two')
  // The bot has moved to the other instance, which alone knows whether it is connected.
  first.health.state = 'standby'
  await until(() => far.calls.some((one) => one.path === '/second'), 'the second')
  await until(() => first.beats.standing()?.state === 'standby', 'the first to stand by')
  second.health.state = 'waiting'
  await until(() => second.beats.standing()?.state === 'withheld', 'it to stay out')
})
