import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { until } from '../../support/until.ts'
import { card, GROUP, markdown, rawClient, startSim, template, toGroup } from './support.ts'

async function ready() {
  const sim = await startSim()
  const client = await rawClient(sim.wsUrl)
  await client.subscribe()
  const write = (reqId: string, body: object) =>
    client.socket.send(
      JSON.stringify({ cmd: 'aibot_send_msg', headers: { req_id: reqId }, body: toGroup({ ...body }) }),
    )
  const answered = () => client.received.map((frame) => frame.headers).slice(1)
  return { sim, ...client, write, answered }
}

it('refuses as told, then goes on', async () => {
  const { sim, command, code } = await ready()
  sim.faults.failNext({ cmd: 'aibot_send_msg', errcode: -1, after: 1, times: 2 })
  const codes = []
  for (let i = 0; i < 4; i++) codes.push(await code('aibot_send_msg', toGroup(markdown(`${i}`))))
  expect(codes).toEqual([0, -1, -1, 0])
  expect(sim.messages(GROUP).map(({ text }) => text)).toEqual(['0', '3'])
  const takeBack = sim.faults.failNext({ errcode: 40201, errmsg: 'anti-spam' })
  takeBack()
  sim.faults.failNext({ errcode: 40201, errmsg: 'anti-spam' })
  const { errmsg } = await command('aibot_send_msg', toGroup(markdown('x')))
  expect(errmsg).toMatch(/^anti-spam, hint: /)
})

it('loses answers, messages, and both', async () => {
  const { sim, write, code, answered } = await ready()
  sim.faults.dropAck()
  sim.faults.swallow()
  sim.faults.ackThenLose()
  write('a', template(card('done')))
  write('b', template(card('undone')))
  write('c', template(card('lost')))
  await until(() => answered().length === 1)
  expect(answered()).toEqual([{ req_id: 'c' }])
  expect(sim.cardAsSeenBy('done', 'lisi')).toBeDefined()
  expect(sim.cardAsSeenBy('lost', 'lisi')).toBeUndefined()
  expect(await code('aibot_send_msg', toGroup(template(card('done'))))).toBe(42014)
  expect(await code('aibot_send_msg', toGroup(template(card('undone'))))).toBe(0)
})

it('delays and reorders answers', async () => {
  const { sim, write, answered } = await ready()
  sim.faults.delayAck(7_000)
  sim.faults.reorderAcks(2)
  for (const reqId of ['late', 'b', 'c']) write(reqId, markdown(reqId))
  await until(() => answered().length === 2)
  expect(answered()).toEqual([{ req_id: 'c' }, { req_id: 'b' }])
  sim.clock.advance(7_000)
  await until(() => answered().length === 3)
  expect(sim.messages(GROUP).map(({ text }) => text)).toEqual(['late', 'b', 'c'])
})

it('repeats, dates back, and forges callbacks', async () => {
  const { sim, code, pushes } = await ready()
  await code('aibot_send_msg', toGroup(template(card('al-1'))))
  sim.faults.duplicateNextCallback(1)
  sim.faults.staleCallback(600)
  const click = sim.click('al-1', 'lisi', 'ack')
  sim.say(GROUP, 'lisi', '状态')
  const forged = sim.forgeClick({
    ...{ taskId: 'never-sent', userid: 'stranger', key: 'reclose', chat: GROUP, msgid: click.msgid },
    selected: { q: ['a', 'b'] },
    edit: (body) => delete body.chattype,
  })
  await until(() => pushes().length === 4)
  const [first, again, stale, last] = pushes()
  expect(again).toEqual(first)
  const now = Math.floor(sim.clock.now() / 1000)
  expect(stale?.body).toMatchObject({
    create_time: expect.toSatisfy((at) => at > now - 610 && at <= now - 600),
  })
  expect(last?.body).toMatchObject({
    msgid: click.msgid,
    from: { userid: 'stranger' },
    event: {
      template_card_event: {
        task_id: 'never-sent',
        selected_items: {
          selected_item: [{ question_key: 'q', option_ids: { option_id: ['a', 'b'] } }],
        },
      },
    },
  })
  expect(last?.body).not.toHaveProperty('chattype')
  const update = { response_type: 'update_template_card', template_card: card('never-sent') }
  expect(await code('aibot_respond_update_msg', update, forged.reqId)).toBe(0)
  expect(await forged.outcome).toBe('unchanged')
})

it('sends what no client expects, and cuts the line', async () => {
  const { sim, received, closed, code } = await ready()
  sim.faults.unknownCmd()
  sim.faults.unknownEvent()
  sim.faults.sendRaw('{"half":')
  await code('ping')
  expect(received.slice(1, 4)).toMatchObject([
    { cmd: 'aibot_unheard_of_callback' },
    { cmd: 'aibot_event_callback', body: { event: { eventtype: 'enter_check_update' } } },
    {},
  ])
  sim.faults.drop()
  expect(await until(() => closed[0])).toBe(1006)
  const next = await rawClient(sim.wsUrl)
  sim.faults.drop(1012)
  expect(await until(() => next.closed[0])).toBe(1012)
})

it('kicks without a rival', async () => {
  const { sim, pushes, closed } = await ready()
  sim.faults.kick({ delay: 0 })
  expect(await until(() => closed[0])).toBe(1000)
  expect(pushes()).toMatchObject([{ body: { event: { eventtype: 'disconnected_event' } } }])
})

it('refuses and hangs at the upgrade, then lets in', async () => {
  const { sim } = await ready()
  sim.faults.refuseUpgrade(503)
  sim.faults.hangUpgrade()
  const attempt = (handshakeTimeout: number) => {
    const socket = new WebSocket(sim.wsUrl, { handshakeTimeout })
    return new Promise((resolve) => socket.on('error', (error) => resolve(error.message)))
  }
  expect(await attempt(2_000)).toBe('Unexpected server response: 503')
  expect(await attempt(50)).toBe('Opening handshake has timed out')
  const { subscribe } = await rawClient(sim.wsUrl)
  sim.faults.muteAuth(1)
  sim.faults.mutePings()
  sim.faults.clear()
  expect(await subscribe()).toBe(0)
})

it('stays silent on pings and subscribes', async () => {
  const { sim, socket, code, received } = await ready()
  sim.faults.mutePings(1)
  sim.faults.muteAuth(1)
  for (const cmd of ['ping', 'aibot_subscribe']) {
    socket.send(JSON.stringify({ cmd, headers: { req_id: `muted-${cmd}` } }))
  }
  expect(await code('ping')).toBe(0)
  expect(received).toHaveLength(2)
})
