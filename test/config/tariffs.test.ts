import { describe, expect, test } from 'vitest'
import { toPolicy } from '../../src/config/to-policy.ts'
import { faultsOf, MINIMAL, read, warningsOf } from './support.ts'

const BREAKERS = `breakers:
  - { id: 1, name: a, site: s, room: r }
  - { id: 2, name: b, site: t, room: r }
  - { id: 3, name: c, site: t, room: r, tariff: night }
`
const TARIFFS = `tariffs:
  usual: { flat: 0.56 }
  night: { currency: EUR, peak: 1.1, flat: 0.7, valley: 0.35, times: { peak: ["08:00-11:00", "18:00-21:00"], valley: ["22:00-06:00"] } }
`

describe('a tariff', () => {
  test("is the breaker's own, that of its site, or that of all", () => {
    const text = `${MINIMAL}${BREAKERS}${TARIFFS}tariff: usual\nsites: [{ name: t, tariff: night }]\n`
    const { breakers } = toPolicy(read(text))
    expect(breakers.map(({ tariff }) => tariff?.name)).toEqual(['usual', 'night', 'night'])
    expect(breakers[0]!.tariff).toEqual({ name: 'usual', currency: 'CNY', prices: { flat: 0.56 }, times: [] })
    expect(breakers[2]!.tariff).toEqual({
      name: 'night',
      currency: 'EUR',
      prices: { flat: 0.7, peak: 1.1, valley: 0.35 },
      times: [
        { rate: 'peak', from: 480, to: 660 },
        { rate: 'peak', from: 1080, to: 1260 },
        { rate: 'valley', from: 1320, to: 360 },
      ],
    })
    expect(warningsOf(text).filter((one) => one.includes('tariff'))).toEqual([])
  })

  test('need not be', () => {
    expect(
      toPolicy(read(`${MINIMAL}breakers: [{ id: "1", name: a, site: s, room: r }]\n`)).breakers[0],
    ).not.toHaveProperty('tariff')
  })

  test.each([
    ['tariff: usal', 'f:4 tariff there is no tariff «usal»; there are none under tariffs'],
    [
      'tariffs: { usual: { flat: 0.5 } }\ntariff: usual\nsites: [{ name: s, tariff: night }]',
      'f:6 sites[0].tariff there is no tariff «night»; tariffs are: usual',
    ],
    ['tariffs: { a: { flat: -1 } }', 'f:4 tariffs.a.flat must not be below 0: the price of a kWh'],
    [
      'tariffs: { a: { currency: yuan, flat: 1 } }',
      'f:4 tariffs.a.currency must be three capital letters, such as CNY',
    ],
    [
      'tariffs: { a: { flat: 1, peak: 2 } }',
      'f:4 tariffs.a.peak has no times: say when under times.peak, or leave the price out',
    ],
    [
      'tariffs: { a: { flat: 1, times: { valley: ["22:00-06:00"] } } }',
      'f:4 tariffs.a.times.valley has no price: say valley: 0.00 beside flat',
    ],
    [
      'tariffs: { a: { flat: 1, peak: 2, times: { peak: ["8-11"] } } }',
      'f:4 tariffs.a.times.peak[0] must be times of day such as "08:00-11:00"',
    ],
    [
      'tariffs: { a: { flat: 1, peak: 2, valley: 0, times: { peak: ["05:00-08:00"], valley: ["22:00-06:00"] } } }',
      'f:4 tariffs.a.times «05:00-08:00» and «22:00-06:00» overlap: each minute has one price',
    ],
  ])('%s is told with its place and how to mend it', (text, fault) =>
    expect(faultsOf(`${MINIMAL}${text}\n`)).toContain(fault),
  )

  test('that nobody pays by is told of', () => {
    expect(warningsOf(`${MINIMAL}tariffs: { a: { flat: 1 } }\n`)).toContain(
      'f:4 tariffs.a is used nowhere: set tariff: a for all, or for a site or a breaker',
    )
  })
})
