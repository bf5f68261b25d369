import { describe, expect, test } from 'vitest'
import { newBreaker, type Opening } from '../../src/domain/breaker.ts'
import { isStricter, mayClose } from '../../src/domain/closing-gate.ts'
import type { Incident } from '../../src/domain/incident.ts'
import type { Role } from '../../src/domain/people.ts'
import { CAUSES, type Cause, type Position } from '../../src/domain/report.ts'
import { actor, JIA, POLICY, PUMP, YI } from './support/site.ts'
import { tripped } from './support/story.ts'

const ALL_CAUSES: readonly Cause[] = [...CAUSES, 'unknown']
const INCIDENT = tripped().incident() as Incident
const CONFIRM: readonly Cause[] = ['overload', 'over-voltage', 'under-voltage', 'phase-loss']
const OPENINGS: Record<string, Opening | undefined> = {
  'by a trip': { by: 'trip' },
  'by hand': { by: 'hand' },
  'by another client': { by: 'client' },
  'by the one who asks': { by: 'command', actor: actor(JIA) },
  'by another person': { by: 'command', actor: actor(YI) },
  'nobody knows how': undefined,
}

interface Case {
  cause: Cause | undefined
  opening: keyof typeof OPENINGS
  role: Role
  position: Position | undefined
  online: boolean | undefined
  actuation: boolean
  remoteClose: boolean
}

function answer({ cause, opening, role, position, online, actuation, remoteClose }: Case): string {
  const known = OPENINGS[opening]
  const circuit = { ...(position && { position }), ...(known && { opening: known }) }
  const incident = cause && { ...INCIDENT, cause }
  const gate = mayClose({
    policy: { ...POLICY, actuation },
    config: { ...PUMP, remoteClose },
    breaker: {
      ...newBreaker(PUMP.id),
      circuits: { power: circuit },
      ...(online !== undefined && { online }),
    },
    circuit: 'power',
    incident,
    person: { name: JIA, role, ids: {} },
    now: 0,
  })
  return gate.may === 'no' ? gate.reasons.map((one) => one.key.replace('gate.', '')).join(' ') : gate.may
}

/** The rules, said once more and in another way than the gate says them. */
function expected(one: Case): string {
  const reasons = [
    one.role === 'viewer' ? 'role' : '',
    one.actuation ? '' : 'actuation-off',
    one.remoteClose ? '' : 'no-remote-close',
    one.online === false ? 'offline' : '',
    one.position === 'closed' ? 'already-closed' : '',
    one.position === undefined ? 'position-unknown' : '',
    one.cause === 'short-circuit' ? 'short-circuit' : '',
  ].filter(Boolean)
  if (reasons.length > 0) return reasons.join(' ')
  const alone = one.cause ? CONFIRM.includes(one.cause) : one.opening === 'by the one who asks'
  return alone ? 'confirm' : 'second-person'
}

const of = <T>(...values: T[]): T[] => values

test('every cause × opening × role × position × online × actuation × make', () => {
  let count = 0
  for (const cause of [...ALL_CAUSES, undefined])
    for (const opening of Object.keys(OPENINGS))
      for (const role of of<Role>('viewer', 'operator', 'admin'))
        for (const position of of<Position | undefined>('open', 'closed', undefined))
          for (const online of of(true, false, undefined))
            for (const actuation of [true, false])
              for (const remoteClose of [true, false]) {
                const one: Case = { cause, opening, role, position, online, actuation, remoteClose }
                if (answer(one) !== expected(one)) expect([one, answer(one)]).toEqual([one, expected(one)])
                count += 1
              }
  expect(count).toBe(9 * 6 * 3 * 3 * 3 * 2 * 2)
})

describe('what the causes ask of a close', () => {
  const ordinary = {
    role: 'operator',
    position: 'open',
    online: true,
    actuation: true,
    remoteClose: true,
  } as const
  test.each<[Cause, string]>([
    ['overload', 'confirm'],
    ['over-voltage', 'confirm'],
    ['under-voltage', 'confirm'],
    ['phase-loss', 'confirm'],
    ['over-temperature', 'second-person'],
    ['leakage', 'second-person'],
    ['unknown', 'second-person'],
    ['short-circuit', 'short-circuit'],
  ])('%s: %s', (cause, wanted) => {
    expect(answer({ ...ordinary, cause, opening: 'by a trip' })).toBe(wanted)
  })
})

test('a command under way closes the gate until it has ended', () => {
  const story = tripped()
  story.press(JIA, 'reclose')
  let later = story.now()
  const gate = () => {
    const [breaker, incident] = [story.state(), story.incident()]
    const person = { name: YI, role: 'admin', ids: {} } as const
    return mayClose({ policy: POLICY, config: PUMP, breaker, circuit: 'power', incident, person, now: later })
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
