import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TelegramFault } from '../../../src/simulator/telegram/api.ts'
import { until } from '../../support/until.ts'
import { callsOf, createRig, hurt, LI, type Rig, refuse, TOKEN } from './rig.ts'

let rig: Rig

beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => {
  vi.restoreAllMocks()
  return rig.close()
})

const state = () => rig.channel.health().state
const detail = () => rig.channel.health().detail ?? ''

async function stopsAtOnce(): Promise<void> {
  const begin = Date.now()
  await rig.channel.stop()
  expect(Date.now() - begin).toBeLessThan(500)
  expect(state()).toBe('stopped')
}

/** What is wrong on the way passes, and what people write meanwhile is there afterwards. */
async function heals(): Promise<void> {
  rig.sim.say(LI.id, LI.id, '状态')
  await until(() => rig.inputs.length === 1 && state() === 'ready')
}

describe('starting', () => {
  test('is done once Telegram knows the bot', async () => {
    await rig.start()
    expect(callsOf(rig.sim, 'getMe')).toHaveLength(1)
    expect(rig.channel.health()).not.toHaveProperty('detail')
    expect(callsOf(rig.sim, 'getUpdates')[0]?.payload).toMatchObject({
      allowed_updates: ['message', 'callback_query', 'my_chat_member'],
    })
  })

  test('outlasts a Telegram that is not there yet', async () => {
    await rig.sim.goOffline()
    await rig.begin()
    await until(() => state() === 'waiting')
    expect(detail()).toMatch(/does not answer.*ECONNREFUSED 127.*channels\.telegram\.proxy/)
    await until(() => rig.lines.length > 2)
    await rig.sim.goOnline()
    await heals()
    const levels = rig.lines.map((line) => line.split(' ')[0])
    expect(levels).toEqual(['warn', ...levels.slice(1, -1).map(() => 'debug'), 'info'])
  })

  test('removes a webhook that stands in the way', async () => {
    await fetch(`${rig.sim.url}/bot${TOKEN}/setWebhook?url=http://127.0.0.1:9/old`)
    await rig.start()
    await until(() => callsOf(rig.sim, 'deleteWebhook').length === 1)
    await heals()
    expect(callsOf(rig.sim, 'deleteWebhook')[0]?.payload).not.toHaveProperty('drop_pending_updates')
  })

  test('a second time is a mistake', async () => {
    await rig.start()
    await expect(rig.begin()).rejects.toThrow(/already/)
  })
})

describe('trouble that passes', () => {
  const html = '<html>Bad Gateway</html>'
  const rows: [string, TelegramFault, RegExp][] = [
    ['429', refuse(429, 'Too Many Requests: retry after 1', { retry_after: 1 }), /slow down/],
    ['500', refuse(500, 'Internal Server Error'), /HTTP 500/],
    ['a proxy that fails', { kind: 'body', status: 502, body: html, contentType: 'text/html' }, /HTTP 502/],
    [
      'a page in place of an answer',
      { kind: 'body', status: 200, body: html, contentType: 'text/html' },
      /web page/,
    ],
    [
      'no JSON',
      { kind: 'body', status: 200, body: 'OK', contentType: 'text/plain' },
      /<token>.*not valid JSON/,
    ],
    ['half an answer', { kind: 'truncated' }, /does not answer/],
    ['a broken connection', { kind: 'reset', when: 'before' }, /socket hang up|ECONNRESET/],
    ['silence', { kind: 'hang', done: false }, /no answer in time/],
  ]
  test.each(rows)('%s', async (_, fault, told) => {
    // The shortest pauses that jitter can bring.
    vi.spyOn(Math, 'random').mockReturnValue(0.02)
    const seen: string[] = []
    hurt(rig.sim, 'getMe', fault)
    hurt(rig.sim, 'getUpdates', fault)
    await rig.begin()
    await until(() => {
      seen.push(detail())
      return callsOf(rig.sim, 'getUpdates').length > 1
    })
    await heals()
    expect(seen.join('\n')).toMatch(told)
  })
})

describe('trouble that only a person can mend', () => {
  test('a wrong token, and stopping does not wait for the next try', async () => {
    hurt(rig.sim, 'getMe', refuse(401, 'Unauthorized'), Number.POSITIVE_INFINITY)
    await rig.begin()
    await until(() => state() === 'failed')
    expect(detail()).toMatch(/refuses the bot token/)
    expect(callsOf(rig.sim, 'getMe')).toHaveLength(1)
    await stopsAtOnce()
  })

  test('a token that is revoked later', async () => {
    await rig.start()
    rig.sim.revokeToken(TOKEN)
    await until(() => state() === 'failed')
  })

  test('a wrong apiRoot', async () => {
    const channel = await rig.restart({ apiRoot: `${rig.sim.url}/elsewhere` })
    await until(() => channel.health().state === 'failed')
    expect(detail()).toMatch(/channels\.telegram\.apiRoot/)
  })

  test('a second instance', async () => {
    await rig.start()
    await until(() => callsOf(rig.sim, 'getUpdates').length > 1)
    const leave = rig.sim.secondPoller()
    await until(() => state() === 'waiting')
    expect(detail()).toMatch(/Another instance is polling/)
    leave()
  })
})

describe('stopping', () => {
  test('breaks off a poll at once and is final', async () => {
    await rig.start()
    await until(() => callsOf(rig.sim, 'getUpdates').length > 1)
    await stopsAtOnce()
    const calls = rig.sim.calls.length
    rig.sim.say(LI.id, LI.id, '状态')
    await stopsAtOnce()
    expect(rig.sim.calls).toHaveLength(calls)
    expect(rig.inputs).toHaveLength(0)
  })

  test('leaves no socket and no timer', async () => {
    const held = (kind: string) => process.getActiveResourcesInfo().filter((name) => name === kind).length
    const timers = held('Timeout')
    await rig.start()
    await rig.channel.send(String(LI.id), { text: 'x' }, 'k1')
    await until(() => callsOf(rig.sim, 'getUpdates').length > 1)
    expect(held('TCPSocketWrap')).toBeGreaterThan(0)
    expect(held('Timeout')).toBeGreaterThan(timers)
    await rig.channel.stop()
    await until(() => held('TCPSocketWrap') === 0)
    expect(held('Timeout')).toBeLessThanOrEqual(timers)
  })

  test('without a start', async () => {
    await rig.channel.stop()
    expect(state()).toBe('stopped')
  })
})

test('all goes through the proxy', async () => {
  let tunnels = 0
  let open = 0
  const proxy = createServer().listen(0, '127.0.0.1')
  proxy.on('connect', (request, client) => {
    tunnels++
    open++
    client.on('close', () => open--)
    const [host, port] = (request.url ?? '').split(':')
    const server = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    for (const end of [server, client]) end.on('error', () => end.destroy())
  })
  await once(proxy, 'listening')
  const channel = await rig.restart({ proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })
  await until(() => channel.health().state === 'ready')
  await heals()
  await channel.send(String(LI.id), { text: 'while a poll is open' }, 'k1')
  expect(tunnels).toBeGreaterThan(1)
  await channel.stop()
  await until(() => open === 0, 'the end of all tunnels', 1000)
  proxy.close()
})
