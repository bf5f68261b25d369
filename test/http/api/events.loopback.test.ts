import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { closeServer, createServer, listenOn } from '../../../src/http/server.ts'
import { createLog } from '../../../src/log.ts'
import { until } from '../../support/until.ts'
import { type ApiRig, apiPolicy, apiRig, closed, HOUSE, PEOPLE, PUBLIC, PUMP, tokenOf } from './support.ts'

interface Listener {
  status: number
  type: string | undefined
  text(): string
  /** What came, by event. */
  events(): { id: string; event: string; data: unknown }[]
  /** Whether it came to its end, and was not cut off. */
  ended: Promise<boolean>
  close(): void
}

/** The same API, on a socket, with a short beat. */
async function served(rig: ApiRig, beat = 15_000): Promise<{ url: string; close(): Promise<void> }> {
  const app = createServer({
    log: createLog({ write: () => {} }),
    metrics: rig.metrics,
    pushes: rig.engine.pushes,
    pushToken: undefined,
    webhooks: [],
    readiness: async () => ({ ready: true, store: { ok: true }, channels: {}, jobs: {}, unreadable: 0 }),
    api: { console: rig.engine.console, publicUrl: PUBLIC, beat },
  })
  const url = await listenOn(app, { host: '127.0.0.1', port: 0 })
  onTestFinished(() => closeServer(app))
  return { url, close: () => closeServer(app) }
}

function listen(url: string, headers: Record<string, string>): Promise<Listener> {
  const { promise, resolve, reject } = Promise.withResolvers<Listener>()
  const sent = request(`${url}/api/v1/events`, { headers, agent: false }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (part) => {
      text += part
    })
    const ended = Promise.withResolvers<boolean>()
    response.on('close', () => ended.resolve(response.complete))
    const events = () =>
      text
        .split('\n\n')
        .map((block) =>
          Object.fromEntries(
            block.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
          ),
        )
        .filter((one) => one.event !== undefined)
        .map((one) => ({ id: one.id!, event: one.event!, data: JSON.parse(one.data!) }))
    resolve({
      status: response.statusCode!,
      type: response.headers['content-type'],
      text: () => text,
      events,
      ended: ended.promise,
      close: () => sent.destroy(),
    })
  })
  sent.on('error', reject)
  sent.end()
  onTestFinished(() => void sent.destroy())
  return promise
}

const meter = { authorization: `Bearer ${tokenOf('meter')}` }
const told = (one: Listener, kind: string, id?: string) =>
  one
    .events()
    .flatMap(({ data }) => (Array.isArray(data) ? data : []))
    .filter(
      (each: { kind: string; id: string }) => each.kind === kind && (id === undefined || each.id === id),
    )

test('what changes is told by kind, id and version, to whoever may see it', async () => {
  const rig = await apiRig()
  const { url } = await served(rig)
  const [all, house] = [
    await listen(url, meter),
    await listen(url, { authorization: `Bearer ${tokenOf('house')}` }),
  ]
  expect([all.status, all.type]).toEqual([200, 'text/event-stream; charset=utf-8'])
  await rig.trip('overload', PUMP)
  await until(() => told(all, 'breaker', PUMP).length > 0 && told(all, 'incident').length > 0, 'the changes')
  await closed(rig, HOUSE)
  await until(() => told(house, 'breaker', HOUSE).length > 0, 'the change')
  expect(told(house, 'breaker').map((one) => one.id)).toEqual([HOUSE])
  expect(told(house, 'incident')).toEqual([])
  const { version } = (await rig.call({ token: tokenOf('meter') }, 'GET', `/breakers/${PUMP}`)).json()
  expect(told(all, 'breaker', PUMP).at(-1)).toEqual({ kind: 'breaker', id: PUMP, version })
})

test('whoever comes back gets what they missed, or word to fetch everything', async () => {
  const rig = await apiRig()
  const { url } = await served(rig)
  const first = await listen(url, meter)
  await until(() => first.events().some((one) => one.event === 'reset'), 'that all is to be fetched')
  await closed(rig)
  await until(() => told(first, 'breaker', PUMP).length > 0, 'the change')
  const { id } = first.events().at(-1)!
  first.close()
  await rig.push({ type: 'state', device: PUMP, ts: rig.now() + 5, data: { power: '0' } })
  const back = await listen(url, { ...meter, 'last-event-id': id })
  await until(() => told(back, 'breaker', PUMP).length > 0, 'what was missed')
  expect(back.events().map((one) => one.event)).not.toContain('reset')
  for (const wrong of ['other-1', `${id.split('-')[0]}-999999`, 'x']) {
    const lost = await listen(url, { ...meter, 'last-event-id': wrong })
    await until(() => lost.events().some((one) => one.event === 'reset'), 'that all is to be fetched')
    lost.close()
  }
})

test('it beats, and ends with its session', async () => {
  const rig = await apiRig()
  const { url } = await served(rig, 30)
  const cookie = await rig.signIn('1')
  const mine = await listen(url, { cookie })
  const program = await listen(url, meter)
  await until(() => mine.text().includes(': still here'), 'a beat')
  await rig.call({ cookie }, 'DELETE', '/session')
  await mine.ended
  rig.engine.adopt(apiPolicy({ programs: [], people: PEOPLE }))
  await program.ended
})

test('it ends as soon as its session does, without waiting for a beat, and nobody is told of sessions', async () => {
  const rig = await apiRig()
  const { url } = await served(rig, 600_000)
  const cookie = await rig.signIn('1')
  const [mine, other] = [await listen(url, { cookie }), await listen(url, { cookie: await rig.signIn('9') })]
  await rig.say(rig.telegram, '1', '控制台 退出').taken
  expect(await mine.ended).toBe(true)
  await closed(rig)
  await until(() => told(other, 'breaker', PUMP).length > 0, 'the change')
  expect(told(other, 'session')).toEqual([])
})

test('so many at a time for one caller', async () => {
  const rig = await apiRig()
  const { url } = await served(rig)
  const mine = []
  for (let n = 0; n < 6; n++) mine.push(await listen(url, meter))
  expect((await listen(url, meter)).status).toBe(429)
  expect((await listen(url, { authorization: `Bearer ${tokenOf('pumps')}` })).status).toBe(200)
  mine[0]!.close()
  await until(async () => (await listen(url, meter)).status === 200, 'room for another')
})

test('nobody listens without a sign-in, and all end when the service does', async () => {
  const rig = await apiRig()
  const { url, close } = await served(rig)
  expect((await listen(url, {})).status).toBe(401)
  const mine = await listen(url, meter)
  await close()
  expect(await mine.ended).toBe(true)
})

test('another instance’s changes are told too', async () => {
  const rig = await apiRig()
  const other = await apiRig({ beside: rig })
  const { url } = await served(other)
  const mine = await listen(url, meter)
  await closed(rig)
  await until(() => told(mine, 'breaker', PUMP).length > 0, 'the change')
})
