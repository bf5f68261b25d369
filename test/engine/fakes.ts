import type {
  ChannelName,
  ChatChannel,
  Content,
  Delivery,
  Receive,
  SendLimits,
} from '../../src/channels/channel.ts'
import { spendPermit } from '../../src/domain/closing-gate.ts'
import { message } from '../../src/domain/message.ts'
import type { OnUse } from '../../src/engine/quota.ts'
import type { ThingbootClient } from '../../src/thingboot/client.ts'
import type { DeviceStatus } from '../../src/thingboot/status.ts'

/** A message as a chat has it: what was sent, and the card as it was last changed. */
export interface Shown {
  chat: string
  message: string
  content: Content
  key: string
}

/** A chat platform in memory. */
export interface FakeChannel extends ChatChannel {
  /** None, unless a test sets some before the engine is made. */
  limits: SendLimits
  shown: Shown[]
  /** Stands in for the platform's answer to each send and update; undefined: it is taken. */
  fault: (chat: string, content: Content, key: string) => Promise<Delivery> | Delivery | undefined
  receive: Receive
  /** Who is connected now, by instance, and how many ever were at once. */
  connected: Set<string>
  most: number
  /** The adapter of one instance. */
  connect(instance: string, onUse?: OnUse): ChatChannel
  /** What is told of each use of the monthly quota; does nothing where there is none. */
  onUse: OnUse
}

export function fakeChannel(name: ChannelName): FakeChannel {
  const shown: Shown[] = []
  const isWeCom = name === 'wecom'
  const channel: FakeChannel = {
    name,
    abilities: {
      updateAnyTime: !isWeCom,
      cardInAnswer: name !== 'telegram',
      privateAnswer: name !== 'telegram',
      mention: false,
      pictures: false,
      maxButtons: 6,
    },
    limits: { group: [], person: [], bot: [] },
    shown,
    fault: () => undefined,
    receive: () => {
      throw new Error('not started')
    },
    connected: new Set(),
    most: 0,
    onUse: () => {},
    connect: (instance, onUse) => ({
      ...channel,
      async start(receive) {
        await channel.start(receive)
        if (onUse) channel.onUse = onUse
        channel.connected.add(instance)
        channel.most = Math.max(channel.most, channel.connected.size)
      },
      send: (...message) => channel.send(...message),
      update: (...change) => channel.update(...change),
      async stop() {
        await channel.stop()
        channel.connected.delete(instance)
      },
    }),
    async start(receive) {
      channel.receive = receive
    },
    health: () => ({ state: 'ready', since: 0 }),
    async send(chat, content, key) {
      const fault = await channel.fault(chat, content, key)
      if (fault) return fault
      const message = `m${shown.length + 1}`
      shown.push({ chat, message, content, key })
      return { outcome: 'delivered', message }
    },
    async update(chat, message, card) {
      const fault = await channel.fault(chat, { card }, message)
      if (fault) return fault
      const there = shown.find((one) => one.message === message)
      if (!there) return { outcome: 'refused', why: 'no such message', gone: 'message' }
      there.content = { card }
      return { outcome: 'delivered', message }
    },
    async stop() {},
  }
  return channel
}

export interface FakeCloud extends ThingbootClient {
  /** The commands that left, e.g. `close 820720 power`. */
  commands: string[]
  /** Runs before a device's state is told. */
  beforeInfo: () => Promise<void> | void
  status: Partial<DeviceStatus>
  /** The account's devices. */
  listed: string[]
}

export function fakeCloud(now: () => number): FakeCloud {
  const control =
    (word: string): ThingbootClient['open'] =>
    async (device, circuit, _extra, { isWanted } = {}) => {
      if (isWanted && !(await isWanted()))
        return { ok: false, kind: 'refused', why: message('cloud.given-up') }
      cloud.commands.push(`${word} ${device} ${circuit}`)
      return { ok: true, data: { sentAt: now() } }
    }
  const statusOf = (device: string): DeviceStatus => ({
    device,
    positions: {},
    readings: {},
    at: now(),
    ...cloud.status,
  })
  const cloud: FakeCloud = {
    commands: [],
    beforeInfo: () => {},
    status: {},
    listed: [PUMP],
    async close(order, permit) {
      const why = spendPermit(await permit(), order, now())
      if (why) return { ok: false, kind: 'refused', why: message('cloud.forbidden', { fault: why }) }
      cloud.commands.push(`close ${order.device} ${order.circuit}`)
      return { ok: true, data: { sentAt: now() } }
    },
    open: control('open'),
    query: control('query'),
    async info(devices) {
      await cloud.beforeInfo()
      return { ok: true, data: devices.map(statusOf) }
    },
    async page(index, { turn } = {}) {
      if (turn && !(await turn())) return { ok: false, kind: 'refused', why: message('cloud.given-up') }
      return { ok: true, data: cloud.listed.slice((index - 1) * 50, index * 50).map(statusOf) }
    },
    list: async () => ({ ok: true, data: cloud.listed.map(statusOf) }),
    ntp: async () => ({ ok: true, data: 0 }),
  }
  return cloud
}

export const PUMP = '820720'
