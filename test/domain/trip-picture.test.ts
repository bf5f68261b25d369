import { describe, expect, test } from 'vitest'
import type { Measured } from '../../src/domain/summary.ts'
import { BEFORE_TRIP, tripPicture, wantsPicture } from '../../src/domain/trip-picture.ts'
import { translator } from '../../src/text/translate.ts'
import { POLICY, PUMP } from './support/site.ts'

const AT = Date.parse('2026-01-01T00:10:00Z')
const INCIDENT = { circuit: 'power', openedAt: AT }
const samples = (...some: Omit<Measured, 'at'>[]): Measured[] =>
  some.map((one, i) => ({ at: AT - (some.length - i) * 30_000, ...one }))

describe('the load before a trip', () => {
  test('is the current with the rating and the trip', () => {
    const made = tripPicture(
      PUMP,
      INCIDENT,
      samples({ current: 40 }, { current: 62.5, power: 1 }, { current: 58 }),
    )!
    expect(made.chart).toMatchObject({
      kind: 'line',
      unit: 'A',
      from: AT - BEFORE_TRIP,
      to: AT,
      lines: [{ points: [{ value: 40 }, { value: 62.5 }, { at: AT - 30_000, value: 58 }] }],
      limit: { value: PUMP.ratedCurrent },
      mark: { at: AT },
    })
    expect(translator('zh-CN', 'Asia/Shanghai')(made.text)).toBe(
      '3号增氧机 跳闸前 10 分钟的负载，最高 62.5 A',
    )
  })

  test('is the power where no current is known, with what the rating makes of it', () => {
    const made = tripPicture(PUMP, INCIDENT, samples({ power: 1 }, { power: 2 }, { power: 3 }))!
    expect(made.chart).toMatchObject({ unit: 'W', limit: { value: PUMP.ratedCurrent! * 220 } })
    const { ratedCurrent: _, ...unrated } = PUMP
    expect(
      tripPicture(unrated, INCIDENT, samples({ power: 1 }, { power: 2 }, { power: 3 }))!.chart,
    ).not.toHaveProperty('limit')
  })

  test('is none where fewer than three samples are', () => {
    expect(
      tripPicture(PUMP, INCIDENT, samples({ current: 1 }, { current: 2 }, { voltage: 220 })),
    ).toBeUndefined()
  })
})

test('follows no card that is shared, held back, or where nobody wants it', () => {
  const hush = { kind: 'quiet', window: 'w', until: AT } as never
  expect(wantsPicture({ ...POLICY, tripPictures: true }, {})).toBe(true)
  expect(wantsPicture({ ...POLICY, tripPictures: true }, { storm: { id: 's', joinedAt: AT } })).toBe(false)
  expect(wantsPicture({ ...POLICY, tripPictures: true }, { hush })).toBe(false)
  expect(wantsPicture(POLICY, {})).toBe(false)
})
