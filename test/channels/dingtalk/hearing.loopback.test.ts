import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { acks, createRig, GROUP, type Rig } from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
  await rig.start()
})
afterEach(() => rig.close())

const say = (text: string, user = 'manager123', options = {}) =>
  rig.sim.say(GROUP, user, text, { at: true, ...options })

test('a command is taken before it is acknowledged', async () => {
  const taken = Promise.withResolvers<void>()
  rig.engine.receive = () => ({ taken: taken.promise })
  const id = say('确认 3号')
  await until(() => rig.inputs.length === 1)
  expect(rig.inputs[0]).toMatchObject({ kind: 'text', id, chat: GROUP, group: true, text: '确认 3号' })
  expect(rig.inputs[0]).toMatchObject({ sender: { id: 'manager123', name: '张三' } })
  expect(acks(rig.sim)).toHaveLength(0)
  taken.resolve()
  await until(() => acks(rig.sim).length === 1)
})

test('what could not be kept is not acknowledged, and comes again under the same id', async () => {
  rig.engine.receive = () => ({ taken: Promise.reject(new Error('disk full')) })
  const id = say('确认')
  await until(() => rig.inputs.length === 1)
  rig.engine.receive = () => {
    throw new Error('not even a receipt')
  }
  rig.sim.clock.advance(61_000)
  await until(() => rig.inputs.length === 2)
  expect(acks(rig.sim)).toHaveLength(0)
  rig.engine.receive = () => ({})
  rig.sim.clock.advance(61_000)
  await until(() => acks(rig.sim).length === 1)
  expect(rig.inputs.map((input) => input.id)).toEqual([id, id, id])
})

test('people from outside stay anonymous, one-to-one chats have a name, rich text is joined', async () => {
  say('合闸', 'guest')
  await until(() => rig.inputs.length === 1)
  expect(rig.inputs[0]).toMatchObject({ sender: { anonymous: true, name: '访客' } })
  rig.sim.say({ user: 'elec7' }, 'elec7', '状态')
  await until(() => rig.inputs.length === 2)
  expect(rig.inputs[1]).toMatchObject({ chat: 'user:elec7', group: false, text: '状态' })
  say('合闸 3号增氧机', 'elec7', { msgtype: 'richText' })
  await until(() => rig.inputs.length === 3)
  expect(rig.inputs[2]).toMatchObject({ text: '合闸 3号增氧机' })
})

test('pictures and messages without text are acknowledged and passed over; the used-up quota is told', async () => {
  say('', 'elec7', { msgtype: 'picture' })
  await until(() => acks(rig.sim).length === 1)
  rig.sim.behaviour.pushesPerMonth = 0
  say('确认')
  await until(() => acks(rig.sim).length === 2)
  expect(rig.inputs).toHaveLength(0)
  expect(rig.channel.health().detail).toContain('monthly Stream quota')
  rig.sim.behaviour.pushesPerMonth = Infinity
  say('确认')
  await until(() => rig.inputs.length === 1)
  expect(rig.channel.health().detail).toBeUndefined()
})

test('what comes again although it was acknowledged keeps its id, so that it counts once', async () => {
  const id = say('合闸 3号')
  await until(() => acks(rig.sim).length === 1)
  rig.sim.redeliver(id!)
  await until(() => acks(rig.sim).length === 2)
  const frames = rig.sim.calls.flatMap((one) =>
    one.kind === 'frame' && one.type === 'CALLBACK' ? [one.messageId] : [],
  )
  expect(new Set(frames).size).toBe(2)
  expect(rig.inputs.map((input) => input.id)).toEqual([id, id])
})

test.for([false, true])(
  'the frame of the used-up quota is known by its code as a number or a text (%s)',
  async (asText) => {
    rig.sim.behaviour.errcodeAsString = asText
    rig.sim.behaviour.pushesPerMonth = 0
    say('确认')
    await until(() => acks(rig.sim).length === 1)
    expect(rig.channel.health().detail).toContain('monthly Stream quota')
  },
)
