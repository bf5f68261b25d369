import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localTime } from '../../src/domain/local-time.ts'
import { hushFor, occurrenceAt, type Recurring, standingAt, type Window } from '../../src/domain/window.ts'

const at = (iso: string) => Date.parse(iso)
const iso = (ms: number) => new Date(ms).toISOString()
const PLACE = { room: 'night', site: '一号鱼塘', breaker: '820720' }
const clock = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
const weekly = (from: string, to: string, days?: number[]): Recurring => ({
  from: clock(from),
  to: clock(to),
  ...(days && { days }),
})
const window = (when: Window['when'], more: Partial<Window> = {}): Window => ({
  id: 'w',
  kind: 'quiet',
  scope: { room: 'night' },
  when,
  ...more,
})
const spanOf = (when: Window['when'], moment: string, zone: string) => {
  const found = occurrenceAt(window(when), at(moment), zone)
  return found && `${iso(found.from).slice(0, 16)}/${iso(found.until).slice(0, 16)}`
}

describe('a window of each night', () => {
  const night = weekly('22:00', '06:00')
  test.each([
    ['in the evening', night, '2026-12-01T14:00:00Z', 'Asia/Shanghai', '2026-12-01T14:00/2026-12-01T22:00'],
    ['after midnight', night, '2026-12-01T21:59:59Z', 'Asia/Shanghai', '2026-12-01T14:00/2026-12-01T22:00'],
    ['not at its end', night, '2026-12-01T22:00:00Z', 'Asia/Shanghai', undefined],
    ['not right before', night, '2026-12-01T13:59:59Z', 'Asia/Shanghai', undefined],
    ['an hour shorter', night, '2026-03-29T00:00:00Z', 'Europe/Berlin', '2026-03-28T21:00/2026-03-29T04:00'],
    ['an hour longer', night, '2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-24T20:00/2026-10-25T05:00'],
    ['west, shorter', night, '2026-03-08T07:30:00Z', 'America/New_York', '2026-03-08T03:00/2026-03-08T10:00'],
    ['west, longer', night, '2026-11-01T06:30:00Z', 'America/New_York', '2026-11-01T02:00/2026-11-01T11:00'],
    [
      'begins in the hour that is skipped',
      weekly('02:30', '05:00'),
      '2026-03-29T01:30:00Z',
      'Europe/Berlin',
      '2026-03-29T01:30/2026-03-29T03:00',
    ],
    [
      'begins in the hour shown twice: the first time',
      weekly('02:30', '05:00'),
      '2026-10-25T00:30:00Z',
      'Europe/Berlin',
      '2026-10-25T00:30/2026-10-25T04:00',
    ],
    [
      'a whole day',
      weekly('08:00', '08:00'),
      '2026-12-02T00:00:00Z',
      'Asia/Shanghai',
      '2026-12-02T00:00/2026-12-03T00:00',
    ],
  ])('%s', (_, when, moment, zone, expected) => expect(spanOf(when, moment, zone)).toBe(expected))

  test('begins on its days only, and may end on another', () => {
    const friday = weekly('22:00', '06:00', [4])
    expect(spanOf(friday, '2026-12-04T20:00:00Z', 'UTC')).toBeUndefined()
    expect(spanOf(friday, '2026-12-05T05:59:00Z', 'UTC')).toBe('2026-12-04T22:00/2026-12-05T06:00')
    expect(spanOf(friday, '2026-12-05T23:00:00Z', 'UTC')).toBeUndefined()
  })
})

describe('what keeps an incident quiet', () => {
  const evening = window(weekly('20:00', '22:00'), { id: 'evening' })
  const night = window(weekly('22:00', '06:00'), { id: 'night' })
  const work = window(
    { from: at('2026-12-01T05:00:00Z'), until: at('2026-12-01T09:00:00Z') },
    { id: 'work', kind: 'maintenance', scope: { site: '一号鱼塘' } },
  )
  const hush = (windows: Window[], moment: string, severity: 'warning' | 'critical' = 'warning') => {
    const found = hushFor(windows, PLACE, severity, at(moment), 'UTC')
    return found && `${found.window} until ${iso(found.until).slice(0, 16)}`
  }

  test('lasts as long as windows overlap or follow on each other', () => {
    expect(hush([evening, night], '2026-11-30T21:00:00Z')).toBe('evening until 2026-12-01T06:00')
    expect(hush([evening, night, work], '2026-11-30T21:00:00Z')).toBe('evening until 2026-12-01T09:00')
    expect(hush([evening, night, work], '2026-12-01T05:30:00Z')).toBe('work until 2026-12-01T09:00')
    expect(hush([evening, night], '2026-12-01T12:00:00Z')).toBeUndefined()
  })

  test('lets critical ones through quiet hours, and nothing through maintenance and mute', () => {
    expect(hush([evening, night], '2026-11-30T21:00:00Z', 'critical')).toBeUndefined()
    expect(hush([night, work], '2026-12-01T05:30:00Z', 'critical')).toBe('work until 2026-12-01T09:00')
    expect(hush([{ ...work, kind: 'mute' }], '2026-12-01T05:30:00Z', 'critical')).toBe(
      'work until 2026-12-01T09:00',
    )
  })

  test.each([
    [{ room: 'night' }, 1],
    [{ room: 'day' }, 0],
    [{ site: '一号鱼塘' }, 1],
    [{ site: '二号鱼塘' }, 0],
    [{ breaker: '820720' }, 1],
    [{ breaker: '820721' }, 0],
  ])('goes by its scope: %j', (scope, count) => {
    expect(standingAt([window(work.when, { scope })], PLACE, at('2026-12-01T06:00:00Z'), 'UTC')).toHaveLength(
      count,
    )
  })

  test('ends somewhere, also where windows follow on each other for ever', () => {
    expect(hush([window(weekly('00:00', '00:00'))], '2026-12-01T00:00:00Z')).toMatch(/^w until 202[67]-/)
  })
})

const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'UTC',
]
const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 })

test('any moment: a window stands when the clock shows a time of it, but near a change of the clock', () => {
  const moments = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') })
  fc.assert(
    fc.property(moments, minutes, minutes, fc.constantFrom(...ZONES), (moment, from, to, zone) => {
      const found = occurrenceAt(window({ from, to }), moment, zone)
      if (found) expect(moment >= found.from && moment < found.until).toBe(true)
      const near = [-DAY, DAY].map((away) => offset(moment + away, zone))
      fc.pre(near[0] === near[1])
      const { hour, minute } = localTime(moment, zone)
      const shown = hour * 60 + minute
      const isIn = to > from ? shown >= from && shown < to : shown >= from || shown < to
      expect(found !== undefined).toBe(isIn)
    }),
    { numRuns: 300 },
  )
})

test('any windows: the hush ends when none of them stands, and not before', () => {
  const moments = fc.integer({ min: at('2026-03-01T00:00:00Z'), max: at('2026-12-31T00:00:00Z') })
  const some = fc.array(fc.tuple(minutes, fc.integer({ min: 1, max: 600 })), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(moments, some, fc.constantFrom(...ZONES), (moment, list, zone) => {
      const windows = list.map(([from, length], index) =>
        window({ from, to: (from + length) % 1440 }, { id: `w${index}` }),
      )
      const stands = (one: number) => standingAt(windows, PLACE, one, zone).length > 0
      const hush = hushFor(windows, PLACE, 'warning', moment, zone)
      expect(hush !== undefined).toBe(stands(moment))
      if (!hush || hush.until - moment > 3 * DAY) return
      expect(stands(hush.until)).toBe(false)
      expect(stands(hush.until - 1)).toBe(true)
      for (let step = moment; step < hush.until; step += 600_000) expect(stands(step)).toBe(true)
    }),
    { numRuns: 150 },
  )
}, 60_000)

const DAY = 86_400_000
function offset(moment: number, zone: string): number {
  const t = localTime(moment, zone)
  return Date.UTC(t.year, t.month - 1, t.day, t.hour, t.minute, t.second) - Math.floor(moment / 1000) * 1000
}
