import { type BreakerState, circuitState, isStale } from './breaker.ts'
import type { Discovery } from './incident.ts'
import { awaitsReport } from './operation.ts'
import type { Cause, Position, Report } from './report.ts'

/** Who moved the contacts, where it was no protection. `unknown`: found so, without being told. */
export type Mover = 'hand' | 'command' | 'client' | 'unknown'

/** What a report means. One report may mean several things (two circuits, or online and open). */
export type Judgement =
  /** `fresh`: it happened now. Otherwise a state goes on naming the fault of a circuit known to be open. */
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
 * Says what a report means, given what was known before it. Where the cloud does not say why contacts opened,
 * neither do we: cause `unknown`. Pure; never throws; a report older than what is known moves nothing.
 *
 * Documented: a change by an API command comes as an order push, one at the device as an event push. That an
 * event's name tells a trip from a hand is inferred and lies in the product profile.
 */
export function judge(breaker: BreakerState, report: Report, circuits: readonly string[]): Judgement[] {
  const judgements: Judgement[] = []
  if (report.kind === 'offline') return [{ kind: 'offline' }]
  if (report.kind === 'online') judgements.push({ kind: 'online' })
  const moved = Object.entries(report.positions).flatMap(([circuit, position]) =>
    judgePosition(breaker, report, circuit, position),
  )
  judgements.push(...moved)
  if (moved.length === 0) judgements.push(...judgeFault(breaker, report, circuits))
  if (judgements.length > 0) return judgements
  const says = Object.keys(report.positions).length > 0 || Object.keys(report.readings).length > 0
  if (says || report.kind === 'state' || report.kind === 'order') return [{ kind: 'reading' }]
  return [{ kind: 'unknown', raw: report.name ?? report.kind }]
}

function judgePosition(breaker: BreakerState, report: Report, circuit: string, position: Position): Judgement[] {
  const known = circuitState(breaker, circuit)
  if (isStale(known, report)) return []
  const isOurs = report.kind === 'order' && report.extra !== undefined && known.operation?.ref === report.extra
  const changed = known.position !== position
  if (position === 'closed') {
    if (!changed && !(isOurs && awaitsReport(known.operation))) return []
    if (known.position === undefined && report.kind !== 'order') return [{ kind: 'found', circuit, position }]
    return [{ kind: 'closed', circuit, by: closer(report, isOurs) }]
  }
  if (report.kind === 'order') {
    const news = changed || (isOurs && awaitsReport(known.operation))
    return news ? [{ kind: 'opened', circuit, by: isOurs ? 'command' : 'client' }] : []
  }
  if (report.fault || report.mover === 'trip') return [trip(report, circuit, changed || report.kind === 'event')]
  if (!changed) return []
  if (report.mover === 'hand') return [{ kind: 'opened', circuit, by: 'hand' }]
  if (known.position === undefined && report.kind !== 'event') return [{ kind: 'found', circuit, position }]
  return [trip(report, circuit, true)]
}

function trip(report: Report, circuit: string, fresh: boolean): Judgement {
  const cause = report.fault?.cause ?? 'unknown'
  return { kind: 'tripped', circuit, cause, ...rawOf(report), discovery: discoveryOf(report), fresh }
}

/** A fault that comes without a movement of contacts: a trip if the event's name says so, else a warning. */
function judgeFault(breaker: BreakerState, report: Report, circuits: readonly string[]): Judgement[] {
  const told = Object.keys(report.positions).length > 0
  if (report.mover === 'trip' && !told) {
    // Which circuit is not said: the first that is not already known to be open.
    const circuit = circuits.find((one) => circuitState(breaker, one).position !== 'open') ?? circuits[0]
    if (circuit && !isStale(circuitState(breaker, circuit), report)) {
      return [trip(report, circuit, true)]
    }
  }
  if (!report.fault || Object.values(report.positions).includes('open')) return []
  return [{ kind: 'warning', cause: report.fault.cause, raw: report.fault.raw }]
}

function closer(report: Report, isOurs: boolean): Mover {
  if (report.kind === 'order') return isOurs ? 'command' : 'client'
  return report.kind === 'event' && report.name !== 'boot' ? 'hand' : 'unknown'
}

function discoveryOf(report: Report): Discovery {
  if (report.name === 'boot' || report.kind === 'online') return 'boot'
  return report.kind === 'event' ? 'event' : 'state'
}

function rawOf(report: Report): { raw?: string } {
  const raw = report.fault?.raw ?? (report.mover === undefined ? report.name : undefined)
  return raw === undefined ? {} : { raw }
}
