import { describe, expect, it } from 'vitest'
import { causeOf, defineProfile, hasCircuit, meansNoFault, moverOf } from '../../src/thingboot/profile.ts'
import { GENERIC, knownModels, profileFor } from '../../src/thingboot/profiles.ts'

describe('causes', () => {
  const words: Record<string, string> = {
    overload:
      'overload OVERLOAD over-load over_load OverLoad overload_alarm over_current overcurrent ov_cr 过载 过流 过载保护 过载跳闸 过载保护跳闸 ｏｖｅｒｌｏａｄ',
    'short-circuit':
      'short-circuit short_circuit shortcircuit short_circuit_alarm SHORT_CIRCUIT 短路 短路故障',
    leakage:
      'leakage leak residual residual-current leakagecurr_alarm earth_fault leakage_trip 漏电 漏电报警',
    'over-temperature': 'over-temperature over_temp overheat fault_overheat 过温 高温 过温告警',
    'over-voltage': 'over-voltage overvoltage ov_vol 过压',
    'under-voltage': 'under-voltage undervoltage_alarm 欠压',
    'phase-loss': 'phase-loss phase_loss miss_phase_alarm 缺相',
    unknown:
      'surge_alarm temp_dif_fault fire_alarm high_power_alarm self_test_alarm unbalance_alarm outage_alarm magnetism_alarm credit_alarm no_balance_alarm E05 alarm trip 1 no_overload constructor __proto__ 。',
  }
  it.each(Object.entries(words).flatMap(([cause, list]) => list.split(' ').map((word) => [word, cause])))(
    '%s is %s',
    (word, cause) => expect(causeOf(GENERIC, word)).toBe(cause),
  )

  it('takes words with spaces', () => expect(causeOf(GENERIC, ' Over Current ')).toBe('overload'))

  it('lets a profile add words and change their meaning', () => {
    const profile = defineProfile({
      model: 'x',
      circuits: ['power'],
      causes: { 'E-05': 'leakage', surge: 'over-voltage', ov_cr: 'short-circuit' },
    })
    expect(causeOf(profile, 'e05')).toBe('leakage')
    expect(causeOf(profile, 'surge_alarm')).toBe('over-voltage')
    expect(causeOf(profile, 'OV CR')).toBe('short-circuit')
    expect(causeOf(profile, 'overload')).toBe('overload')
  })
})

it.each(['', '0', 'none', 'NONE', 'normal', 'Normal ', 'ok', 'false', '无', '正常'])(
  '«%s» is no fault',
  (word) => {
    expect(meansNoFault(word)).toBe(true)
  },
)

it.each([
  ['trip', 'trip'],
  ['Tripped', 'trip'],
  ['fault', 'trip'],
  ['alarm', 'trip'],
  ['protect', 'trip'],
  ['跳闸', 'trip'],
  ['overload', 'trip'],
  ['漏电跳闸', 'trip'],
  ['btn', 'hand'],
  ['btn2', 'hand'],
  ['BUTTON', 'hand'],
  ['key', 'hand'],
  ['manual', 'hand'],
  ['touch', 'hand'],
  ['手动', 'hand'],
  ['boot', undefined],
  ['online', undefined],
  ['toString', undefined],
  ['3', undefined],
])('an event named %s: %s', (name, mover) => {
  expect(moverOf(GENERIC, name)).toBe(mover)
})

it('lets a profile say what its events mean', () => {
  const profile = defineProfile({
    model: 'x',
    circuits: ['power'],
    movers: { Lever: 'hand', key: 'trip' },
    remoteClose: false,
  })
  expect(moverOf(profile, 'lever')).toBe('hand')
  expect(moverOf(profile, 'key')).toBe('trip')
  expect(profile.remoteClose).toBe(false)
})

it('knows its models and is lenient with others', () => {
  expect(profileFor('uni-dlq-m-60a-p ')).toMatchObject({
    model: 'UNI-DLQ-M-60A-P',
    circuits: ['power'],
    metered: true,
    remoteClose: true,
  })
  expect(profileFor('UNI-DLQ-M-60A').metered).toBe(false)
  expect(profileFor('generic-2').circuits).toEqual(['power1', 'power2'])
  expect(profileFor(undefined)).toBe(GENERIC)
  expect(profileFor('AC4-10A')).toBe(GENERIC)
  expect(knownModels()).toContain('generic-1')
  expect(['power', 'power1', 'power24'].every((key) => hasCircuit(GENERIC, key))).toBe(true)
  expect(['power0', 'powers', 'active_power', 'power_factor'].some((key) => hasCircuit(GENERIC, key))).toBe(
    false,
  )
  expect(hasCircuit(profileFor('generic-2'), 'power3')).toBe(false)
})
