import fc from 'fast-check'
import type { AskAction } from '../../../src/domain/event.ts'
import type { Position, Readings, Report } from '../../../src/domain/report.ts'
import { CAUSES } from '../../../src/domain/report.ts'
import { CHIEF, JIA, STRANGER, VIEWER, YI } from './site.ts'

const position = fc.constantFrom<Position>('open', 'closed')
// JSON knows no -0.
const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one || 0)

const readings: fc.Arbitrary<Readings> = fc.record(
  {
    voltage: value,
    current: fc.oneof(value, fc.double({ min: 0, max: 100, noNaN: true })),
    activePower: value,
    apparentPower: value,
    powerFactor: value,
    energy: value,
  },
  { requiredKeys: [], noNullPrototype: true },
)

const word = fc.oneof(
  fc.constantFrom('E07', 'constructor', '__proto__', '过载', ''),
  fc.string({ unit: fc.constantFrom(..."aZ09 过载<&_*'"), maxLength: 20 }),
)

/** Where the report's reference comes from, settled when it is played. */
export type Extra = 'ours' | 'foreign' | 'none'

export type ReportFields = Omit<Report, 'id' | 'device' | 'at' | 'extra'>

const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })

/** Any report of a breaker with these circuits, but for its id, time and reference. */
export function anyReport(circuits: readonly string[]): fc.Arbitrary<ReportFields> {
  const positions = fc.dictionary(fc.constantFrom(...circuits), position, { noNullPrototype: true })
  return fc
    .record({
      kind: fc.constantFrom('order' as const, 'event', 'state', 'online', 'offline'),
      positions,
      readings,
      name: optional(fc.oneof(fc.constantFrom('trip', 'btn', 'boot'), word)),
      fault: optional(fc.record({ cause: fc.constantFrom(...CAUSES, 'unknown' as const), raw: word })),
      mover: optional(fc.constantFrom('trip' as const, 'hand')),
    })
    .map(({ name, fault, mover, ...rest }) => ({
      ...rest,
      ...(name !== undefined && { name }),
      ...(fault && { fault }),
      ...(mover && { mover }),
    }))
}

/** One thing that happens to a breaker. */
export type Step =
  | { do: 'report'; fields: ReportFields; late: number; extra: Extra }
  | { do: 'again'; back: number }
  | {
      do: 'ask'
      action: AskAction
      person: string
      typed: boolean
      nonce: 'right' | 'wrong' | 'none'
      subject: 'now' | 'old' | 'none'
      circuit: string | undefined
      anonymous: boolean
    }
  | { do: 'outcome'; result: 'taken' | 'refused' | 'unknown' }
  | { do: 'look-up'; position: Position | undefined; online: boolean | undefined }
  | { do: 'wait'; ms: number }

const ms = fc.oneof(fc.constantFrom(0, 1, 1000, 10_000, 60_000, 120_000, 700_000), fc.nat(200_000))

function anyStep(circuits: readonly string[]): fc.Arbitrary<Step> {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<AskAction>('reclose', 'confirm') },
    { weight: 2, arbitrary: fc.constantFrom<AskAction>('ack', 'open', 'cancel') },
  )
  const report = fc.record({
    do: fc.constant('report' as const),
    fields: anyReport(circuits),
    late: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -90_000, max: 90_000 }) },
    ),
    extra: fc.constantFrom<Extra>('ours', 'foreign', 'none'),
  })
  const ask = fc.record({
    do: fc.constant('ask' as const),
    action,
    person: fc.constantFrom(JIA, JIA, YI, YI, CHIEF, VIEWER, STRANGER),
    typed: fc.boolean(),
    nonce: fc.constantFrom('right' as const, 'right' as const, 'wrong' as const, 'none' as const),
    subject: fc.constantFrom('now' as const, 'now' as const, 'old' as const, 'none' as const),
    circuit: optional(fc.constantFrom(...circuits)),
    anonymous: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  })
  return fc.oneof(
    { weight: 6, arbitrary: report },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), back: fc.nat(5) }) },
    { weight: 8, arbitrary: ask },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('outcome' as const),
        result: fc.constantFrom('taken' as const, 'taken' as const, 'refused' as const, 'unknown' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('look-up' as const),
        position: optional(position),
        online: optional(fc.boolean()),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms }) },
  )
}

/** Somebody asks to close a tripped circuit, and somebody confirms: what pure chance would seldom hit upon. */
function anyAttempt(circuits: readonly string[]): fc.Arbitrary<Step[]> {
  const person = fc.constantFrom(JIA, YI)
  const cause = fc.constantFrom(...CAUSES, 'unknown' as const)
  return fc
    .record({ circuit: fc.constantFrom(...circuits), cause, asker: person, confirmer: person })
    .map(({ circuit, cause, asker, confirmer }) => {
      const ask = {
        do: 'ask',
        typed: true,
        nonce: 'none',
        subject: 'none',
        circuit,
        anonymous: false,
      } as const
      const fields = {
        kind: 'event',
        positions: { [circuit]: 'open' },
        readings: {},
        fault: { cause, raw: cause },
      } as const
      return [
        { do: 'report', fields, late: 0, extra: 'none' },
        { ...ask, action: 'reclose', person: asker },
        { ...ask, action: 'confirm', person: confirmer },
      ]
    })
}

/** What may happen to a breaker with these circuits, in any order. */
export function anySteps(circuits: readonly string[]): fc.Arbitrary<Step[]> {
  const one = anyStep(circuits).map((step) => [step])
  return fc
    .array(fc.oneof({ weight: 8, arbitrary: one }, { weight: 1, arbitrary: anyAttempt(circuits) }), {
      minLength: 1,
      maxLength: 20,
    })
    .map((some) => some.flat())
}
