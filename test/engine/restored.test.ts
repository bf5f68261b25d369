import { expect, test } from 'vitest'
import { getControl } from '../../src/engine/control.ts'
import { LOOK_FIRST, noteRestored } from '../../src/engine/restored.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { newFolder, PUMP, testPolicy, untilButton } from './rig.ts'
import { MINUTE, policyWith, STEPS, settle, stage } from './stage.ts'

test('control is off after a restore, whoever switches it meanwhile', async () => {
  const store = await openSqliteStore(`${newFolder()}/store.db`)
  let others = 1
  const busy: Store = {
    ...store,
    async get(key) {
      const found = await store.get<never>(key)
      const on = { off: false, by: 'somebody', at: 1, changes: 1 }
      if (others-- > 0) await store.commit({ writes: [{ key, value: on, version: found?.version ?? 0 }] })
      return found
    },
  }
  await noteRestored(busy, testPolicy({ rooms: [] }), { asOf: 1000, now: 2000 })
  expect(await getControl(store)).toMatchObject({ off: true, offAt: 2000, changes: 2 })
  expect((await store.audit({ limit: 10 })).map(({ what }) => what)).toEqual(['store.restored'])
  await store.close()
})

const DAY = 24 * 60 * MINUTE
/** The first step calls at once: nothing but the hold keeps people asleep. */
const policy = policyWith([{ after: 0, call: 'duty' }, ...STEPS.slice(1, 3)], { ackTimeout: 30 * MINUTE })
const OPEN = '跳闸（过载） · 3号增氧机（一号鱼塘），已 1440 分钟'
const CALL = /^voice → 13800000002: raised/

/** The store of yesterday, in which the pump had tripped and 乙 was called, as the service starts on it today. */
async function yesterday({ acknowledged = false } = {}) {
  const folder = newFolder()
  const before = await stage({ policy, folder })
  await before.trip()
  await untilButton(before.wecom, 'ack')
  await before.later(3 * MINUTE)
  expect(before.news().filter((one) => CALL.test(one))).toHaveLength(1)
  if (acknowledged) await before.press(before.wecom, '2', 'ack')
  await settle(before)
  const ahead = before.clock.ahead + DAY - 3 * MINUTE
  await before.stop()
  const now = Date.now() + ahead
  const store = await openSqliteStore(`${folder}/breakerbot.db`, { now: () => now })
  await noteRestored(store, policy, { asOf: now - DAY, now })
  await store.close()
  const rig = await stage({
    policy,
    folder,
    ahead,
    // What stands in the chats stays.
    prepare: ({ telegram, dingtalk, wecom }) => {
      for (const one of [telegram, dingtalk, wecom]) one.shown.push(...before[one.name].shown)
    },
  })
  await settle(rig)
  return rig
}

const calls = (news: string[]) => news.filter((one) => CALL.test(one))

test.each([false, true])(
  'what was open in the copy is told, and calls nobody before people could look (acknowledged: %s)',
  async (acknowledged) => {
    const rig = await yesterday({ acknowledged })
    const news = rig.news()
    expect(news.filter((one) => one.includes(`有 1 条告警未解除`) && one.includes(`· ${OPEN}`))).toHaveLength(
      1,
    )
    expect(calls(news)).toEqual([])
    await rig.later(LOOK_FIRST - 2 * MINUTE)
    expect(rig.news()).toEqual([])
    // A new alarm is an alarm.
    await rig.trip('leakage', '820721')
    await rig.later(2000)
    expect(calls(rig.news())).toEqual([expect.stringContaining('跳闸（漏电） · 投饵机')])
  },
)

test('what is still open then is told of from the first step on, each once', async () => {
  const rig = await yesterday()
  await rig.later(LOOK_FIRST)
  expect(calls(rig.news())).toEqual([expect.stringContaining('跳闸（过载） · 3号增氧机')])
  await rig.later(2 * MINUTE)
  expect(rig.news()).toEqual([expect.stringMatching(/^⏰ 仍未处理/)])
  await rig.later(3 * MINUTE)
  expect(calls(rig.news())).toHaveLength(1)
})

test('nobody is called for what turns out to be over', async () => {
  const rig = await yesterday()
  await rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power: '1' } })
  await rig.later(LOOK_FIRST)
  await rig.later(10 * MINUTE)
  expect(calls(rig.news())).toEqual([])
})
