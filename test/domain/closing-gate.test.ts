import { describe, expect, test } from 'vitest'
import { type BreakerState, type CircuitState, newBreaker, type Opening } from '../../src/domain/breaker.ts'
import { mayClose, permitToClose } from '../../src/domain/closing-gate.ts'
import type { CloseRequest } from '../../src/domain/closing-request.ts'
import { isStricter, VOLTAGE_CAUSES } from '../../src/domain/fault-class.ts'
import type { Hold, LockOut } from '../../src/domain/hindrance.ts'
import type { Incident } from '../../src/domain/incident.ts'
import { newOperation } from '../../src/domain/operation.ts'
import { AUTOMATIC, type Role } from '../../src/domain/people.ts'
import type { ClosingLimits } from '../../src/domain/policy.ts'
import { CAUSES, type Cause, type Position } from '../../src/domain/report.ts'
import type { Window } from '../../src/domain/window.ts'
import { actor, JIA, PEOPLE, POLICY, PUMP, YI } from './support/site.ts'
import { tripped } from './support/story.ts'

const NOW = 10_000_000
const INCIDENT = tripped().incident() as Incident
const ALL_CAUSES: readonly Cause[] = [...CAUSES, 'unknown']
const ALONE: readonly (Cause | undefined)[] = ['overload', 'over-voltage', 'under-voltage', 'phase-loss']
const HOLD: Hold = { by: actor(YI), at: 0, reason: '检修' }
const LOCKED: LockOut = { why: 're-trip', at: 0, incident: INCIDENT.id }
const LIFTED: LockOut = { ...LOCKED, lifted: { by: actor(YI), at: 0, reason: '已检查' } }
const AUTO = { causes: [...ALL_CAUSES], deadTime: 5000, shots: 1, reclaim: 180_000, perDay: 3 }

interface Given {
  cause?: Cause | undefined
  by?: Role | 'automatic'
  opening?: Opening | undefined
  position?: Position | undefined
  online?: boolean | undefined
  holds?: Hold[]
  lockOut?: LockOut | undefined
  circuit?: Partial<CircuitState>
  breaker?: Partial<BreakerState>
  limits?: Partial<ClosingLimits>
  more?: Partial<CloseRequest>
  actuation?: boolean
  windows?: Window[]
  remoteClose?: boolean
}

/** A tripped circuit with nothing in the way, but for what the case is about. */
function requestOf(given: Given): CloseRequest {
  const { cause, by = 'operator', opening = { by: 'trip' }, online = true, holds, lockOut } = given
  const position = 'position' in given ? given.position : 'open'
  const circuit: CircuitState = {
    ...(position && { position }),
    opening,
    heardAt: NOW - 3_600_000,
    since: NOW - 3_600_000,
    ...(cause && { incident: INCIDENT.id }),
    ...(lockOut && { lockOut }),
    ...given.circuit,
  }
  return {
    policy: {
      ...POLICY,
      actuation: given.actuation ?? true,
      windows: given.windows ?? [],
      closing: { ...POLICY.closing, voltageStable: 0, ...given.limits },
    },
    config: { ...PUMP, remoteClose: given.remoteClose ?? true, autoReclose: AUTO },
    breaker: {
      ...newBreaker(PUMP.id),
      circuits: { power: circuit },
      online,
      ...(holds && { holds }),
      ...given.breaker,
    },
    circuit: 'power',
    incident: cause && { ...INCIDENT, cause },
    by: by === 'automatic' ? by : { name: JIA, role: by, ids: {} },
    now: NOW,
    ...given.more,
  }
}

function ask(given: Given): string {
  const gate = mayClose(requestOf(given))
  return gate.may === 'no' ? gate.reasons.map((one) => one.key.replace('gate.', '')).join(' ') : gate.may
}

/** How old what the cloud says is; undefined: it was not asked yet. */
const AGES = [undefined, 0, 10_000, 10_001, 3_600_000]
const STATES: [string, Partial<Given>][] = [
  ['well', {}],
  ['offline', { online: false }],
  ['closed', { position: 'closed' }],
  ['not known', { position: undefined }],
]
const LOCKS: [string, LockOut | undefined][] = [
  ['none', undefined],
  ['standing', LOCKED],
  ['lifted', LIFTED],
]

const standing = (kind: Window['kind'], more: Partial<Window> = {}): Window => ({
  id: kind,
  kind,
  scope: { site: PUMP.site },
  when: { from: NOW - 1000, until: NOW + 1000 },
  ...more,
})
/** Only maintenance, here and now, is in the way. */
const WINDOWS: [Window[], boolean][] = [
  [[], false],
  [[standing('quiet'), standing('mute')], false],
  [[standing('maintenance', { when: { from: 0, until: NOW } })], false],
  [[standing('maintenance', { scope: { breaker: PUMP.id } }), standing('quiet')], true],
]

/** The rules, said once more and in another way than the gate says them. */
function expected(
  cause: Cause | undefined,
  by: Role | 'automatic',
  held: boolean,
  maintained: boolean,
  lock: string,
  age: number | undefined,
  state: string,
) {
  const never = ['short-circuit', 'leakage', 'over-temperature', undefined]
  const reasons = [
    by === 'viewer' && 'role',
    state === 'offline' && 'offline',
    age !== undefined && age > 10_000 && 'stale',
    state === 'closed' && 'already-closed',
    state === 'not known' && 'position-unknown',
    held && 'hold',
    maintained && 'maintenance',
    lock === 'standing' && 're-trip',
    by === 'automatic' && never.includes(cause) && 'not-automatic',
    by !== 'automatic' && cause === 'short-circuit' && lock === 'none' && 'short-circuit',
  ].filter(Boolean)
  if (reasons.length > 0) return reasons.join(' ')
  if (by === 'automatic') return 'yes'
  return ALONE.includes(cause) ? 'confirm' : 'second-person'
}

test('every fault × state × role × hold × window × lock-out × age', () => {
  let count = 0
  for (const cause of [...ALL_CAUSES, undefined])
    for (const by of ['viewer', 'operator', 'admin', 'automatic'] as const)
      for (const holds of [[], [HOLD], [{ ...HOLD, circuit: 'power' }], [{ ...HOLD, circuit: 'another' }]])
        for (const [windows, maintained] of WINDOWS)
          for (const [lock, lockOut] of LOCKS)
            for (const age of AGES)
              for (const [state, more] of STATES) {
                const fresh = age === undefined ? {} : { fresh: { at: NOW - age, online: true } }
                const said = ask({ cause, by, holds, windows, lockOut, ...more, more: fresh })
                const held = holds.some((one) => !('circuit' in one) || one.circuit === 'power')
                const wanted = expected(cause, by, held, maintained, lock, age, state)
                if (said !== wanted)
                  expect([cause, by, held, maintained, lock, age, state, said]).toEqual([wanted])
                count += 1
              }
  expect(count).toBe(9 * 4 * 4 * 4 * 3 * 5 * 4)
})

describe('who opened it on purpose', () => {
  test.each<[string, Opening, string]>([
    ['by the one who asks', { by: 'command', actor: actor(JIA) }, 'confirm'],
    ['by another person', { by: 'command', actor: actor(YI) }, 'second-person'],
    ['by hand', { by: 'hand' }, 'second-person'],
    ['by another client', { by: 'client' }, 'second-person'],
  ])('%s', (_, opening, wanted) => {
    expect(ask({ opening })).toBe(wanted)
    expect(ask({ opening, by: 'automatic' })).toBe('not-automatic')
    // The automat never, even where an incident is left over.
    expect(ask({ opening, cause: 'under-voltage', by: 'automatic' })).toBe('not-automatic')
  })

  test('a state that told of it may hide a hand: never automatic', () => {
    const opening = { by: 'trip', guessed: true } as const
    expect(ask({ opening, cause: 'unknown', by: 'automatic' })).toBe('not-automatic')
  })
})

test('every reason is told, in the order of the checks', () => {
  const everything = ask({
    cause: 'overload',
    by: 'viewer',
    actuation: false,
    remoteClose: false,
    online: false,
    position: undefined,
    holds: [HOLD],
    lockOut: LOCKED,
    circuit: {
      heardAt: NOW - 1000,
      closes: [{ operation: 'old', at: NOW - 1000 }],
      operation: {
        ...newOperation({
          id: 'op',
          ref: 'r',
          nonce: 'n',
          to: 'open',
          actor: actor(YI),
          now: NOW,
          policy: POLICY,
        }),
      },
    },
    limits: { coolDown: 180_000, betweenCloses: 10_000, perHour: 1, perDay: 1 },
    more: { fresh: { at: NOW - 60_000, voltage: 168 }, hasNeighbour: true },
  })
  expect(everything).toBe(
    'actuation-off role no-remote-close offline stale position-unknown hold re-trip cool-down just-closed per-hour per-day voltage neighbour busy',
  )
})

describe('cooling', () => {
  const limits = { coolDown: 180_000, coolDownHot: 900_000, betweenCloses: 10_000, perHour: 3, perDay: 5 }
  const cooled = (cause: Cause, ms: number) => ask({ cause, limits, circuit: { heardAt: NOW - ms } })

  test('after an overload', () => {
    expect(cooled('overload', 179_999)).toBe('cool-down')
    expect(cooled('overload', 180_000)).toBe('confirm')
  })
  test('after an over-temperature for longer, and with a word about the terminal', () => {
    expect(cooled('over-temperature', 899_999)).toBe('hot')
    expect(cooled('over-temperature', 900_000)).toBe('second-person')
  })
  test('by our own clock: the breaker’s may be wrong by an hour', () => {
    const circuit = { heardAt: NOW - 1000, since: NOW - 3_600_000 }
    expect(ask({ cause: 'overload', limits, circuit })).toBe('cool-down')
  })
  test('since the last close, and so many in an hour and a day', () => {
    const closed = (...ago: number[]) => ({
      closes: ago.map((ms, index) => ({ operation: `op${index}`, at: NOW - ms })),
    })
    const asked = (...ago: number[]) => ask({ cause: 'phase-loss', limits, circuit: closed(...ago) })
    expect(asked(9999)).toBe('just-closed')
    expect(asked(10_000)).toBe('confirm')
    expect(asked(20_000, 30_000, 3_599_999)).toBe('per-hour')
    expect(asked(20_000, 30_000, 3_600_000)).toBe('confirm')
    expect(asked(...[2, 3, 4, 5, 23].map((hours) => hours * 3_600_000))).toBe('per-day')
    // A clock that was set back does not make them forgotten.
    expect(asked(-50_000, -60_000, -70_000)).toMatch(/just-closed per-hour/)
  })
})

describe('the supply', () => {
  const reading = (voltage: number, ago = 1000) => ({ recent: [{ at: NOW - ago, readings: { voltage } }] })
  const volts = (voltage: number, ago?: number) =>
    ask({ cause: 'under-voltage', breaker: reading(voltage, ago) })

  test('must be in range where a reading of now tells', () => {
    expect(volts(187)).toBe('confirm')
    expect(volts(186.4)).toBe('voltage')
    expect(volts(253)).toBe('confirm')
    expect(volts(254)).toBe('voltage')
  })
  test('is not known from a reading that is old, from before the opening, or from behind the contacts', () => {
    expect(volts(168, 60_001)).toBe('confirm')
    expect(volts(0.3)).toBe('confirm')
    expect(ask({ cause: 'under-voltage', breaker: reading(168, 1000), circuit: { since: NOW } })).toBe(
      'confirm',
    )
  })
  test('what the cloud says right before counts most', () => {
    const breaker = reading(168)
    expect(ask({ cause: 'under-voltage', breaker, more: { fresh: { at: NOW, voltage: 229 } } })).toBe(
      'confirm',
    )
  })
  test('around the nominal voltage of the breaker', () => {
    const config = { ...PUMP, nominalVoltage: 380 }
    expect(ask({ cause: 'phase-loss', breaker: reading(380) })).toBe('voltage')
    expect(ask({ cause: 'phase-loss', breaker: reading(380), more: { config } })).toBe('confirm')
  })
  test.each(VOLTAGE_CAUSES)('after %s the automat waits until it has been well for a minute', (cause) => {
    const steady = (since: number | undefined) => {
      const reclosing = {
        id: 'r',
        stage: 'waiting',
        shot: 1,
        incident: INCIDENT.id,
        from: 0,
        dueAt: 0,
        nextAt: 0,
        step: 1,
        ...(since !== undefined && { steadySince: since }),
      } as const
      return ask({ cause, by: 'automatic', limits: { voltageStable: 60_000 }, circuit: { reclosing } })
    }
    expect(steady(undefined)).toBe('voltage-unsteady')
    expect(steady(NOW - 59_999)).toBe('voltage-unsteady')
    expect(steady(NOW - 60_000)).toBe('yes')
  })
})

describe('the automat', () => {
  test('closes after what its breaker allows only, and so often in a day', () => {
    const config = { ...PUMP, autoReclose: { ...AUTO, causes: ['overload' as const] } }
    expect(ask({ cause: 'overload', by: 'automatic', more: { config } })).toBe('yes')
    expect(ask({ cause: 'unknown', by: 'automatic', more: { config } })).toBe('not-automatic')
    expect(ask({ cause: 'overload', by: 'automatic', more: { config: PUMP } })).toBe('not-automatic')
    const closes = [1, 2, 3].map((hours) => ({
      operation: `${hours}`,
      at: NOW - hours * 3_600_000,
      automatic: true as const,
    }))
    expect(ask({ cause: 'overload', by: 'automatic', circuit: { closes } })).toBe('automatic-used-up')
  })
  test('closes no silent breaker on hearsay', () => {
    const breaker = { silent: { since: 0 } }
    expect(ask({ cause: 'overload', by: 'automatic', breaker })).toBe('silent')
    expect(ask({ cause: 'overload', breaker })).toBe('confirm')
    const online = { fresh: { at: NOW, online: true } }
    expect(ask({ cause: 'overload', by: 'automatic', breaker, more: online })).toBe('yes')
  })
})

test('what the cloud says of the position is believed unless a push has just told another', () => {
  const fresh = { at: NOW, position: 'closed' } as const
  expect(ask({ cause: 'overload', more: { fresh } })).toBe('already-closed')
  expect(ask({ cause: 'overload', more: { fresh }, circuit: { heardAt: NOW - 5000 } })).toBe('confirm')
})

describe('the permit', () => {
  const by = { ...PEOPLE[0]! }
  const operation = {
    ...newOperation({
      id: 'op',
      ref: 'REF',
      nonce: 'n',
      to: 'closed',
      actor: actor(JIA),
      now: NOW,
      policy: POLICY,
    }),
    confirmedBy: actor(JIA),
  }
  function permit(given: Given, changed: Partial<typeof operation> = {}, people = PEOPLE): string {
    const confirmed = { ...operation, ...changed }
    const request = requestOf({ ...given, circuit: { operation: confirmed, ...given.circuit } })
    const answer = permitToClose(
      { ...request, policy: { ...request.policy, people }, fresh: { at: NOW, online: true }, ...given.more },
      confirmed,
    )
    return 'permit' in answer ? 'permit' : answer.reasons.map((one) => one.key).join(' ')
  }

  test('is given where nothing stands against it; the operation is not in its own way', () => {
    const closes = [{ operation: 'op', at: NOW }]
    const limits = { betweenCloses: 10_000, perHour: 1, perDay: 1 }
    expect(permit({ cause: 'overload', circuit: { closes }, limits })).toBe('permit')
  })
  test('only for the present operation, while it waits to be sent', () => {
    for (const circuit of [
      { operation: { ...operation, id: 'newer' } },
      { operation: { ...operation, stage: 'sent' as const } },
    ])
      expect(permit({ cause: 'overload', circuit })).toBe('operation.overtaken')
  })
  test('not where the cause asks for a second person by now', () => {
    expect(permit({ cause: 'leakage' })).toBe('gate.second-person')
    expect(permit({ cause: 'leakage' }, { secondPerson: true, confirmedBy: actor(YI) })).toBe('permit')
  })
  test('not for somebody who was taken off the list, or out of the role, meanwhile', () => {
    expect(permit({ cause: 'overload' }, {}, [])).toBe('gate.role')
    expect(permit({ cause: 'overload' }, {}, [{ ...by, role: 'viewer' }])).toBe('gate.role')
    expect(permit({ cause: 'leakage' }, { secondPerson: true, confirmedBy: actor(YI) }, [by])).toBe(
      'gate.role',
    )
  })
  test('for the automat by its own rules', () => {
    const automatic = { askedBy: AUTOMATIC, confirmedBy: AUTOMATIC }
    expect(permit({ cause: 'overload' }, automatic)).toBe('permit')
    expect(permit({ cause: 'leakage' }, automatic)).toBe('gate.not-automatic')
  })
  test.each<[string, Given, string]>([
    ['a hold', { holds: [HOLD] }, 'gate.hold'],
    ['a lock-out', { lockOut: LOCKED }, 'gate.re-trip'],
    ['an offline breaker', { online: false }, 'gate.offline'],
    ['a state that is too old', { more: { fresh: { at: NOW - 10_001, online: true } } }, 'gate.stale'],
    ['a neighbour that is being closed', { more: { hasNeighbour: true } }, 'gate.neighbour'],
  ])('not while %s stands', (_, given, wanted) => {
    for (const cause of ALONE) expect(permit({ cause, ...given })).toBe(wanted)
  })
})

test('a short circuit is closed by two persons, once an admin has noted what was found of this very incident', () => {
  const lockOut = { ...LIFTED, why: 'short-circuit' as const }
  expect(ask({ cause: 'short-circuit', lockOut })).toBe('second-person')
  expect(ask({ cause: 'short-circuit', lockOut: { ...lockOut, incident: 'an older one' } })).toBe(
    'short-circuit',
  )
  expect(ask({ cause: 'short-circuit', lockOut: { why: 'short-circuit', at: 0 } })).toBe('short-circuit')
})

test('a command under way closes the gate until it has ended', () => {
  const story = tripped()
  story.press(JIA, 'reclose')
  let later = story.now()
  const gate = () => {
    const [breaker, incident] = [story.state(), story.incident()]
    const by = { name: YI, role: 'admin', ids: {} } as const
    return mayClose({ policy: POLICY, config: PUMP, breaker, circuit: 'power', incident, by, now: later })
  }
  expect(gate()).toEqual({ may: 'confirm' })
  story.press(JIA, 'confirm')
  expect(gate()).toMatchObject({ may: 'no', reasons: [{ key: 'gate.busy', values: { person: JIA } }] })
  story.outcome({ result: 'taken' })
  expect(gate()).toMatchObject({ may: 'no' })
  // Should its outcome get lost, it does not keep others away for ever.
  later += 60_001
  expect(gate()).toEqual({ may: 'confirm' })
  story.wait(10_000)
  story.lookedUp('open')
  expect(gate()).toEqual({ may: 'confirm' })
})

test('which cause asks for more', () => {
  const order: Cause[][] = [['overload', 'phase-loss'], ['unknown', 'leakage'], ['short-circuit']]
  const rank = (cause: Cause) => order.findIndex((some) => some.includes(cause))
  for (const one of order.flat()) {
    for (const other of order.flat()) expect(isStricter(one, other)).toBe(rank(one) > rank(other))
  }
})
