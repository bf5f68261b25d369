import { expect, test } from 'vitest'
import { hearChanges } from '../../../src/engine/console/changes.ts'
import { until } from '../../support/until.ts'
import { PUMP, startRig } from '../rig.ts'

test('what changes is told to all instances', async () => {
  const rig = await startRig({ console: {} })
  const heard: string[] = []
  hearChanges(rig.store, (changes) => heard.push(...changes.map(({ kind, id }) => `${kind} ${id}`)))
  await rig.trip('overload')
  await until(
    () => heard.includes(`breaker ${PUMP}`) && heard.some((one) => one.startsWith('incident ')),
    'word',
  )
})

test('without a console nobody looks on, and nothing is told', async () => {
  const rig = await startRig()
  const heard: unknown[] = []
  hearChanges(rig.store, (changes) => heard.push(...changes))
  await rig.trip('overload')
  await until(async () => (await rig.store.list({ kind: 'incident' })).length === 1, 'the incident')
  // Whatever would be told of it comes within a tenth of a second, and before this.
  const last = Promise.withResolvers<void>()
  rig.store.hear('after', () => last.resolve())
  setTimeout(() => rig.store.broadcast('after', 1), 200)
  await last.promise
  expect(heard).toEqual([])
})
