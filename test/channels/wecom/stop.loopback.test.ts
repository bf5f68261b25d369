import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import {
  CARDS,
  createReadyRig,
  createRig,
  dataOf,
  GROUP,
  openConns,
  posts,
  ROBOT,
  robotMessages,
  subscribes,
} from './rig.ts'

/** Timers of this process, those of the simulator among them. */
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

test.for(['subscribed', 'unanswered', 'hanging', 'waiting', 'kicked'] as const)(
  'stop is final when %s',
  async (when) => {
    const { sim, channel, start, ready } = await createRig({
      timing: { firstPause: 60_000, longestPause: 60_000 },
    })
    const before = timers()
    if (when === 'unanswered') sim.faults.muteAuth()
    if (when === 'hanging') sim.faults.hangUpgrade()
    if (when === 'waiting') sim.faults.refuseUpgrade(503)
    await start()
    if (when === 'subscribed' || when === 'kicked') await ready()
    if (when === 'kicked') sim.faults.kick()
    if (when === 'kicked') await until(() => channel.health().state === 'failed', 'the kick')
    if (when === 'unanswered') await until(() => subscribes(sim) === 1, 'the subscription')
    if (when === 'waiting') await until(() => channel.health().state === 'waiting', 'the failure')
    const begun = performance.now()
    await channel.stop()
    expect(performance.now() - begun).toBeLessThan(500)
    await until(() => timers() <= before, 'the end of all timers')
    const { length } = sim.conns()
    await pause(150)
    expect(sim.conns()).toHaveLength(length)
    expect(openConns(sim)).toHaveLength(0)
    expect(channel.health().state).toBe('stopped')
    expect(await channel.send(GROUP, { text: 'x' }, 'k')).toMatchObject({ outcome: 'later' })
  },
)

test('stop ends what the group robot waits for', async () => {
  const { sim, channel, start, ready, lines } = await createRig({ robot: true })
  const before = timers()
  await start()
  await ready()
  const mention = [{ id: 'lisi', name: '李四' }]
  sim.faults.failNext({ ...ROBOT, errcode: 45009 })
  await channel.send(GROUP, { text: '一', mention }, 'k1')
  await until(() => lines.some((line) => line.includes('the group robot did not post')), 'the pause')
  await channel.stop()
  await until(() => timers() <= before, 'the end of all timers')
  expect(robotMessages(sim)).toHaveLength(0)
})

test('stop leaves what was on its way as unknown', async () => {
  const { sim, channel } = await createReadyRig()
  sim.faults.dropAck()
  const lost = channel.send(GROUP, { text: 'x' }, 'k')
  await until(() => posts(sim).length === 2, 'the frame')
  await channel.stop()
  expect(await lost).toMatchObject({ outcome: 'unknown' })
})

test.for([
  { secret: '' },
  { botId: '' },
  { wsUrl: 'ws://wecom.example.com' },
  { wsUrl: 'openws.work.weixin.qq.com' },
])('only faults of the configuration itself keep it from starting: %o', async (options) => {
  const { channel } = await createRig(options)
  await expect(channel.start(() => expect.fail())).rejects.toThrow(/^wecom: /)
})

test('stop answers what it has taken, and takes nothing more', async () => {
  const { sim, channel, engine, presses } = await createReadyRig()
  engine.answer = async () => pause(100).then(() => ({ card: CARDS.acknowledged! }))
  const click = sim.click('card-1', 'lisi', dataOf('ack'))
  await until(() => presses().length === 1, 'the press')
  const stopped = channel.stop()
  sim.click('card-1', 'zhangsan', dataOf('ack'))
  await stopped
  expect(await click.outcome).toBe('updated')
  expect(presses()).toHaveLength(1)
})
