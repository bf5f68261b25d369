import { expect, it } from 'vitest'
import { checkOrder, QUERIES } from '../../src/thingboot/order.ts'

const extra = 'R7K2M9'

it.each<[object]>([
  [{ power: '1', extra }],
  [{ power: '0', extra }],
  [{ power1: '1', extra }],
  [{ power12: '0', extra: 'x'.repeat(32) }],
  ...QUERIES.map((query): [object] => [{ query, extra }]),
])('lets %j through', (order) => {
  expect(checkOrder('820720', order)).toBeUndefined()
})

it.each<[string, unknown]>([
  ['wiping counters', { clear: 'all', extra }],
  ['restarting', { system: 'reboot', extra }],
  ['asking for the device secret', { system: 'info', extra }],
  ['holding contacts', { power: { keep: '1', revert: '2' }, extra }],
  ['holding contacts, as text', { power1: '{"keep":"0","revert":"2"}', extra }],
  ['a pulse', { point: '1000', extra }],
  ['a reset', { reset: '2000', extra }],
  ['configuration', { config: { relay: '1' }, extra }],
  ['metering', { metering: '0', extra }],
  ['an unknown order', { explode: '1', extra }],
  ['a second command', { power1: '1', power2: '1', extra }],
  ['a command smuggled in beside', { power: '0', clear: 'all', extra }],
  ['a number', { power: 1, extra }],
  ['a toggle', { power: '2', extra }],
  ['true', { power: 'true', extra }],
  ['power0', { power0: '1', extra }],
  ['a circuit in another case', { Power: '1', extra }],
  ['an unknown query', { query: 'all', extra }],
  ['no command', { extra }],
  ['no reference', { power: '1' }],
  ['an empty reference', { power: '1', extra: '' }],
  ['a long reference', { power: '1', extra: 'x'.repeat(33) }],
  ['a reference with signs', { power: '1', extra: 'a-b' }],
  ['a reference with a line end', { power: '1', extra: 'ab\n' }],
  ['a list', [{ power: '1', extra }]],
  ['text', '{"power":"1","extra":"R7K2M9"}'],
  ['nothing', undefined],
])('keeps back %s', (_what, order) => {
  expect(checkOrder('820720', order)).toMatch(/./)
})

it.each(['820720,820721', '820720|820721', '', ' 820720', 'a/b', 820720, undefined])(
  'keeps back the device %j',
  (device) => {
    expect(checkOrder(device, { power: '0', extra })).toContain('exactly one device')
  },
)
