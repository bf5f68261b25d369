import { expect, onTestFinished, test } from 'vitest'
import type { ChannelHealth, Content } from '../../../src/channels/channel.ts'
import { createSecondWay } from '../../../src/channels/wecom/second-way.ts'
import { TIMING } from '../../../src/channels/wecom/timing.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
import {
  botMessages,
  CARDS,
  createReadyRig,
  createRig,
  GROUP,
  type Rig,
  ROBOT,
  ROBOT_KEY,
  robotMessages,
  subscribes,
} from './rig.ts'

const alarm: Content = { card: CARDS.open!, urgent: true }
const untilState = ({ channel }: Rig, ...states: string[]) =>
  until(() => states.includes(channel.health().state), states.join(' or '))

/** A rig whose connection was there and is not; `back` lets it return. */
async function createDownRig() {
  const rig = await createReadyRig({ robot: true, timing: { longestPause: 40 } })
  const back = rig.sim.faults.refuseUpgrade(503, Number.POSITIVE_INFINITY)
  rig.sim.faults.drop()
  await untilState(rig, 'waiting')
  return { ...rig, back }
}

test('W4: while the connection is down an alarm goes by the robot, once, and its card follows', async () => {
  const rig = await createDownRig()
  const { sim, channel, ready, back } = rig
  for (let i = 0; i < 3; i++) {
    expect(await channel.send(GROUP, alarm, 'card-2')).toMatchObject({ outcome: 'later', told: true })
  }
  expect(robotMessages(sim)).toHaveLength(1)
  const [{ text, body }] = robotMessages(sim) as [ReturnType<typeof robotMessages>[number]]
  expect(text).toMatch(/过载跳闸.*电流：63\.1 A \/ 60 A.*【没有按钮】/s)
  expect(body).not.toHaveProperty('text.mentioned_list')
  sim.faults.clear()
  back()
  await ready()
  expect(await channel.send(GROUP, alarm, 'card-2')).toEqual({ outcome: 'delivered', message: 'card-2' })
  expect(botMessages(sim).map(({ taskId }) => taskId)).toEqual(['card-1', 'card-2'])
  expect(robotMessages(sim)).toHaveLength(1)
})

test('W4: so it does after another client has taken the connection over', async () => {
  const rig = await createReadyRig({ robot: true })
  rig.sim.faults.kick()
  await untilState(rig, 'failed')
  expect(await rig.channel.send(GROUP, alarm, 'card-2')).toMatchObject({ outcome: 'later', told: true })
  expect(robotMessages(rig.sim)).toHaveLength(1)
})

test('those whom the robot called on with the alarm are not called on again with its card', async () => {
  const { sim, channel, ready, back } = await createDownRig()
  const content = { ...alarm, mention: [{ id: 'lisi', name: '李四' }] }
  expect(await channel.send(GROUP, content, 'card-2')).toMatchObject({ told: true })
  expect(robotMessages(sim)[0]!.body).toMatchObject({ text: { mentioned_list: ['lisi'] } })
  back()
  await ready()
  await channel.send(GROUP, content, 'card-2')
  await channel.send(GROUP, { text: '下一条', mention: content.mention }, 'text-1')
  await until(() => robotMessages(sim).length > 1, 'the call of the next message')
  expect(robotMessages(sim)[1]!.text).toContain('下一条')
})

test('what is not urgent, or goes where there is no robot, waits for the connection', async () => {
  const { sim, channel } = await createDownRig()
  expect(await channel.send(GROUP, { card: CARDS.open! }, 'card-2')).not.toHaveProperty('told')
  expect(await channel.send('wrNEW', alarm, 'card-3')).not.toHaveProperty('told')
  expect(robotMessages(sim)).toHaveLength(0)
})

test('while the first connection is on its way there is no need of the robot, nor while it stands', async () => {
  const { sim, channel, start, ready } = await createRig({ robot: true })
  sim.faults.delayAck(60_000, { cmd: 'aibot_subscribe' })
  await start()
  await until(() => subscribes(sim) === 1, 'the subscription')
  expect(await channel.send(GROUP, alarm, 'card-1')).not.toHaveProperty('told')
  sim.clock.advance(60_000)
  await ready()
  sim.faults.failNext({ errcode: 846607 })
  expect(await channel.send(GROUP, alarm, 'card-1')).not.toHaveProperty('told')
  expect(robotMessages(sim)).toHaveLength(0)
})

test('a link that nothing comes back over: told by the robot, and whether it arrived stays unknown', async () => {
  const { sim } = await createRig()
  const { log } = createRecorder()
  let state: ChannelHealth['state'] = 'ready'
  const robots = { baseUrl: sim.url, keys: new Map([[GROUP, ROBOT_KEY]]) }
  const way = createSecondWay({ robots, timing: TIMING, log, health: () => ({ state, since: 0 }) })
  onTestFinished(way.stop)
  const unknown = { outcome: 'unknown', why: 'no answer' } as const
  expect(await way.after(GROUP, alarm, 'k', unknown)).toEqual(unknown)
  expect(robotMessages(sim)).toHaveLength(0)
  state = 'waiting'
  expect(await way.after(GROUP, alarm, 'k', unknown)).toEqual(unknown)
  expect(robotMessages(sim)).toHaveLength(1)
})

test('a robot that refuses has told nobody', async () => {
  const { sim, channel } = await createDownRig()
  sim.faults.failNext({ ...ROBOT, errcode: 93000 })
  expect(await channel.send(GROUP, alarm, 'card-2')).not.toHaveProperty('told')
  expect(channel.health().detail).toMatch(
    /No connection to WeCom.* The group robot of WeCom chat .* is refused/,
  )
})

test('where the robot’s answers get lost it is told twice at most, and said to be told by neither', async () => {
  const rig = await createReadyRig({ robot: true, timing: { robotWithin: 100, robotPause: 50 } })
  rig.sim.faults.refuseUpgrade(503, Number.POSITIVE_INFINITY)
  rig.sim.faults.drop()
  await untilState(rig, 'waiting')
  rig.sim.faults.dropAck({ ...ROBOT, times: Number.POSITIVE_INFINITY })
  await until(async () => {
    expect(await rig.channel.send(GROUP, alarm, 'card-2')).not.toHaveProperty('told')
    return robotMessages(rig.sim).length === 2
  }, 'the second text')
  const end = performance.now() + 400
  await until(async () => {
    expect(await rig.channel.send(GROUP, alarm, 'card-2')).not.toHaveProperty('told')
    return performance.now() > end
  })
  expect(robotMessages(rig.sim)).toHaveLength(2)
})
