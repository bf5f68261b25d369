import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Gate, Incoming } from './gate.ts'
import { readObject } from './orders.ts'
import type { PushRecord } from './records.ts'
import type { World } from './world.ts'

/** The cloud's MQTT side for applications. */
export interface Broker {
  readonly url: string
  /** False if no client of the app is there. */
  publishMessage(record: PushRecord): boolean
  close(): Promise<void>
}

function readCall(topic: string, text: string): Incoming | undefined {
  const [root, appId = '', ...path] = topic.split('/')
  if (root !== 'api' || path.length === 0) return undefined
  return { via: 'mqtt', appId, path: path.join('/'), query: {}, params: readObject(text) }
}

/** Starts an aedes broker; loaded only here, so that the simulator runs without it where nobody wants MQTT. */
export async function startBroker(world: World, gate: Gate, host: string): Promise<Broker> {
  const { Aedes } = await import('aedes')
  const appOf = new Map<object, string>()
  const broker = await Aedes.createBroker({
    authenticate(client, username, password, done) {
      const app = world.apps.get(username ?? '')
      const known =
        app?.mqtt === true && app.appSecret !== undefined && password?.toString() === app.appSecret
      if (known) appOf.set(client, app.appId)
      done(null, known)
    },
    authorizePublish(client, packet, done) {
      const appId = client && appOf.get(client)
      const own =
        packet.topic.startsWith(`api/${appId}/`) && !packet.topic.startsWith(`api/${appId}/message/`)
      done(own ? null : new Error('not your topic'))
    },
    authorizeSubscribe(client, subscription, done) {
      done(null, subscription.topic.startsWith(`api/${appOf.get(client)}/`) ? subscription : null)
    },
  })
  broker.on('clientDisconnect', (client) => appOf.delete(client))

  const put = (topic: string, text: string) =>
    broker.publish({ cmd: 'publish', topic, payload: text, qos: 0, dup: false, retain: false }, () => {})

  function answer(topic: string, incoming: Incoming): void {
    const { answer, fault } = gate.enter(incoming)
    const text = JSON.stringify(answer)
    if (!fault || fault.kind === 'code') put(topic, text)
    else if (fault.kind === 'slow') world.schedule.after(fault.ms, () => put(topic, text))
    else if (fault.kind === 'garbage' || fault.kind === 'html') put(topic, '{"code":200,"ms')
    // hang, reset and HTTP statuses have no likeness here but silence.
  }

  broker.on('publish', (packet, client) => {
    const incoming = client ? readCall(packet.topic, packet.payload.toString()) : undefined
    if (incoming) answer(packet.topic, incoming)
  })

  const server = createServer(broker.handle)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `mqtt://${host}:${port}`,
    publishMessage(record) {
      if (![...appOf.values()].includes(record.appId)) return false
      put(`api/${record.appId}/message/${record.type}`, record.body)
      return true
    },
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
