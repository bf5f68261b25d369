import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { startRig } from './rig.ts'

test('of any number of devices that are not configured 30 an hour are told of, and nothing is kept of the rest', async () => {
  const rig = await startRig()
  for (let device = 1; device <= 40; device++)
    await rig.push({ type: 'state', device, ts: rig.now(), data: { power: '1' } })
  await until(async () => {
    const counted = await rig.metrics.pushes.get()
    return counted.values.find(({ labels }) => labels.result === 'unknown-device')?.value === 40
  }, 'all 40 to be looked at')
  const isKnown = async (device: number) => (await rig.store.get(`unknown-device/${device}`)) !== undefined
  const known = await Promise.all(Array.from({ length: 40 }, (_, n) => isKnown(n + 1)))
  expect(known.filter(Boolean)).toHaveLength(30)
  // It comes to its turn when it pushes again.
  rig.clock.ahead += 3_600_000
  const late = known.indexOf(false) + 1
  await rig.push({ type: 'state', device: late, ts: rig.now(), data: { power: '1' } })
  await until(() => isKnown(late), 'the one that was left out')
})
