import { expect, onTestFinished, test } from 'vitest'
import type { Content } from '../../../src/channels/channel.ts'
import { createGroupRobot } from '../../../src/channels/wecom/group-robot.ts'
import { createRobotLine } from '../../../src/channels/wecom/robot-line.ts'
import { TIMING } from '../../../src/channels/wecom/timing.ts'
import type { WeComSim } from '../../../src/simulator/wecom/index.ts'
import { member, textsOf } from '../../../src/simulator/wecom/json.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
import {
  botMessages,
  CARDS,
  createReadyRig,
  createRig,
  GROUP,
  ROBOT,
  ROBOT_KEY,
  robotMessages,
} from './rig.ts'

const jia = { id: 'jia', name: '甲' }
const card = { card: CARDS.open!, mention: [jia, { id: '@all', name: '所有人' }] }
const about = (text: string, ...mention: (typeof jia)[]): Content => ({ text, mention })
const calledBy = (message: ReturnType<typeof robotMessages>[number]) =>
  textsOf(member(message.body, 'text') ?? {}, 'mentioned_list')

test('W1: once the card is there, the robot calls on those it mentions, @all too', async () => {
  const { sim, channel } = await createReadyRig({ robot: true })
  expect(channel.abilities.mention).toBe(true)
  expect(await channel.send(GROUP, card, 'card-2')).toEqual({ outcome: 'delivered', message: 'card-2' })
  const [call] = await until(() => robotMessages(sim).length === 1 && robotMessages(sim), 'the call')
  expect(call!.text).toMatch(/^甲、所有人，请处理：过载跳闸：一号鱼塘/)
  expect(calledBy(call!)).toEqual(['jia', '@all'])
  expect(sim.messages(GROUP).map(({ from }) => 'robot' in from)).toEqual([false, false, true])
})

test('nobody is called on twice for one message, nor where it did not get through', async () => {
  const { sim, channel } = await createReadyRig({ robot: true })
  sim.faults.failNext({ errcode: 846607 })
  expect(await channel.send(GROUP, card, 'card-2')).toMatchObject({ outcome: 'later' })
  for (let i = 0; i < 2; i++)
    expect(await channel.send(GROUP, card, 'card-2')).toMatchObject({ outcome: 'delivered' })
  await channel.send(GROUP, about('请看 3号', jia), 'text-1')
  await until(() => robotMessages(sim).length === 2, 'the calls')
  expect(robotMessages(sim).map(({ text }) => text)).toEqual([
    expect.stringContaining('请处理：过载跳闸'),
    '甲，请处理：请看 3号',
  ])
})

test('a chat without a robot is sent to as ever', async () => {
  const { sim, channel } = await createReadyRig({ robot: true })
  sim.addChat({ chatid: 'wrNEW', members: ['zhangsan'], interacted: true })
  expect(await channel.send('wrNEW', card, 'card-2')).toMatchObject({ outcome: 'delivered' })
  expect(sim.messages('wrNEW')).toHaveLength(1)
  expect(robotMessages(sim)).toHaveLength(0)
  expect((await createRig()).channel.abilities.mention).toBe(false)
})

test.for([
  ['refuses', (sim: WeComSim) => sim.faults.failNext({ ...ROBOT, errcode: 93000 })],
  ['hangs', (sim: WeComSim) => sim.faults.swallow(ROBOT)],
] as const)('a robot that %s neither fails the message nor holds it up', async ([, strike]) => {
  const { sim, channel } = await createReadyRig({ robot: true })
  strike(sim)
  const before = performance.now()
  expect(await channel.send(GROUP, card, 'card-2')).toEqual({ outcome: 'delivered', message: 'card-2' })
  expect(performance.now() - before).toBeLessThan(2_000)
  expect(botMessages(sim)).toHaveLength(2)
})

test('a robot that is not there any more is told by the health of the channel, which stays ready', async () => {
  const { sim, channel } = await createReadyRig({ robot: true })
  sim.faults.failNext({ ...ROBOT, errcode: 93004 })
  await channel.send(GROUP, card, 'card-2')
  const health = await until(() => channel.health().detail !== undefined && channel.health(), 'the word')
  expect(health).toMatchObject({ state: 'ready', detail: expect.stringContaining('rooms[].wecomGroupRobot') })
})

/** A robot on the simulator whose waiting moves both clocks on. */
async function createPatient() {
  const { sim } = await createRig()
  const clock = { now: 1_000_000 }
  const waits: number[] = []
  const { log, lines } = createRecorder()
  const stopping = new AbortController()
  const common = { stopping: stopping.signal, now: () => clock.now, log }
  const line = createRobotLine({ ...common, baseUrl: sim.url, key: ROBOT_KEY, chat: GROUP, timing: TIMING })
  const wait = async (ms: number) => {
    waits.push(ms)
    clock.now += ms
    sim.clock.advance(ms)
  }
  const robot = createGroupRobot({ ...common, line, wait })
  onTestFinished(() => {
    stopping.abort()
    return robot.stop()
  })
  return { sim, robot, waits, lines, clock, line }
}

test('W2: 21 calls in a minute: what is too much waits, and everybody is called on', async () => {
  const { sim, robot, waits } = await createPatient()
  for (let i = 0; i < 21; i++) {
    robot.call(about(`第${i}件`, { id: `p${i}`, name: `${i}号` }), `k${i}`)
    await robot.stop()
  }
  const times = robotMessages(sim).map(({ at }) => at)
  for (const time of times) {
    expect(times.filter((other) => other >= time && other < time + 60_000).length).toBeLessThanOrEqual(18)
  }
  expect(waits).toHaveLength(1)
  expect(robotMessages(sim).flatMap(calledBy)).toEqual(Array.from({ length: 21 }, (_, i) => `p${i}`))
})

test('calls that come while the robot is busy go together', async () => {
  const { sim, robot } = await createPatient()
  for (let i = 0; i < 40; i++) robot.call(about(`第${i}件`, { id: `p${i % 3}`, name: '甲' }), `k${i}`)
  await robot.stop()
  expect(robotMessages(sim)).toHaveLength(2)
  expect(calledBy(robotMessages(sim)[1]!)?.toSorted()).toEqual(['p0', 'p1', 'p2'])
  expect(robotMessages(sim)[1]!.text.split('\n')).toHaveLength(10)
  expect(robotMessages(sim)[1]!.text).toContain('第39件')
})

test('W3: told that it is too often, it waits a minute at least, and then calls', async () => {
  const { sim, robot, waits, line } = await createPatient()
  sim.faults.failNext({ ...ROBOT, errcode: 45009 })
  robot.call(about('跳闸', jia), 'k')
  await robot.stop()
  expect(waits).toEqual([60_000])
  expect(robotMessages(sim)).toHaveLength(1)
  sim.faults.failNext({ ...ROBOT, errcode: 45009 })
  expect(await robot.tell({ text: '一' }, 'k1')).toBe(false)
  expect(await robot.tell({ text: '一' }, 'k1')).toBe(false)
  expect(line.shutFor()).toBe(60_000)
  expect(robotMessages(sim)).toHaveLength(1)
})

test('what people would be called on for much too late is let go, and that is logged', async () => {
  const { sim, robot, lines } = await createPatient()
  sim.faults.failNext({ ...ROBOT, errcode: 45009, times: 11 })
  robot.call(about('跳闸', jia), 'k')
  await robot.stop()
  expect(robotMessages(sim)).toHaveLength(0)
  expect(lines.at(-1)).toMatch(/^error people were not called on/)
})
