import { type DWClientDownStream, EventAck } from 'dingtalk-stream'
import { beforeEach, describe, expect, test } from 'vitest'
import type { DingTalkSim } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import { acks, pass, ROBOT_TOPIC, taker, useSdk } from './sdk.ts'
import { APP, GROUP } from './support.ts'

const minute = 60_000

let sim: DingTalkSim
const { current, connect } = useSdk()
beforeEach(() => {
  sim = current()
})

describe('robot messages', () => {
  test('reach the SDK as documented and count as taken by its ACK', async () => {
    const { frames, handler } = taker()
    await connect({ robot: handler })
    const msgId = sim.say(GROUP, 'manager123', '确认 A12', { at: true })
    await until(() => acks(sim).length === 1)
    const frame = frames[0]!
    expect(frame).toMatchObject({ specVersion: '1.0', type: 'CALLBACK', headers: { topic: ROBOT_TOPIC } })
    expect(frame.headers.time).toMatch(/^\d{13}$/)
    expect(JSON.parse(frame.data)).toMatchObject({
      msgId,
      conversationId: GROUP,
      conversationType: '2',
      conversationTitle: '配电运维群',
      senderNick: '张三',
      senderStaffId: 'manager123',
      isAdmin: true,
      isInAtList: true,
      robotCode: APP.clientId,
      msgtype: 'text',
      text: { content: ' 确认 A12' },
    })
    await pass(sim, 10 * minute)
    expect(sim.counters).toMatchObject({ redeliveries: 0, messagesLost: 0 })
    sim.redeliver(msgId!)
    await until(() => frames.length === 2)
    expect(frames[1]!.data).toBe(frame.data)
    expect(frames[1]!.headers.messageId).not.toBe(frame.headers.messageId)
  })

  test('without @ nothing arrives from a group; one-to-one everything does; an outsider has no staff id', async () => {
    const { frames, handler } = taker()
    await connect({ robot: handler })
    expect(sim.say(GROUP, 'elec7', '随便说说')).toBeUndefined()
    sim.say({ user: 'elec7' }, 'elec7', '状态')
    sim.say(GROUP, 'guest', '合闸', { at: true })
    await until(() => frames.length === 2)
    const [direct, outside] = frames.map(({ data }) => JSON.parse(data))
    expect(direct).toMatchObject({ conversationType: '1', text: { content: '状态' } })
    expect(outside).toMatchObject({ senderNick: '访客', senderId: expect.stringMatching(/^\$:LWCP_v1:\$/) })
    expect(outside).not.toHaveProperty('senderStaffId')
    expect(() => sim.say(GROUP, 'stranger', '合闸', { at: true })).toThrow(/not in/)
  })

  test('un-ACKed they come again after 60 s under a new messageId, a set number of times', async () => {
    const seen: DWClientDownStream[] = []
    await connect({ robot: (_client, frame) => seen.push(frame) })
    sim.behaviour.redeliverTimes = 2
    sim.say(GROUP, 'elec7', '合闸', { at: true })
    await until(() => seen.length === 1)
    sim.clock.advance(minute)
    await until(() => seen.length === 2)
    sim.clock.advance(minute)
    await until(() => seen.length === 3)
    sim.clock.advance(minute)
    await until(() => sim.counters.messagesLost === 1)
    expect(new Set(seen.map(({ headers }) => headers.messageId)).size).toBe(3)
    expect(new Set(seen.map(({ data }) => JSON.parse(data).msgId)).size).toBe(1)
    expect(sim.counters.redeliveries).toBe(2)
  })

  test('are lost when nobody is there, or wait where that is switched on', async () => {
    sim.say(GROUP, 'elec7', '一', { at: true })
    expect(sim.counters.messagesLost).toBe(1)
    sim.behaviour.keepForAbsent = true
    sim.say(GROUP, 'elec7', '二', { at: true })
    const { frames, handler } = taker()
    await connect({ robot: handler })
    await until(() => frames.length === 1)
    expect(JSON.parse(frames[0]!.data).text.content).toBe(' 二')
    expect(sim.counters.messagesLost).toBe(1)
  })

  test('over the quota of pushes they come without text, with code 20001', async () => {
    sim.behaviour.pushesPerMonth = 1
    const { frames, handler } = taker()
    await connect({ robot: handler })
    sim.say(GROUP, 'elec7', '一', { at: true })
    sim.say(GROUP, 'elec7', '二', { at: true })
    await until(() => frames.length === 2)
    const second = JSON.parse(frames[1]!.data)
    expect(second).toMatchObject({ errCode: 20001, errorCode: 20001 })
    expect(second).not.toHaveProperty('text')
    expect(sim.counters.monthlyPushes).toBe(1)
  })

  test('rich text and pictures', async () => {
    const { frames, handler } = taker()
    await connect({ robot: handler })
    sim.say(GROUP, 'elec7', '状态 三号', { at: true, msgtype: 'richText' })
    sim.say(GROUP, 'elec7', '', { at: true, msgtype: 'picture' })
    await until(() => frames.length === 2)
    const [rich, picture] = frames.map(({ data }) => JSON.parse(data))
    expect(rich.content.richText.map((piece: { text: string }) => piece.text).join('')).toBe(' 状态 三号')
    expect(picture).toMatchObject({ msgtype: 'picture', content: { downloadCode: expect.any(String) } })
  })

  test('each goes to one of several connections, by the seed; only to those that subscribed', async () => {
    const takers = [taker(), taker()]
    for (const { handler } of takers) await connect({ robot: handler })
    await connect({ card: () => {} })
    for (let i = 0; i < 20; i++) sim.say(GROUP, 'elec7', `第${i}`, { at: true })
    await until(() => takers[0]!.frames.length + takers[1]!.frames.length === 20)
    expect(takers.every(({ frames }) => frames.length > 3)).toBe(true)
  })
})

describe('events', () => {
  test('LATER makes an event come again, SUCCESS does not', async () => {
    const client = await connect({})
    const answers = [EventAck.LATER, EventAck.SUCCESS]
    const seen: DWClientDownStream[] = []
    client.registerAllEventListener((frame) => {
      seen.push(frame)
      return { status: answers.shift() ?? EventAck.SUCCESS }
    })
    sim.sendEvent(APP.clientId, 'chat_update_title', { title: '新名' })
    await until(() => acks(sim).length === 1)
    sim.clock.advance(minute)
    await until(() => acks(sim).length === 2)
    await pass(sim, minute)
    expect(seen.map(({ headers }) => headers.eventType)).toEqual(['chat_update_title', 'chat_update_title'])
    expect(seen[0]!.headers.eventId).toBe(seen[1]!.headers.eventId)
  })
})
