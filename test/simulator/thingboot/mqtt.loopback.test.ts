import { connectAsync, type MqttClient } from 'mqtt'
import { expect, onTestFinished, test } from 'vitest'
import type { ThingbootSim } from '../../../src/simulator/thingboot/api.ts'
import { until } from '../../support/until.ts'
import { APP, startSim } from './rig.ts'

async function connect(sim: ThingbootSim, password = APP.appSecret): Promise<MqttClient> {
  const client = await connectAsync(sim.mqttUrl ?? '', {
    clientId: 'console-1',
    username: APP.appId,
    password,
    reconnectPeriod: 0,
    protocolVersion: 4,
  })
  onTestFinished(() => client.endAsync(true))
  return client
}

async function listen(client: MqttClient, topic: string) {
  const heard: { topic: string; message: Record<string, unknown> }[] = []
  client.on('message', (from, payload) =>
    heard.push({ topic: from, message: JSON.parse(payload.toString()) }),
  )
  await client.subscribeAsync(topic, { qos: 1 })
  return heard
}

const startWithBroker = () => startSim({ apps: [{ ...APP, mqtt: true, pushUrl: 'http://127.0.0.1:1/' }] })

test('messages come on the topic of their type', async () => {
  const sim = await startWithBroker()
  const client = await connect(sim)
  const heard = await listen(client, `api/${APP.appId}/message/#`)
  await sim.trip(820720, { cause: 'leakage' })
  await sim.goOffline(820720)
  await until(() => heard.length === 2, 'two messages')
  expect(heard).toMatchObject([
    {
      topic: `api/${APP.appId}/message/event`,
      message: { type: 'event', data: { state: { fault: 'leakage' } } },
    },
    { topic: `api/${APP.appId}/message/offline`, message: { type: 'offline', device: 820720 } },
  ])
  expect(sim.pushes.map((push) => push.outcome)).toEqual(['delivered', 'delivered'])
})

test('a call is answered on its own topic, and acts', async () => {
  const sim = await startWithBroker()
  const client = await connect(sim)
  const heard = await listen(client, `api/${APP.appId}/#`)
  const topic = `api/${APP.appId}/device/control`
  await client.publishAsync(topic, '{"device":820720,"order":{"power":"0","extra":"M1"}}', { qos: 1 })
  await until(() => heard.length === 3, 'request, answer and order push')
  expect(heard.map((one) => one.topic)).toEqual([topic, topic, `api/${APP.appId}/message/order`])
  expect(heard[1]?.message).toMatchObject({ code: 200 })
  expect(heard[2]?.message).toMatchObject({ data: { power: '0', extra: 'M1' } })
  expect(sim.device(820720).positions.power).toBe('open')
  expect(sim.commands).toMatchObject([{ via: 'mqtt', signature: 'login', outcome: 'accepted', extra: 'M1' }])
})

test('a fault may hit the call', async () => {
  const sim = await startWithBroker()
  const client = await connect(sim)
  const heard = await listen(client, `api/${APP.appId}/#`)
  sim.faults.add({ effect: { kind: 'hang' } })
  sim.faults.add({ effect: { kind: 'code', code: 5008 } })
  const topic = `api/${APP.appId}/device/info`
  await client.publishAsync(topic, '{"device":1}', { qos: 1 })
  await client.publishAsync(topic, '{"device":820720}', { qos: 1 })
  await until(() => heard.some((one) => one.message.code === 5008), 'the answer')
  expect(heard.filter((one) => 'code' in one.message)).toHaveLength(1)
})

test('the wrong secret is not let in, and other apps’ topics are closed', async () => {
  const sim = await startWithBroker()
  await expect(connect(sim, 'wrong')).rejects.toThrow(/not authorized|Bad|refused/i)
  const client = await connect(sim)
  await expect(client.subscribeAsync('api/other/message/#')).rejects.toThrow()
})

test('nobody connected: the message is gone', async () => {
  const sim = await startWithBroker()
  await sim.report(820720)
  expect(sim.pushes).toMatchObject([{ outcome: 'dropped' }])
})
