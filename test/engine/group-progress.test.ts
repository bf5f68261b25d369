import { expect, test } from 'vitest'
import type { GroupRun } from '../../src/domain/group-run.ts'
import { until } from '../support/until.ts'
import { breaker, cardOf, lastCard, startRig, testPolicy, untilButton } from './rig.ts'

const PUMPS = ['9100', '9101', '9102', '9103', '9104', '9105']
const policy = testPolicy({
  breakers: PUMPS.map((id) => breaker(id, `${id}号泵`)),
  feedbackWithin: 60_000,
})

test('progress changes the card every 6 s at most, and the end does not wait with it', async () => {
  const rig = await startRig({ policy })
  const push = (type: 'state' | 'order', device: string, data: object) =>
    rig.push({ type, device, ts: rig.now(), data })
  const extras = new Map<string, string>()
  const { open } = rig.cloud
  rig.cloud.open = (device, circuit, extra, options) => {
    extras.set(device, extra)
    return open(device, circuit, extra, options)
  }
  const opens = (device: string) => push('order', device, { power: '0', extra: extras.get(device) })
  const untilDone = (count: number) =>
    until(async () => {
      const run = (await rig.store.list<GroupRun>({ kind: 'run' }))[0]?.value
      return run?.steps.filter(({ standing }) => standing === 'done').length === count
    }, `${count} to be open`)
  const says = (words: string) => cardOf(lastCard(rig.dingtalk)!)?.subtitle.includes(words)
  let given = 0
  rig.dingtalk.fault = () => {
    given++
    return undefined
  }

  for (const device of PUMPS) await push('state', device, { power: '1' })
  await until(async () => (await rig.store.list({ kind: 'breaker' })).length === 6, 'all to be known')
  await rig.say(rig.telegram, '1', '全关 全部').taken
  await untilButton(rig.telegram, 'confirm')
  await rig.press(rig.telegram, '1', 'confirm')
  await until(() => extras.size === 6, 'the commands')
  await until(() => given === 2, 'what is asked, and that it has begun')
  for (const device of PUMPS.slice(0, 3)) await opens(device)
  await untilDone(3)
  rig.clock.ahead += 5000
  await opens(PUMPS[3]!)
  await untilDone(4)
  expect(given).toBe(2)
  rig.clock.ahead += 1000
  await until(() => says('4/6'), 'the progress')
  await opens(PUMPS[4]!)
  await untilDone(5)
  await opens(PUMPS[5]!)
  await until(() => says('6/6'), 'the end, with progress still to be shown')
  rig.clock.ahead += 6000
  await until(async () => (await rig.store.counts())['send-dingtalk'] === undefined, 'nothing to wait')
  expect(given).toBe(4)
})
