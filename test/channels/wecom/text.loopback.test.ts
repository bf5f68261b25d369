import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { createReadyRig, GROUP } from './rig.ts'

test('M1: what mentions the bot in a group is handed over without the mention; the rest never comes', async () => {
  const { sim, texts } = await createReadyRig()
  sim.say(GROUP, 'zhangsan', '大家好', { mention: false })
  const { msgid } = sim.say(GROUP, 'zhangsan', '状态')
  await until(() => texts().length === 1, 'the message')
  expect(texts()).toEqual([
    {
      kind: 'text',
      id: msgid,
      chat: GROUP,
      group: true,
      sender: { id: 'zhangsan' },
      text: '状态',
      at: expect.toSatisfy((at) => Math.abs(at - sim.clock.now()) < 3_000),
    },
  ])
})

test('M2: one-to-one, no mention is needed', async () => {
  const { sim, texts } = await createReadyRig()
  sim.say({ user: 'zhangsan' }, 'zhangsan', '电量 3号')
  await until(() => texts().length === 1, 'the message')
  expect(texts()[0]).toMatchObject({ chat: 'user:zhangsan', group: false, text: '电量 3号' })
})

test('the same message twice has the same id', async () => {
  const { sim, texts } = await createReadyRig()
  sim.faults.duplicateNextCallback(1)
  const { msgid } = sim.say(GROUP, 'zhangsan', '状态')
  await until(() => texts().length === 2, 'both')
  expect(texts().map(({ id }) => id)).toEqual([msgid, msgid])
})

test('a message that could not be taken is logged, and the next one is taken', async () => {
  const { sim, engine, texts, lines } = await createReadyRig()
  engine.taken = async () => {
    throw new Error('disk full')
  }
  sim.say(GROUP, 'zhangsan', '一')
  await until(() => lines.some((line) => line.includes('disk full')), 'the log')
  engine.taken = () => {
    throw new Error('thrown, not rejected')
  }
  sim.say(GROUP, 'zhangsan', '二')
  await until(() => lines.some((line) => line.includes('thrown, not rejected')), 'the log')
  engine.taken = async () => {}
  sim.say(GROUP, 'zhangsan', '三')
  await until(() => texts().length === 3, 'the third')
})
