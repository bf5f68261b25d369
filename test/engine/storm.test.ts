import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { createPacer, GAP } from '../../src/thingboot/pacer.ts'
import { newFolder, PUMP, startRig, testPolicy, untilButton, untilSays } from './rig.ts'

const WHO = ['1', '2', '3', '4', '5']
const policy = testPolicy({
  people: WHO.map((id) => ({ name: `电工${id}`, role: 'operator', ids: { telegram: id } })),
})

test('50 presses by 5 people in a second: one operation, 50 answers', async () => {
  const rig = await startRig({ policy })
  await rig.trip()
  const card = await untilButton(rig.telegram, 'reclose')
  const storm = (button: string, shown: typeof card) =>
    Promise.all(Array.from({ length: 50 }, (_, n) => rig.press(rig.telegram, WHO[n % 5]!, button, shown)))
  const asked = await storm('reclose', card)
  expect(asked.filter((one) => one.toast)).toHaveLength(50)
  const audit = async (what: string) =>
    (await rig.store.audit({ limit: 1000 })).filter((one) => one.what === what)
  const [asking] = await audit('close.asked')
  expect(await audit('close.asked')).toHaveLength(1)
  const toConfirm = await untilButton(rig.telegram, 'confirm')
  const confirmed = await storm('confirm', toConfirm)
  expect(confirmed.filter((one) => one.toast)).toHaveLength(50)
  await untilSays(rig.telegram, '已发出')
  expect(rig.cloud.commands).toEqual([`close ${PUMP} power`])
  expect((await audit('close.confirmed')).map((one) => one.details?.operation)).toEqual([
    asking!.details!.operation,
  ])
})

test('commands to one breaker keep their distance over instances and restarts', async () => {
  const file = join(newFolder(), 'breakerbot.db')
  let at = 1_800_000_000_000
  let store: Store = await openSqliteStore(file, { now: () => at })
  onTestFinished(() => store.close())
  const times: number[] = []
  const instance = () => {
    const pacer = createPacer({
      take: (device) => store.spend([{ name: `command:${device}`, most: 1, within: GAP }]),
      sleep: async (ms) => {
        at += ms
      },
    })
    return async (device: string) => {
      if (await pacer.turn(device)) times.push(at)
    }
  }
  const [one, other] = [instance(), instance()]
  for (const leave of [one, other, other, one]) await leave('a')
  await store.close()
  store = await openSqliteStore(file, { now: () => at })
  for (const leave of [instance(), one]) await leave('a')
  expect(times).toHaveLength(6)
  for (const [n, time] of times.entries()) if (n > 0) expect(time - times[n - 1]!).toBeGreaterThanOrEqual(GAP)
})
