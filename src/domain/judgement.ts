import { type BreakerState, type CircuitState, circuitState, isStale } from './breaker.ts'
import type { Discovery } from './incident.ts'
import { awaitsReport, mayBeEffect } from './operation.ts'
import type { Cause, Position, Report } from './report.ts'

/** Who moved the contacts, where it was no protection. `unknown`: found so, without being told. */
export type Mover = 'hand' | 'command' | 'client' | 'unknown'

/** What a report means. One report may mean several things (two circuits, or online and open). */
export type Judgement =
  /** `fresh`: it happened now. Otherwise a report goes on naming the fault of a circuit known to be open. */
  | { kind: 'tripped'; circuit: string; cause: Cause; raw?: string; discovery: Discovery; fresh: boolean }
  | { kind: 'opened'; circuit: string; by: Exclude<Mover, 'unknown'> }
  | { kind: 'closed'; circuit: string; by: Mover }
  /** The first word of a position that was not known before: nothing is said to have happened. */
  | { kind: 'found'; circuit: string; position: Position }
  | { kind: 'warning'; cause: Cause; raw: string }
  | { kind: 'offline' }
  | { kind: 'online' }
  | { kind: 'reading' }
  /** A message that says nothing we understand. */
  | { kind: 'unknown'; raw: string }

/**
 * A report that was overtaken by so much may still name the cause of the trip that the other one told of, ms.
 */
const OVERTAKEN = 10_000
/** Within this the word «open» may be another word for an opening that is known (not documented; our choice). ms. */
const ECHO = 3000

/**
 * Says what a report means, given what was known before it. Where the cloud does not say why contacts opened,
 * neither do we: cause `unknown`. Pure; never throws; a report older than what is known moves nothing.
 *
 * Documented: a change by an API command comes as an order push, one at the device as an event push. That an
 * event's name tells a trip from a hand is inferred and lies in the product profile.
 */
export function judge(breaker: BreakerState, report: Report, circuits: readonly string[]): Judgement[] {
  if (report.kind === 'offline') return [{ kind: 'offline' }]
  const moved = Object.entries(report.positions).flatMap(([circuit, position]) =>
    judgePosition(circuitState(breaker, circuit), report, circuit, position),
  )
  const judgements: Judgement[] = [
    ...(report.kind === 'online' ? [{ kind: 'online' } as const] : []),
    ...moved,
    ...(moved.some((one) => one.kind === 'tripped') ? [] : judgeFault(breaker, report, circuits)),
  ]
  if (judgements.length > 0) return judgements
  const says = Object.keys(report.positions).length > 0 || Object.keys(report.readings).length > 0
  if (says || report.kind === 'state' || report.kind === 'order') return [{ kind: 'reading' }]
  return [{ kind: 'unknown', raw: report.name ?? report.kind }]
}

/** A position that is news: changed, told for the first time, or what our own command was waiting for. */
function judgePosition(
  known: CircuitState,
  report: Report,
  circuit: string,
  position: Position,
): Judgement[] {
  const { operation } = known
  const isOurs = report.kind === 'order' && operation?.ref === report.extra && operation?.to === position
  if (position === 'open' && explains(known, report))
    return [{ kind: 'opened', circuit, by: isOurs ? 'command' : report.kind === 'order' ? 'client' : 'hand' }]
  const isNews = known.position !== position || (isOurs && awaitsReport(operation))
  if (isStale(known, report)) return []
  if (!isNews)
    return position === 'open' && hasMissedClosing(known, report) ? [trip(report, circuit, true)] : []
  if (isOurs) return [{ kind: position === 'open' ? 'opened' : 'closed', circuit, by: 'command' }]
  return position === 'closed' ? judgeClosed(known, report, circuit) : judgeOpen(known, report, circuit)
}

/**
 * Says who opened a circuit on purpose, of which a state that overtook this report has told already: it was taken for a
 * trip, for want of a better word.
 */
function explains({ position, opening, since = 0 }: CircuitState, report: Report): boolean {
  if (position !== 'open' || opening?.by !== 'trip' || !opening.guessed || report.fault) return false
  const isOnPurpose = report.kind === 'order' || report.mover === 'hand'
  return isOnPurpose && !report.asked && report.at <= since && report.at >= since - OVERTAKEN
}

/**
 * An event that says «open» and no more, of a circuit known to stand open for another reason than a trip: it must have
 * been closed meanwhile, and the push that said so was lost. Shortly after the opening it may be that one's echo.
 */
function hasMissedClosing(known: CircuitState, report: Report): boolean {
  const saysOnlyOpen =
    report.kind === 'event' && report.name === undefined && !report.fault && report.mover === undefined
  const isEcho = report.at <= (known.since ?? report.at) + ECHO
  return saysOnlyOpen && !isEcho && known.incident === undefined && known.opening?.by !== 'trip'
}

function judgeClosed(known: CircuitState, report: Report, circuit: string): Judgement[] {
  if (report.kind === 'order') return [{ kind: 'closed', circuit, by: 'client' }]
  if (known.position === undefined) return [{ kind: 'found', circuit, position: 'closed' }]
  if (report.kind === 'event' && report.name !== 'boot') return [{ kind: 'closed', circuit, by: 'hand' }]
  const by = mayBeEffect(known.operation, 'closed', report.at) ? 'command' : 'unknown'
  return [{ kind: 'closed', circuit, by }]
}

function judgeOpen(known: CircuitState, report: Report, circuit: string): Judgement[] {
  if (report.kind === 'order') return [{ kind: 'opened', circuit, by: 'client' }]
  if (report.fault || report.mover === 'trip') return [trip(report, circuit, true)]
  if (report.mover === 'hand') return [{ kind: 'opened', circuit, by: 'hand' }]
  const isOwnWord = report.kind === 'event' && report.name !== 'boot'
  if (isOwnWord) return [trip(report, circuit, true)]
  if (mayBeEffect(known.operation, 'open', report.at)) return [{ kind: 'opened', circuit, by: 'command' }]
  if (known.position === undefined) return [{ kind: 'found', circuit, position: 'open' }]
  return [trip(report, circuit, true)]
}

/** A fault named without news of a position: of circuits that stand open it is the cause, else a warning. */
function judgeFault(breaker: BreakerState, report: Report, circuits: readonly string[]): Judgement[] {
  const { fault } = report
  if (!fault && report.mover !== 'trip') return []
  const [first] = circuits
  if (report.mover === 'trip' && first !== undefined && Object.keys(report.positions).length === 0) {
    // Which circuit is not said: the first that is not already known to be open.
    const circuit = circuits.find((one) => circuitState(breaker, one).position !== 'open') ?? first
    if (!isStale(circuitState(breaker, circuit), report)) return [trip(report, circuit, true)]
  }
  const standing = standingOpen(breaker, report)
  if (standing.length > 0) {
    return standing.map((circuit) =>
      trip(report, circuit, report.kind === 'event' && !isStale(circuitState(breaker, circuit), report)),
    )
  }
  return fault ? [{ kind: 'warning', cause: fault.cause, raw: fault.raw }] : []
}

/**
 * The circuits that the report calls open and that were known to be: those that may have tripped. One that
 * was opened on purpose has not, unless an event says so and there is no other: the word of an old fault may
 * go on standing in states for long.
 */
function standingOpen(breaker: BreakerState, report: Report): string[] {
  const open = Object.keys(report.positions).filter((circuit) => {
    const { position, since = report.at } = circuitState(breaker, circuit)
    return report.positions[circuit] === 'open' && position === 'open' && report.at >= since - OVERTAKEN
  })
  const likely = open.filter((circuit) => (circuitState(breaker, circuit).opening?.by ?? 'trip') === 'trip')
  return likely.length > 0 || report.kind !== 'event' ? likely : open
}

function trip(report: Report, circuit: string, fresh: boolean): Judgement {
  const cause = report.fault?.cause ?? 'unknown'
  return { kind: 'tripped', circuit, cause, ...rawOf(report), discovery: discoveryOf(report), fresh }
}

function discoveryOf(report: Report): Discovery {
  if (report.reconciled) return 'reconciliation'
  if (report.name === 'boot' || report.kind === 'online') return 'boot'
  return report.kind === 'event' ? 'event' : 'state'
}

/** The word for the cause; the name of an event that we know nothing about may be one. */
function rawOf({ fault, kind, mover, name }: Report): { raw?: string } {
  const isUnknownWord = kind === 'event' && mover === undefined && name !== 'boot'
  const raw = fault?.raw ?? (isUnknownWord ? name : undefined)
  return raw === undefined ? {} : { raw }
}
