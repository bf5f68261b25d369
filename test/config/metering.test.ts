import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'
import { profilesOf, toPolicy } from '../../src/config/to-policy.ts'
import { ENV } from './support.ts'

const configWith = (breaker: string) =>
  parseConfig(
    `thingboot: { appId: a, appSecret: s, pushToken: push-token }
channels: { telegram: { token: "1:t" } }
rooms: [{ name: night, telegram: -100 }]
breakers:
  - { id: 820720, name: pump, site: pond, room: night, ratedCurrent: 60, ${breaker} }`,
    ENV,
  )

const read = (breaker: string) => {
  const loaded = configWith(breaker)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return { policy: toPolicy(loaded.config).breakers[0]!, profile: profilesOf(loaded.config).get('820720')! }
}

test('a breaker may have units of its own, in words or as factors; the others are its profile’s', () => {
  const { units } = read(
    'units: { power: kW, energy: Wh, current: mA, voltage: 0.1V, powerFactor: 0.01 }',
  ).profile
  expect(units).toEqual({
    voltage: 0.1,
    current: 0.001,
    activePower: 1000,
    apparentPower: 1,
    powerFactor: 0.01,
    energy: 0.001,
  })
})

test('that nothing is asked without actuation is warned of', () => {
  const loaded = configWith('queryEvery: 15m }\nactuation: false\n# {')
  expect(loaded).toMatchObject({
    ok: true,
    warnings: expect.arrayContaining([
      { path: 'breakers[0].queryEvery', line: 5, problem: expect.stringContaining('no order leaves') },
    ]),
  })
})

test('phases and how often the counter is asked for', () => {
  expect(read('phases: 3, queryEvery: 15m').policy).toMatchObject({ phases: 3, queryEvery: 900_000 })
  expect(Object.keys(read('groups: []').policy)).not.toContain('queryEvery')
})

test.each([
  [
    'units: { power: KW }',
    'breakers[0].units.power',
    'must be a unit of it (W, mW, kW), one with a number before it (0.1W), or a factor above 0',
  ],
  ['units: { energy: kW }', 'breakers[0].units.energy', expect.stringContaining('(kWh, Wh, MWh)')],
  ['units: { voltage: true }', 'breakers[0].units.voltage', expect.stringContaining('(V, mV, kV)')],
  ['units: { current: 0 }', 'breakers[0].units.current', expect.stringContaining('a factor above 0')],
  ['units: { watts: kW }', 'breakers[0].units.watts', expect.stringContaining('known')],
  ['phases: 2', 'breakers[0].phases', 'must be 1 or 3'],
  ['queryEvery: 30s', 'breakers[0].queryEvery', 'must be 1m to 1d: how often its counter is asked for'],
  [
    'queryEvery: 15m, model: UNI-DLQ-M-60A',
    'breakers[0].queryEvery',
    expect.stringContaining('a breaker without a meter'),
  ],
])('%s is told with its place', (breaker, path, problem) => {
  expect(configWith(breaker)).toMatchObject({ ok: false, faults: [{ path, problem, line: 5 }] })
})
