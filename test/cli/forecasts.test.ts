import { expect, test } from 'vitest'
import { forecasts, forecastText } from '../../src/cli/forecasts.ts'
import { parseConfig } from '../../src/config/load.ts'
import { ENV } from '../config/support.ts'

const NOW = Date.parse('2026-01-04T22:00:00+08:00')

/** Fans and pumps in one room; the fans have a policy of their own. */
function configWith(pumps: number) {
  const breaker = (id: number, name: string, more = '') =>
    `  - { id: "${id}", name: ${name}, site: pond, room: night${more} }`
  const text = `
timezone: Asia/Shanghai
thingboot: { appId: a, appSecret: s, pushToken: push-token }
channels: { telegram: { token: "1:t" } }
rooms: [{ name: night, telegram: -100 }]
people:
  - { name: Jia, role: operator, telegram: "1", phone: "13800000001" }
  - { name: Yi, role: admin, telegram: "2" }
notify: { mail: { smtp: "smtp://127.0.0.1", from: a@example.com }, voice: { aliyun: { accessKeyId: a, accessKeySecret: s, ttsCode: TTS_1 } } }
duty: [{ room: night, rota: [Jia], handover: "Mon 08:00" }]
escalation:
  default: { ackTimeout: 0s, repeat: 2, repeatAfter: 5m, steps: [{ after: 2m, call: duty }] }
  fans: { ackTimeout: 30m, repeat: 0, steps: [{ after: 0s, call: Yi, mail: [boss@example.com] }] }
breakers:
${Array.from({ length: pumps }, (_, index) => breaker(1000 + index, `pump-${index}`)).join('\n')}
${breaker(1, 'fan-1', ', escalation: fans')}
${breaker(2, 'fan-2', ', escalation: fans')}
`
  const parsed = parseConfig(text, ENV)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

test('breakers of which the same would follow stand together', () => {
  const config = configWith(14)
  expect(forecastText(config, forecasts(config, NOW)).split('\n')).toEqual([
    'pump-0, pump-1 and 12 more: Overload (Critical), and nobody acknowledges:',
    '  · at once: the card in the room',
    '  · after 2 min: Jia is called (in this order: telephone; direct message)',
    '  · the same again 2 times, from: 7 min; 12 min',
    '  · whoever acknowledges stops it',
    'fan-1, fan-2: Overload (Critical), and nobody acknowledges:',
    '  · at once: the card in the room',
    '  · at once: Yi is called (in this order: direct message); mail to boss@example.com',
    '  · whoever acknowledges stops it; if it is not resolved 30 min later, it begins anew',
    '',
  ])
})

test('ten thousand breakers are as short as fourteen', () => {
  const config = configWith(10_000)
  const all = forecasts(config, NOW)
  expect(all.map(({ breakers }) => breakers.length)).toEqual([10_000, 2])
  expect(forecastText(config, all).split('\n')).toHaveLength(10)
})
