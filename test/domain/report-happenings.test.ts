import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../src/domain/alarm.ts'
import type { Incident } from '../../src/domain/incident.ts'
import { message } from '../../src/domain/message.ts'
import { awayIn, drawsIn, tripsOf } from '../../src/domain/report-happenings.ts'
import { translator } from '../../src/text/translate.ts'
import { BREAKERS } from './support/report.ts'

const HOUR = 3_600_000
const FROM = Date.parse('2026-11-26T00:00:00+08:00')
const DAY = { from: FROM, to: FROM + 24 * HOUR }
const t = translator('en', 'Asia/Shanghai')
const breakerOf = (id: string) => BREAKERS.find((one) => one.id === id)

const incident = (more: Partial<Incident>): Incident => ({
  ...{ id: 'i', breaker: '1', circuit: 'power', cause: 'overload', discovery: 'event', openedAt: FROM },
  ...{ version: 1, readings: {}, repeats: 0, story: [], status: 'open' },
  ...more,
})
const alarm = (more: Partial<Alarm>): Alarm => ({
  ...{ id: 'a', kind: 'breaker-offline', room: 'night', severity: 'warning', openedAt: FROM, version: 1 },
  ...{ title: message('alarm.breaker-offline', { breaker: 'x' }), notes: [], story: [], status: 'open' },
  ...more,
})

test('trips are counted by circuit and cause, without those that were none', () => {
  const trips = tripsOf(
    [
      incident({}),
      incident({}),
      incident({ noTrip: true }),
      incident({ cause: 'unknown', raw: 'E7' }),
      incident({ breaker: '2', circuit: 'power2' }),
      incident({ breaker: 'of another room' }),
    ],
    breakerOf,
  )
  expect(trips.map(({ title, cause, count }) => [title, t(cause), count])).toEqual([
    ['pump', 'Overload', 2],
    ['pump', 'E7', 1],
    ['box right', 'Overload', 1],
  ])
})

describe('being away', () => {
  test('is summed up by breaker and site, as far as it lies in the period', () => {
    const all = [
      alarm({ breaker: '1', openedAt: FROM - 5 * HOUR, resolvedAt: FROM + HOUR }),
      alarm({ breaker: '1', openedAt: FROM + 2 * HOUR, resolvedAt: FROM + 4 * HOUR }),
      alarm({ kind: 'site-offline', site: 'pond', openedAt: FROM + 20 * HOUR }),
      alarm({ breaker: '1', openedAt: FROM - 5 * HOUR, resolvedAt: FROM }),
      alarm({ kind: 'no-duty' }),
    ]
    expect(awayIn(all, DAY, breakerOf)).toEqual([
      { what: 'pump', lasted: 3 * HOUR, times: 2 },
      { what: 'pond', lasted: 4 * HOUR, times: 1 },
    ])
  })
})

describe('what was drawn', () => {
  const draw = (more: Partial<Alarm>): Alarm =>
    alarm({
      ...{ kind: 'draw', breaker: '1', title: message('draw.title-more', { breaker: 'pump' }) },
      finding: {
        ...{ kind: 'unusual', breaker: '1', since: FROM + 8 * HOUR, side: 'more', value: 2400 },
        ...{ unit: 'W', low: 850, middle: 1000, high: 1200, known: 8 },
      },
      openedAt: FROM + 9 * HOUR,
      resolvedAt: FROM + 10 * HOUR,
      ...more,
    })
  const said = (alarms: Alarm[]) =>
    drawsIn(alarms, DAY).map(({ breaker, what, reason }) => [breaker, t(what), t(reason)])

  test('is told with its time and evidence, of one breaker and kind once', () => {
    const evidence =
      '2.4 kW on average; usual at this hour of this weekday is 850 W to 1.2 kW, 1 kW in the middle (known from 8 such hours).'
    expect(said([draw({}), draw({ openedAt: FROM + 9.5 * HOUR, resolvedAt: FROM + 11 * HOUR })])).toEqual([
      ['1', 'pump draws more than usual', `2026-11-26 08:00:00–11:00:00 (2 times). ${evidence}`],
    ])
    expect(said([draw({})])[0]?.[2]).toBe(`2026-11-26 08:00:00–10:00:00. ${evidence}`)
  })

  test('lasts to the end of the period where it has not ended, and is none before and after it', () => {
    const open = draw({})
    delete open.resolvedAt
    expect(said([open])[0]?.[2]).toContain('2026-11-26 08:00:00 – 2026-11-27 00:00:00.')
    const before = draw({ openedAt: FROM - 3 * HOUR, resolvedAt: FROM - HOUR })
    expect(said([before, draw({ openedAt: DAY.to + HOUR, resolvedAt: DAY.to + 2 * HOUR })])).toEqual([])
  })

  test('is not told where somebody has called it normal', () => {
    expect(said([draw({ outcome: message('draw.normal', { person: '甲' }) })])).toEqual([])
    expect(said([draw({ outcome: message('draw.over-well') })])).toHaveLength(1)
  })
})
