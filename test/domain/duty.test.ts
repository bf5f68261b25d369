import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cover, type Duty, dutyLines, onDuty, turnAt } from '../../src/domain/duty.ts'
import { DUTY_AHEAD, dutyGaps } from '../../src/domain/duty-gap.ts'
import { localTime } from '../../src/domain/local-time.ts'
import type { Person } from '../../src/domain/people.ts'
import type { Policy } from '../../src/domain/policy.ts'
import { POLICY, PUMP } from './support/site.ts'

const at = (iso: string) => Date.parse(iso)
const duty = (more: Partial<Duty> = {}): Duty => ({
  room: 'night',
  rota: ['甲', '乙', '丙'],
  handover: { weekday: 0, hour: 8, minute: 0 },
  ...more,
})
/** Somebody on duty is called after a minute. */
const CALLS = {
  ackTimeout: 0,
  repeat: 0,
  repeatAfter: 60_000,
  steps: [{ after: 60_000, call: 'duty' as const }],
}
const who = (one: Duty, iso: string, zone = 'Asia/Shanghai') => turnAt(one, at(iso), zone)?.person

describe('a weekly rota', () => {
  test('changes at the hand-over, by the clock of the sites', () => {
    const [before, after] = ['2026-01-04T23:59:59.999Z', '2026-01-05T00:00:00Z'].map((iso) =>
      who(duty(), iso),
    )
    expect(after).not.toBe(before)
    const week = turnAt(duty(), at('2026-01-08T00:00:00Z'), 'Asia/Shanghai')
    expect(week).toMatchObject({ from: at('2026-01-05T00:00:00Z'), until: at('2026-01-12T00:00:00Z') })
    expect(who(duty(), '2026-01-12T00:00:00Z')).toBe(week?.next)
  })

  test('counts the weeks from the first Monday of 1970', () => {
    expect(who(duty(), '1970-01-05T00:00:00Z')).toBe('甲')
    expect(who(duty(), '1970-01-04T23:59:59Z')).toBe('丙')
    expect(who(duty(), '2026-01-05T00:00:00Z')).toBe(['甲', '乙', '丙'][2922 % 3])
  })

  test.each([
    ['before the clock goes forward', '2026-03-23T07:00:00Z'],
    ['after it', '2026-03-30T06:00:00Z'],
    ['after it has gone back', '2026-10-26T07:00:00Z'],
  ])('keeps its hour %s', (_, iso) => {
    const { from } = turnAt(duty(), at(iso), 'Europe/Berlin')!
    expect(new Date(from).toISOString()).toBe(new Date(iso).toISOString())
  })

  test.each([
    ['skips: an hour later', '2026-03-29T01:30:00Z', '2026-03-29'],
    ['brings twice: the first time', '2026-10-25T00:30:00Z', '2026-10-25'],
  ])('with a hand-over in the hour that summer time %s', (_, iso, day) => {
    const sunday = duty({ handover: { weekday: 6, hour: 2, minute: 30 } })
    const { from } = turnAt(sunday, at(`${day}T12:00:00Z`), 'Europe/Berlin')!
    expect(new Date(from).toISOString()).toBe(new Date(iso).toISOString())
  })

  test('of nobody has nobody on duty', () => {
    expect(turnAt(duty({ rota: [] }), at('2026-01-05T00:00:00Z'), 'UTC')).toBeUndefined()
  })
})

const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'America/Havana',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
]
const moments = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2036-01-01T00:00:00Z') })
const rotas = fc.record({
  room: fc.constant('night'),
  rota: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }),
  handover: fc.record({
    weekday: fc.integer({ min: 0, max: 6 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
  }),
})

test('at every moment exactly one is on duty, and hands over to the next exactly when the turn ends', () => {
  fc.assert(
    fc.property(rotas, moments, fc.constantFrom(...ZONES), (one, now, zone) => {
      const turn = turnAt(one, now, zone)!
      expect(turn.from).toBeLessThanOrEqual(now)
      expect(turn.until).toBeGreaterThan(now)
      expect(turnAt(one, turn.from, zone)).toEqual(turn)
      expect(turnAt(one, turn.until - 1, zone)).toEqual(turn)
      expect(turnAt(one, turn.until, zone)).toMatchObject({ from: turn.until, person: turn.next })
      expect(turnAt(one, turn.from - 1, zone)).toMatchObject({ until: turn.from, next: turn.person })
      expect(onDuty({ duty: [one], timezone: zone }, 'night', now)).toEqual([turn.person])
    }),
    { numRuns: 300 },
  )
})

test('a turn begins on its weekday at its hour, but where the clock skips that', () => {
  fc.assert(
    fc.property(rotas, moments, fc.constantFrom(...ZONES), (one, now, zone) => {
      const { from } = turnAt(one, now, zone)!
      const { year, month, day, hour, minute } = localTime(from, zone)
      const { handover } = one
      const isSkipped = hour * 60 + minute > handover.hour * 60 + handover.minute
      if (!isSkipped) expect({ hour, minute }).toEqual({ hour: handover.hour, minute: handover.minute })
      // The clock is put forward by two hours at most.
      expect(hour * 60 + minute - (handover.hour * 60 + handover.minute)).toBeLessThanOrEqual(120)
      const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7
      expect(weekday).toBe(handover.weekday)
    }),
    { numRuns: 300 },
  )
})

test('several rotas of a room: all of them, each person once', () => {
  const rotas = [
    duty({ rota: ['甲'] }),
    duty({ rota: ['乙'] }),
    duty({ rota: ['甲'] }),
    duty({ room: 'day' }),
  ]
  expect(onDuty({ duty: rotas, timezone: 'UTC' }, 'night', 0)).toEqual(['甲', '乙'])
})

test('who is on duty, in words', () => {
  const lines = dutyLines(
    { duty: [duty({ rota: ['甲', '乙'] }), duty({ room: 'day', rota: ['丙'] })], timezone: 'UTC' },
    ['night', 'day', 'shed'],
    at('1970-01-05T09:00:00Z'),
  )
  expect(lines).toEqual([
    {
      key: 'duty.line',
      values: {
        room: 'night',
        person: '甲',
        next: '乙',
        until: { at: at('1970-01-12T08:00:00Z'), form: 'date-time' },
      },
    },
    { key: 'duty.always', values: { room: 'day', person: '丙' } },
    { key: 'duty.none', values: { room: 'shed' } },
  ])
})

describe('who takes over', () => {
  const now = at('2026-12-01T14:30:00Z')
  const cover = (more: Partial<Cover> = {}): Cover => ({
    room: 'night',
    person: '丁',
    from: now,
    until: at('2026-12-02T00:00:00Z'),
    by: '甲',
    ...more,
  })
  const rotas = (covers: Cover[]) => ({ duty: [duty({ rota: ['甲'] })], covers, timezone: 'Asia/Shanghai' })

  test('is on duty in place of the rota, from the first moment to the last', () => {
    const one = rotas([cover()])
    expect(onDuty(one, 'night', now - 1)).toEqual(['甲'])
    expect(onDuty(one, 'night', now)).toEqual(['丁'])
    expect(onDuty(one, 'night', cover().until - 1)).toEqual(['丁'])
    expect(onDuty(one, 'night', cover().until)).toEqual(['甲'])
    expect(onDuty(one, 'day', now)).toEqual([])
  })

  test('is named with its end, also where it is still to come', () => {
    const later = cover({ from: now + 1, person: '乙' })
    const keys = dutyLines(rotas([cover(), later]), ['night'], now).map((one) => one.key)
    expect(keys).toEqual(['duty.cover', 'duty.cover-later', 'duty.always'])
    expect(dutyLines(rotas([cover({ until: now })]), ['night'], now)).toHaveLength(1)
  })

  test('goes by the clock of its room', () => {
    const rooms = [{ name: 'night', timezone: 'America/New_York' }]
    const two = { duty: [duty()], rooms, timezone: 'Asia/Shanghai' }
    const monday = at('2026-01-05T12:59:00Z')
    const before = onDuty(two, 'night', monday)
    expect(onDuty(two, 'night', monday + 60_000)).not.toEqual(before)
    expect(onDuty({ ...two, rooms: [] }, 'night', monday + 60_000)).not.toEqual(before)
    expect(onDuty({ ...two, rooms: [] }, 'night', at('2026-01-05T00:00:00Z'))).toEqual(
      onDuty(two, 'night', monday + 60_000),
    )
  })

  test('an empty duty is found: nobody, or nobody who can be reached', () => {
    const people: Person[] = [
      { name: '甲', ids: {} },
      { name: '丁', ids: {}, phone: '139' },
    ]
    const reach = { ways: { has: () => true }, channels: { has: () => true } }
    const gaps = (covers: Cover[], more: Duty[] = [], needed: string[] = []) => {
      const own = [duty({ rota: ['甲'] }), ...more]
      const rooms = [...new Set([...own.map((one) => one.room), ...needed])]
      const policy: Policy = {
        ...POLICY,
        ...rotas(covers),
        duty: own,
        people,
        rooms: rooms.map((name) => ({ name, locale: 'en', chats: [] })),
        breakers: needed.map((room) => ({ ...PUMP, id: room, room })),
        escalations: {
          policies: { calls: { ...CALLS, name: 'calls' } },
          rooms: Object.fromEntries(needed.map((room) => [room, 'calls'])),
          sites: {},
          breakers: {},
        },
      }
      return dutyGaps(policy, reach, now).map(({ room, isNow, unreachable }) => ({
        room,
        ...(isNow && { why: unreachable.length > 0 ? 'unreachable' : 'nobody' }),
      }))
    }
    expect(gaps([])).toEqual([{ room: 'night', why: 'unreachable' }])
    const long = cover({ until: now + DUTY_AHEAD + 1 })
    expect(gaps([long])).toEqual([])
    expect(gaps([long], [duty({ room: 'day', rota: [] })])).toEqual([{ room: 'day', why: 'nobody' }])
    expect(gaps([long], [], ['night', 'yard'])).toEqual([{ room: 'yard', why: 'nobody' }])
    // Soon over, and then it is the turn of somebody who cannot be reached.
    expect(gaps([cover()])).toEqual([{ room: 'night' }])
    expect(
      gaps([cover({ until: now + 3_600_000 }), cover({ from: now + 3_600_000, until: long.until })]),
    ).toEqual([])
  })
})
