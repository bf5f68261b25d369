import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { PING_EVERY } from '../conformance/rig.ts'
import {
  BOT,
  botMessages,
  CARDS,
  createChannel,
  createReadyRig,
  createRig,
  GROUP,
  openConns,
  posts,
  SECRET,
  subscribes,
} from './rig.ts'

test('C1: one subscribe as the first frame, ready only after its answer', async () => {
  const { sim, channel, start, ready } = await createRig()
  sim.faults.delayAck(60_000, { cmd: 'aibot_subscribe' })
  await start()
  await until(() => subscribes(sim) === 1, 'the subscription')
  expect(channel.health().state).toBe('starting')
  sim.clock.advance(60_000)
  await ready()
  expect(sim.frames()[0]).toMatchObject({ cmd: 'aibot_subscribe', direction: 'sent' })
  expect(subscribes(sim)).toBe(1)
  expect(openConns(sim)).toHaveLength(1)
})

test('C2: nothing is written before the answer to the subscription', async () => {
  const { sim, channel, start, ready } = await createRig()
  sim.faults.delayAck(2_000, { cmd: 'aibot_subscribe' })
  await start()
  await until(() => subscribes(sim) === 1, 'the subscription')
  const early = await channel.send(GROUP, { card: CARDS.open! }, 'card-1')
  expect(early).toMatchObject({ outcome: 'later', wholeChat: true })
  expect(posts(sim)).toHaveLength(0)
  sim.clock.advance(2_000)
  await ready()
  expect(await channel.send(GROUP, { card: CARDS.open! }, 'card-1')).toMatchObject({ outcome: 'delivered' })
  expect(botMessages(sim)).toHaveLength(1)
})

test('C3: a subscription that is never answered is tried again', async () => {
  const { sim, start, ready, lines } = await createRig({ timing: { authWithin: 100 } })
  sim.faults.muteAuth(1)
  await start()
  await ready()
  expect(subscribes(sim)).toBe(2)
  expect(openConns(sim)).toHaveLength(1)
  expect(lines.join()).toContain('no answer to aibot_subscribe within 0.1 s')
})

test('C4: wrong credentials: says so, asks ever more rarely, and recovers', async () => {
  const { sim, channel, start, ready } = await createRig({ timing: { refusedPauses: [20, 40, 600] } })
  sim.addBot({ botId: BOT.botId, secret: 'another' })
  await start()
  await until(() => subscribes(sim) === 3, 'three tries')
  await until(() => channel.health().state === 'failed', 'the failure')
  expect(channel.health().detail).toContain('check channels.wecom.botId and channels.wecom.secret')
  await pause(300)
  expect(subscribes(sim)).toBe(3)
  expect(openConns(sim)).toHaveLength(0)
  sim.addBot({ botId: BOT.botId, secret: SECRET })
  await ready()
  expect(channel.health().detail).toBeUndefined()
})

test('C5: refused upgrades do not end it', async () => {
  const { sim, channel, start, ready, lines } = await createRig()
  sim.faults.refuseUpgrade(503, 5)
  await start()
  await until(() => channel.health().state === 'waiting', 'the first failure')
  expect(channel.health().detail).toContain('Unexpected server response: 503')
  expect(channel.health().detail).toContain('channels.wecom.wsUrl')
  await ready()
  expect(subscribes(sim)).toBe(1)
  // One failure is worth one warning, and what the SDK says of it none.
  expect(lines.filter((line) => /^(warn|error)/.test(line))).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith('debug connection waiting'))).toHaveLength(4)
  expect(lines.join()).toContain('debug Max reconnect attempts reached')
})

test('C9: it bears more failures than the SDK would of itself', async () => {
  const { sim, start, ready } = await createRig({ timing: { firstPause: 10, longestPause: 20 } })
  sim.faults.refuseUpgrade(503, 15)
  await start()
  await ready()
  expect(subscribes(sim)).toBe(1)
})

test('an address that no socket can be opened to is trouble like any other', async () => {
  const { sim, channel, start } = await createRig({ wsUrl: 'ws://127.0.0.1/#fragment' })
  await start()
  await until(() => channel.health().detail?.includes('fragment'), 'the word about it')
  expect(channel.health().state).toBe('waiting')
  expect(sim.conns()).toHaveLength(0)
})

test('C6: an upgrade that hangs is given up', async () => {
  const { sim, start, ready } = await createRig({ timing: { handshakeWithin: 150 } })
  sim.faults.hangUpgrade()
  await start()
  await ready()
  expect(openConns(sim)).toHaveLength(1)
})

test('C7: pings as long as they are answered; a silent link is replaced', async () => {
  const { sim, start, ready } = await createRig({ timing: { pingEvery: PING_EVERY } })
  await start()
  await ready()
  await until(() => sim.conns()[0]!.pings >= 3, 'pings')
  expect(sim.conns()).toHaveLength(1)
  const takeBack = sim.faults.mutePings()
  await until(() => sim.conns().length === 2, 'the new connection')
  takeBack()
  await ready()
  expect(openConns(sim)).toHaveLength(1)
})

test('C8: an abrupt end amid traffic: one new connection, and what was on its way is unknown', async () => {
  const { sim, channel, ready } = await createReadyRig()
  sim.faults.dropAck()
  const lost = channel.send(GROUP, { card: CARDS.open! }, 'card-2')
  await until(() => posts(sim).length === 2, 'the frame')
  sim.faults.drop()
  expect(await lost).toMatchObject({ outcome: 'unknown' })
  await until(() => sim.conns().length === 2, 'the new connection')
  await ready()
  expect(await channel.send(GROUP, { card: CARDS.open! }, 'card-2')).toMatchObject({ outcome: 'delivered' })
  expect(openConns(sim)).toHaveLength(1)
  expect(botMessages(sim)).toHaveLength(2)
})

test('C10: kicked by another instance: closes at once, says so, and does not fight', async () => {
  const rig = await createReadyRig({}, { kickCloseDelay: 313_000 })
  const { sim, channel } = rig
  const other = createChannel(sim, rig.log)
  await other.start(() => expect.fail('nobody writes'))
  await until(() => channel.health().state === 'failed', 'the kick')
  await until(() => !sim.conns()[0]!.open, 'the end of the old connection')
  expect(channel.health().detail).toMatch(/Another instance uses this bot.*Next try in [67]\d s/)
  expect(await channel.send(GROUP, { text: 'x' }, 'k')).toMatchObject({ outcome: 'later' })
  await pause(300)
  expect(sim.conns()).toHaveLength(2)
  expect(posts(sim)).toHaveLength(1)
  expect(other.health().state).toBe('ready')
  await other.stop()
})

test('C10: comes back after the pause, once the other instance is gone', async () => {
  const { sim, channel, ready } = await createReadyRig({ timing: { kickedPauses: [50, 60_000] } })
  sim.faults.kick()
  await until(() => channel.health().state === 'failed', 'the kick')
  await ready()
  expect(openConns(sim)).toHaveLength(1)
})

test('C13: frames that make no sense neither kill nor deafen it', async () => {
  const { sim, channel, texts, lines } = await createReadyRig()
  const ping = { cmd: 'aibot_msg_callback', headers: { req_id: 'r' } }
  const frames = [
    'no JSON',
    'null',
    '[]',
    '{}',
    '{"errcode":0,"errmsg":"ok"}',
    '{"headers":{"req_id":"stranger"},"errcode":0}',
    JSON.stringify({ ...ping, body: { msgid: 'm', text: { content: 'x' } } }),
    JSON.stringify({ ...ping, body: { msgid: 'm', msgtype: 'text' } }),
    JSON.stringify({ ...ping, body: { msgid: 'm', msgtype: 'text', text: { content: 'x' } } }),
    JSON.stringify({ ...ping, headers: {}, body: { msgtype: 'text' } }),
    JSON.stringify({ ...ping, cmd: 'aibot_event_callback', body: { msgid: 'm', event: { eventtype: 'x' } } }),
    JSON.stringify({ ...ping, cmd: 'aibot_event_callback', body: { msgtype: 'event', event: 7 } }),
  ]
  for (const frame of frames) sim.faults.sendRaw(frame)
  sim.faults.unknownCmd()
  sim.faults.unknownEvent()
  sim.enter('zhangsan')
  sim.say(GROUP, 'zhangsan', '状态')
  await until(() => texts().length === 1, 'the message')
  expect(channel.health().state).toBe('ready')
  expect(sim.conns()).toHaveLength(1)
  expect(lines.join()).toContain('warn Failed to parse WebSocket message')
  expect(lines.join()).toContain('passed over a frame that cannot be read')
  expect(lines.filter((line) => line.includes('enter_check_update'))).toHaveLength(1)
})

test('a server that has forgotten us is asked for a new subscription', async () => {
  const { sim, channel, ready } = await createReadyRig()
  sim.faults.failNext({ errcode: 846609 })
  expect(await channel.send(GROUP, { text: 'x' }, 'k')).toMatchObject({ outcome: 'later', code: '846609' })
  await until(() => subscribes(sim) === 2, 'the subscription')
  await ready()
  expect(openConns(sim)).toHaveLength(1)
})
