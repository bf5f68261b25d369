import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { isOpen } from '../../src/domain/incident.ts'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import { CAUSES, type Cause, type Position, type Report } from '../../src/domain/report.ts'
import { EIGHT, JIA, PUMP, TWIN, YI } from './support/site.ts'
import { type Story, TAKEN, tellStory } from './support/story.ts'

vi.setConfig({ testTimeout: 60_000 })

/**
 * Which orders of the same happenings must come to the same end, and which need not.
 *
 * The same end: each circuit's position, its open incident and the cause of that, how its last operation ended, and
 * whether the breaker is online. It must be the same whatever the order in which pushes arrive, if
 *  - what the breaker tells at different times bears different times,
 *  - each arrives within 5 s of what it tells (the cloud gives up then; documented), once or several times,
 *  - those of different circuits and breakers, plain state reports, coming and going stand in any relation in time,
 *  - two changes of the same circuit are more than 5 s apart, as are a change, a coming or going, and what a person
 *    does about it.
 *
 * Not the same, and rightly so:
 *  - two presses of two persons: who is first owns the alarm, asks, confirms or cancels;
 *  - a press and the push that it answers: before a trip is known there is nothing to acknowledge or close;
 *  - two changes of one circuit within 5 s, told in the wrong order: the newer one counts, and where a trip is among
 *    them, the alarm stands rather too long than not at all.
 */
const OVERTAKES = 5000
const EXPIRES = 60_000

/** What really happens to a circuit, or to the breaker as a whole. */
type Deed =
  | { do: 'trip'; cause: Cause }
  | { do: 'hand' | 'client'; to: Position }
  /** Acknowledges and closes, if there is an alarm and the gate allows it. */
  | { do: 'reclose' }
  /** Asks to close, and forgets about it. */
  | { do: 'ask' }

interface Happening {
  deed: Deed
  circuit: number
  /** ms after the circuit's last happening, more than {@link OVERTAKES}. */
  pause: number
}

interface Timeline {
  happenings: Happening[]
  /** When state reports are sent, and when the breaker goes and comes back, ms from the start. */
  states: number[]
  away: { from: number; lasts: number } | undefined
}

/** For each push in turn: how late it comes, and how late its copies do, ms. */
interface Delays {
  late: number[]
  copies: number[][]
}

const late = fc.oneof(fc.nat(OVERTAKES), fc.constantFrom(0, 1, OVERTAKES))
const pause = fc.integer({ min: OVERTAKES + 1, max: 4 * OVERTAKES })
const cause = fc.constantFrom<Cause>(...CAUSES, 'unknown')
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('trip' as const), cause }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('hand' as const, 'client'),
      to: fc.constantFrom<Position>('open', 'closed'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('reclose' as const, 'reclose', 'ask') }) },
)
const MOST_PUSHES = 60

const timeline: fc.Arbitrary<Timeline> = fc.record({
  happenings: fc.array(fc.record({ deed, circuit: fc.nat(1), pause }), { minLength: 1, maxLength: 8 }),
  states: fc.uniqueArray(fc.nat(100_000), { maxLength: 15 }),
  away: fc.option(fc.record({ from: fc.nat(60_000), lasts: fc.integer({ min: 1, max: 40_000 }) }), {
    nil: undefined,
  }),
})
const delays: fc.Arbitrary<Delays> = fc.record({
  late: fc.array(late, { minLength: MOST_PUSHES, maxLength: MOST_PUSHES }),
  copies: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constant<number[]>([]) }, fc.array(late, { maxLength: 2 })),
    {
      minLength: MOST_PUSHES,
      maxLength: MOST_PUSHES,
    },
  ),
})

/** What the service gets to do, in time. */
type Act = { at: number; run: (story: Story) => void }

/** Every push, and every press, with the time at which it comes. */
function actsOf(
  config: BreakerConfig,
  { happenings, states, away }: Timeline,
  { late, copies }: Delays,
): Act[] {
  const circuits = Object.keys(config.circuits)
  const acts: Act[] = []
  const moves: { at: number; circuit: string; to: Position }[] = circuits.map((circuit) => ({
    at: EIGHT,
    circuit,
    to: 'closed',
  }))
  const asked: { at: number; circuit: string }[] = []
  let pushes = 0

  /** Whether a request is void for its time or for the change depends on how late the push comes. */
  const expiresNear = (at: number, of: string) =>
    asked.some((one) => one.circuit === of && at <= one.at + EXPIRES && at + OVERTAKES >= one.at + EXPIRES)

  function push(at: number, fields: (story: Story) => Partial<Report>): void {
    const number = pushes++
    const report = (story: Story): Report => ({
      id: `told-${number}`,
      device: config.id,
      kind: 'event',
      at,
      positions: {},
      readings: {},
      ...fields(story),
    })
    const delays = [late[number] ?? 0, ...(copies[number] ?? [])]
    for (const delay of delays)
      acts.push({ at: at + delay, run: (story) => story.happen({ type: 'report', report: report(story) }) })
  }

  const times = new Map(circuits.map((one) => [one, EIGHT]))
  for (const { deed, circuit: index, pause } of happenings) {
    const circuit = circuits[index % circuits.length]!
    const at = times.get(circuit)! + pause
    const before = moves.filter((one) => one.circuit === circuit).at(-1)!.to
    times.set(circuit, at)
    if (deed.do === 'reclose' || deed.do === 'ask') {
      times.set(circuit, at + 3000)
      if (before !== 'open' || isUncertain(at, away)) continue
      acts.push({ at, run: (story) => recloseBy(story, circuit) })
      asked.push({ at, circuit })
      if (deed.do === 'ask') continue
      acts.push({ at: at + 1000, run: (story) => confirmBy(story, circuit) })
      acts.push({ at: at + 1500, run: (story) => taken(story, circuit) })
      moves.push({ at: at + 2000, circuit, to: 'closed' })
      push(at + 2000, (story) => ({
        kind: 'order',
        positions: { [circuit]: 'closed' },
        extra: story.operation(circuit)?.ref ?? 'ANOTHER',
      }))
      continue
    }
    const to = deed.do === 'trip' ? 'open' : deed.to
    if (to === before || expiresNear(at, circuit) || isAway(at, away)) continue
    moves.push({ at, circuit, to })
    push(at, () => fieldsOf(deed, circuit, to))
  }
  const end = Math.max(...acts.map((one) => one.at), ...times.values(), EIGHT + 100_000)
  const positionsAt = (at: number) =>
    Object.fromEntries(
      circuits.map((circuit) => [
        circuit,
        moves.filter((one) => one.circuit === circuit && one.at <= at).at(-1)!.to,
      ]),
    )
  for (const ms of states.filter((one) => !isAway(EIGHT + one, away)))
    push(EIGHT + ms, () => ({ kind: 'state', positions: positionsAt(EIGHT + ms) }))
  if (away) {
    const [from, to] = turns(away)
    push(from!, () => ({ kind: 'offline' }))
    push(to!, () => ({ kind: 'online' }))
  }
  return acts.filter((one) => one.at <= end + OVERTAKES).sort((a, b) => a.at - b.at)
}

/** When the breaker goes and comes back. */
const turns = (away: Timeline['away']): number[] =>
  away ? [EIGHT + away.from, EIGHT + away.from + away.lasts] : []

/** Whoever is away tells nothing; what it told would be its coming back. */
function isAway(at: number, away: Timeline['away']): boolean {
  const [from, to] = turns(away)
  return from !== undefined && to !== undefined && at >= from && at <= to
}

/** Whether it is known then that the breaker is there depends on how late the push came that says so. */
function isUncertain(at: number, away: Timeline['away']): boolean {
  return turns(away).some((turn) => at + 2000 >= turn && at <= turn + OVERTAKES)
}

function fieldsOf(deed: Deed, circuit: string, to: Position): Partial<Report> {
  const positions = { [circuit]: to }
  if (deed.do === 'client') return { kind: 'order', positions, extra: 'T25030700001' }
  if (deed.do === 'hand') return { name: 'btn', mover: 'hand', positions }
  if (deed.do !== 'trip' || deed.cause === 'unknown') return { positions }
  return { name: 'trip', mover: 'trip', positions, fault: { cause: deed.cause, raw: deed.cause } }
}

const recloseBy = (story: Story, circuit: string) => {
  story.say(JIA, 'ack', { circuit })
  story.say(JIA, 'reclose', { circuit })
}
const confirmBy = (story: Story, circuit: string) =>
  story.say(story.operation(circuit)?.secondPerson ? YI : JIA, 'confirm', { circuit })
const taken = (story: Story, circuit: string) => {
  const operation = story.operation(circuit)
  if (operation?.stage === 'confirmed')
    story.happen({ type: 'control-outcome', operation: operation.id, outcome: TAKEN })
}

/** How it all ended. */
function endOf(config: BreakerConfig, acts: Act[]) {
  const story = tellStory({ config })
  const circuits = Object.keys(config.circuits)
  story.push({ kind: 'state', positions: Object.fromEntries(circuits.map((one) => [one, 'closed'])) })
  for (const { at, run } of acts) {
    story.wait(Math.max(0, at - story.now()))
    run(story)
  }
  story.wait(600_000)
  const ofCircuits = circuits.map((circuit) => {
    const operation = story.operation(circuit)
    return {
      circuit,
      position: story.position(circuit),
      open: story.incident(circuit)?.cause,
      owner: story.incident(circuit)?.owner?.person,
      operation: operation && { to: operation.to, stage: operation.stage },
    }
  })
  expect(story.incidents().filter(isOpen)).toHaveLength(ofCircuits.filter((one) => one.open).length)
  return { online: story.state().online, ofCircuits }
}

const IN_ORDER: Delays = { late: [], copies: [] }

describe.each([
  ['one circuit', PUMP],
  ['two circuits', TWIN],
])('a breaker of %s comes to the same end', (_, config) => {
  test('however its pushes overtake each other within 5 s, and however often each comes', () => {
    const seen = { open: 0, done: 0, expired: 0 }
    fc.assert(
      fc.property(timeline, delays, (happened, how) => {
        const inOrder = endOf(config, actsOf(config, happened, IN_ORDER))
        expect(endOf(config, actsOf(config, happened, how))).toEqual(inOrder)
        if (inOrder.ofCircuits.some((one) => one.open)) seen.open++
        if (inOrder.ofCircuits.some((one) => one.operation?.stage === 'done')) seen.done++
        if (inOrder.ofCircuits.some((one) => one.operation?.stage === 'expired')) seen.expired++
      }),
      { numRuns: 150 },
    )
    expect(seen.open).toBeGreaterThan(15)
    expect(seen.done).toBeGreaterThan(5)
    expect(seen.expired).toBeGreaterThan(0)
  })
})
