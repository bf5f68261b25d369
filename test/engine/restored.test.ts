import { expect, test } from 'vitest'
import { getControl, noteRestored } from '../../src/engine/control.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'
import { newFolder } from './rig.ts'

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
  await noteRestored(busy, [], { asOf: 1000, now: 2000 })
  expect(await getControl(store)).toMatchObject({ off: true, offAt: 2000, changes: 2 })
  expect((await store.audit({ limit: 10 })).map(({ what }) => what)).toEqual(['store.restored'])
  await store.close()
})
