import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClosePermit, spendPermit } from '../../src/domain/closing-gate.ts'
import { message } from '../../src/domain/message.ts'
import { createThingbootClient, type ThingbootClientOptions } from '../../src/thingboot/client.ts'
import { createMemory, createPacer, GAP } from '../../src/thingboot/pacer.ts'
import { sign } from '../../src/thingboot/sign.ts'
import { permitFor, withPermits } from '../domain/support/permits.ts'
import { type CloudStub, envelope, type StubAnswer, startCloudStub } from './cloud-stub.ts'
import { inWords } from './in-words.ts'
import { createRecorder } from './recorder.ts'

const appSecret = 'demo-app-secret-0001'
const now = 1767225600_000
const SIGN = '90292b71b3c8007ec27db759b9cfde42'

let cloud: CloudStub
let recorder: ReturnType<typeof createRecorder>
beforeEach(async () => {
  cloud = await startCloudStub()
  recorder = createRecorder()
})
afterEach(async () => {
  await cloud.close()
  const logged = recorder.text()
  for (const secret of [appSecret, SIGN, '7d3d2ae89c079bead7fa28e1b6fa28f5', 'sign=', 'ts=']) {
    expect(logged).not.toContain(secret)
  }
})

function client(options: Partial<ThingbootClientOptions> = {}) {
  return withPermits(bare(options), options.now ?? (() => now))
}

function bare(options: Partial<ThingbootClientOptions> = {}) {
  return createThingbootClient({
    appId: 'demoapp',
    appSecret,
    baseUrl: cloud.url,
    log: recorder.log,
    now: () => now,
    // Only what hangs takes so long, on a busy machine, too.
    timeoutMs: 1500,
    readPause: 1,
    ...options,
  })
}

describe('commands', () => {
  it('leave signed, as documented', async () => {
    const { open, close, query } = client({ pacer: createPacer({ take: createMemory(0) }) })
    expect(await close('820720', 'power', 'R7K2M9')).toEqual({ ok: true, data: { sentAt: now } })
    await open('dev-7', 'power2', 'A1')
    await query('820720', 'today', 'B2')
    expect(cloud.calls.map((call) => JSON.parse(call.body))).toEqual([
      { device: 820720, order: { power: '1', extra: 'R7K2M9' } },
      { device: 'dev-7', order: { power2: '0', extra: 'A1' } },
      { device: 820720, order: { query: 'today', extra: 'B2' } },
    ])
    const [call] = cloud.calls
    expect(call).toMatchObject({ method: 'POST', url: `/demoapp/device/control/?sign=${SIGN}&ts=1767225600` })
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(call?.body.length),
    })
  })

  it('carry a fresh time each', async () => {
    let at = now
    const { close } = client({ now: () => at, pacer: createPacer({ take: createMemory(0) }) })
    await close('1', 'power', 'A')
    at += 61_000
    await close('1', 'power', 'B')
    expect(cloud.calls[1]?.url).toContain(`sign=${sign(appSecret, 1767225661)}&ts=1767225661`)
  })

  it('never leave when the guard says no', async () => {
    const { close, open, query } = client()
    const outcomes = await Promise.all([
      close('820720,820721', 'power', 'A'),
      close('820720', 'system', 'A'),
      close('820720', '__proto__', 'A'),
      close('820720', 'extra', 'A'),
      open('820720', 'point', 'A'),
      open('820720', 'power', 'not allowed'),
      query('820720', 'all' as 'today', 'A'),
    ])
    for (const outcome of outcomes)
      expect(inWords(outcome)).toEqual({ ok: false, kind: 'refused', why: expect.any(String) })
    expect(cloud.calls).toEqual([])
  })

  it('wait for their turn, until given up', async () => {
    let at = 0
    const slept: number[] = []
    const sleep = async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      at += ms
    }
    const { close, open } = client({ pacer: createPacer({ take: createMemory(GAP, () => at), sleep }) })
    await Promise.all([close('1', 'power', 'A'), open('1', 'power', 'B'), close('2', 'power', 'C')])
    expect(slept).toEqual([1500])
    const givenUp = await close('1', 'power', 'D', { signal: AbortSignal.abort() })
    expect(givenUp).toEqual({ ok: false, kind: 'refused', why: message('cloud.given-up') })
    expect(cloud.calls).toHaveLength(3)
    const overtaken = await open('1', 'power', 'E', { isWanted: async () => false })
    expect(overtaken).toMatchObject({ ok: false, kind: 'refused' })
    expect(cloud.calls).toHaveLength(3)
  })

  it('to close leave with a permit of the closing gate only: for this order, of now, once', async () => {
    const { close } = bare({ pacer: createPacer({ take: createMemory(0) }) })
    const order = { device: '820720', circuit: 'power', extra: 'A' }
    const used = permitFor(order, now)
    expect(await close(order, async () => used)).toMatchObject({ ok: true })
    const tries: [unknown, string][] = [
      [undefined, 'the closing gate has issued no permit'],
      [{ ...used }, 'the closing gate has issued no permit'],
      [Object.create(Object.getPrototypeOf(used)), 'the closing gate has issued no permit'],
      [structuredClone(order), 'the closing gate has issued no permit'],
      [used, 'the permit was used already'],
      [permitFor({ ...order, extra: 'B' }, now), 'the permit is for another order'],
      [permitFor({ ...order, circuit: 'power2' }, now), 'the permit is for another order'],
      [permitFor({ ...order, device: '820721' }, now), 'the permit is for another order'],
      [permitFor(order, now - 2001), 'the permit has run out'],
      [permitFor(order, now + 2001), 'the permit has run out'],
    ]
    for (const [permit, fault] of tries)
      expect(await close(order, async () => permit as ClosePermit)).toEqual({
        ok: false,
        kind: 'refused',
        why: message('cloud.forbidden', { fault }),
      })
    expect(cloud.calls).toHaveLength(1)
  })

  it('have permits that nothing but the gate can make', () => {
    const permit = permitFor({ device: '1', circuit: 'power', extra: 'A' }, now)
    const Made = permit.constructor as new (...given: unknown[]) => object
    expect(() => new Made(Symbol('the closing gate'), {}, now)).toThrow(
      'only the closing gate issues permits',
    )
    // @ts-expect-error an object that looks like one is none
    const forged: ClosePermit = { ...permit }
    expect(spendPermit(forged, { device: '1', circuit: 'power', extra: 'A' }, now)).toBeDefined()
  })

  const ways: [string, StubAnswer, object][] = [
    ['no answer', () => {}, { kind: 'unknown', why: 'the cloud did not answer within 1.5 s' }],
    [
      'an answer that never ends',
      (_call, response) => void response.write('{"code":'),
      { kind: 'unknown', why: expect.stringContaining('within') },
    ],
    [
      'a cut connection',
      (_call, response) => void response.destroy(),
      { kind: 'unknown', why: expect.stringContaining('broke') },
    ],
    [
      'a page of a proxy',
      (_call, response) => void response.writeHead(502).end('<html>Bad Gateway'),
      { kind: 'unknown', why: expect.stringContaining('HTTP 502') },
    ],
    ['half an answer', (_call, response) => void response.end('{"code":20'), { kind: 'unknown' }],
    [
      'a redirect',
      (_call, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
      { kind: 'unknown', why: expect.stringContaining('HTTP 307') },
    ],
    [
      '421, at which fetch likes to try again',
      (_call, response) => void response.writeHead(421).end(),
      { kind: 'unknown', why: expect.stringContaining('HTTP 421') },
    ],
    ['an endless answer', (_call, response) => void response.end('x'.repeat(5_000_000)), { kind: 'unknown' }],
    [
      'the wrong secret',
      envelope(5006),
      { kind: 'refused', code: 5006, why: expect.stringContaining('appSecret') },
    ],
    [
      'a refusal that quotes all it was sent',
      (call, response) => envelope(5555, undefined, `no ${call.url} ${appSecret}`)(call, response),
      {
        kind: 'refused',
        code: 5555,
        why: 'the cloud answered code 5555: no /demoapp/device/control/?… …',
      },
    ],
  ]
  it.each(ways)('%s: told as it is, and sent once', async (_what, answer, outcome) => {
    const { close } = client()
    cloud.answer = envelope(200)
    // A connection that was used before is where clients like to repeat.
    await client().open('9', 'power', 'A')
    cloud.answer = answer
    expect(inWords(await close('820720', 'power', 'R7K2M9'))).toMatchObject({ ok: false, ...outcome })
    expect(cloud.calls).toHaveLength(2)
  })

  it('given up under way may have been done', async () => {
    const gone = new AbortController()
    cloud.answer = () => gone.abort()
    expect(await client().close('1', 'power', 'A', { signal: gone.signal })).toMatchObject({
      ok: false,
      kind: 'unknown',
    })
  })

  it('tell when the cloud is not there at all', async () => {
    const lost = client()
    await cloud.close()
    expect(inWords(await lost.close('820720', 'power', 'A'))).toEqual({
      ok: false,
      kind: 'unreachable',
      why: 'the cloud cannot be reached (ECONNREFUSED): check the network, DNS and thingboot.baseUrl',
    })
  })

  it('tell by how much the clock is off', async () => {
    cloud.answer = (call, response) => {
      if (call.url === '/ntp/') response.end(String(now + 420_000))
      else envelope(5003, undefined, 'bad ts')(call, response)
    }
    expect(inWords(await client().open('1', 'power', 'A'))).toEqual({
      ok: false,
      kind: 'refused',
      code: 5003,
      why: 'the clock of this machine is 420 s behind the cloud’s: set it by NTP (5003)',
    })
    cloud.answer = (call, response) =>
      call.url === '/ntp/' ? response.destroy() : envelope(5003)(call, response)
    expect(inWords(await client().open('1', 'power', 'A'))).toMatchObject({
      code: 5003,
      why: expect.stringContaining('NTP'),
    })
  })
})

describe('reads', () => {
  const state = { power: '0', voltage: 230 }
  const status = (id: number) => ({
    device: String(id),
    positions: { power: 'open' },
    readings: { voltage: 230 },
    at: now,
  })

  it('are tried again a little', async () => {
    let failures = 2
    cloud.answer = (call, response) => {
      if (failures-- > 0) response.writeHead(502).end()
      else envelope(200, { id: 820720, state })(call, response)
    }
    expect(await client().info(['820720'])).toEqual({ ok: true, data: [status(820720)] })
    expect(cloud.calls).toHaveLength(3)
    failures = 5
    expect(await client().info(['820720'])).toMatchObject({ ok: false, kind: 'unknown' })
    expect(cloud.calls).toHaveLength(6)
  })

  it('wait for their turn before each attempt, and are given up where there is none', async () => {
    let turns = 0
    const turn = async () => ++turns <= 2
    cloud.answer = (_call, response) => response.writeHead(502).end()
    expect(await client().page(1, { turn })).toMatchObject({ ok: false, kind: 'refused' })
    expect(turns).toBe(3)
    expect(cloud.calls).toHaveLength(2)
  })

  it('are not tried again when refused or given up', async () => {
    cloud.answer = envelope(5006)
    expect(await client().list()).toMatchObject({ ok: false, code: 5006 })
    expect(await client().info(['1'], { signal: AbortSignal.abort() })).toMatchObject({ ok: false })
    expect(cloud.calls).toHaveLength(1)
  })

  it('ask for many devices in parts', async () => {
    cloud.answer = (call, response) => {
      const ids = String(JSON.parse(call.body).device).split(',')
      const found = ids.map((id) => ({ id: Number(id), state }))
      envelope(200, found.length === 1 ? found[0] : found)(call, response)
    }
    const ids = Array.from({ length: 101 }, (_, index) => 1000 + index)
    expect(await client().info(ids.map(String))).toEqual({ ok: true, data: ids.map(status) })
    expect(cloud.calls).toHaveLength(3)
    expect(JSON.parse(cloud.calls[2]!.body)).toEqual({ device: 1100 })
    expect(await client().info([])).toEqual({ ok: true, data: [] })
    expect(cloud.calls).toHaveLength(3)
  })

  it.each([
    ['as long as asked for', 50],
    ['shorter than asked for', 10],
  ])('turn all pages, when they are %s', async (_what, size) => {
    const ids = Array.from({ length: 2 * size + 3 }, (_, index) => 1000 + index)
    cloud.answer = (call, response) => {
      const { page_index, page_size } = JSON.parse(call.body)
      expect(page_size).toBe(50)
      const page = ids.slice((page_index - 1) * size, page_index * size)
      envelope(
        200,
        page.map((id) => ({ id, state })),
      )(call, response)
    }
    expect(await client().list()).toEqual({ ok: true, data: ids.map(status) })
    expect(cloud.calls).toHaveLength(4)
  })

  it('end when the cloud gives the same page for ever', async () => {
    cloud.answer = envelope(200, [{ id: 5, state }])
    expect(await client().list()).toEqual({ ok: true, data: [status(5)] })
    expect(cloud.calls).toHaveLength(2)
  })

  it.each([
    [String(now - 2000), 2000],
    [String(now + 2000), -2000],
    [`${now / 1000 - 60}\n`, 59_500],
  ])('the clock: %j means %d ms ahead', async (text, skew) => {
    cloud.answer = (_call, response) => response.end(text)
    expect(await client().ntp()).toEqual({ ok: true, data: skew })
    expect(cloud.calls).toMatchObject([{ method: 'GET', url: '/ntp/' }])
  })

  it('the clock, when the cloud tells none', async () => {
    cloud.answer = (_call, response) => response.end('<html>')
    expect(await client().ntp()).toMatchObject({ ok: false, kind: 'unknown' })
  })
})

it('takes a base URL with a path, and refuses one that is none', async () => {
  await client({ baseUrl: `${cloud.url}/private/` }).list()
  expect(cloud.calls[0]?.url).toMatch(/^\/private\/demoapp\/device\/list\/\?sign=/)
  expect(() => client({ baseUrl: 'api.thingboot.com' })).toThrow('thingboot.baseUrl')
  expect(() => client({ baseUrl: 'ftp://api.thingboot.com' })).toThrow('thingboot.baseUrl')
})
