import { expect, it } from 'vitest'
import { GENERIC } from '../../src/thingboot/profiles.ts'
import { devicesIn } from '../../src/thingboot/status.ts'

const at = 1767225600000
const read = (data: unknown) => devicesIn(data, at, () => GENERIC)
const state = { power: '1', voltage: '229.8', current: '12.4', active_power: '2850' }
const understood = {
  device: '820720',
  positions: { power: 'closed' },
  readings: { voltage: 229.8, current: 12.4, activePower: 2850 },
  at,
}

it.each<[string, unknown]>([
  ['one', { id: 820720, state }],
  ['a list', [{ id: '820720', state }]],
  ['a list inside', { total: 1, list: [{ id: 820720, state }] }],
  ['device for id', { device: 820720, state }],
  ['state as text', { id: 820720, state: JSON.stringify(state) }],
  ['strangers among them', [null, 'x', { name: 'no id' }, { id: 820720, state }]],
])('%s', (_what, data) => {
  expect(read(data)).toEqual([understood])
})

it.each<[unknown]>([[null], [undefined], ['x'], [[]], [{}], [{ list: [] }]])('nothing in %j', (data) => {
  expect(read(data)).toEqual([])
})

it('reads the name', () => {
  expect(read({ id: 1, name: '3号增氧机' })).toEqual([
    { device: '1', name: '3号增氧机', positions: {}, readings: {}, at },
  ])
})

it.each<[object, boolean | undefined]>([
  [{ online: 1 }, true],
  [{ online: '0' }, false],
  [{ online: true }, true],
  [{ network: { online: false } }, false],
  [{ network: { state: 'online' } }, true],
  [{ network: '{"status":"offline"}' }, false],
  [{ network: 'offline' }, false],
  [{ network: '在线' }, true],
  [{ network: { type: 'wifi' } }, undefined],
  [{ network: 'wifi' }, undefined],
  [{}, undefined],
])('%j: online %s', (fields, online) => {
  const [status] = read({ id: 1, ...fields })
  expect(status?.online).toBe(online)
  expect(status && 'online' in status).toBe(online !== undefined)
})
