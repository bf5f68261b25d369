import { toldBy } from './breaker.ts'
import type { Draft } from './draft.ts'
import { endAsked, finish, resolved } from './ending.ts'
import { foundSince, marked } from './found.ts'
import { holdsOn, isLockedOut } from './hindrance.ts'
import { causeName, type Incident } from './incident.ts'
import { type Judgement, judge } from './judgement.ts'
import { forgetLockOut } from './locking-out.ts'
import { message, time } from './message.ts'
import { onClosedForReclosing, onOpenedForReclosing, onSupplySeen } from './on-reclosing.ts'
import { onTrip } from './on-trip.ts'
import { awaitsReport } from './operation.ts'
import { called } from './people.ts'
import { circuitTitle } from './policy.ts'
import type { Report } from './report.ts'
import { isWellSupplied } from './supply.ts'
import { takeIn } from './taking-in.ts'

/** A warning of the same word is told again only after this long, ms. */
const WARN_AGAIN = 600_000

type Of<K extends Judgement['kind']> = Extract<Judgement, { kind: K }>

/** Takes a report in: judges it, then changes positions, incidents and operations by what it means. */
export function onReport(draft: Draft, came: Report): void {
  if (draft.breaker.seen.includes(came.id)) return
  // A clock that runs ahead must not make everything that comes after it look old.
  const report = { ...came, at: Math.min(came.at, draft.given.now) }
  const judgements = judge(draft.breaker, report, draft.circuits())
  takeIn(draft, report)
  watchSupply(draft, report)
  for (const judgement of judgements) {
    if (report.reconciled) noteFound(draft, report, judgement)
    switch (judgement.kind) {
      case 'tripped':
        onTrip(draft, report, judgement)
        break
      case 'opened':
        onOpened(draft, report, judgement)
        break
      case 'closed':
        onClosed(draft, report, judgement)
        break
      case 'found':
        draft.setCircuit(judgement.circuit, {
          position: judgement.position,
          ...toldBy(report, draft.given.now),
        })
        break
      case 'warning':
        onWarning(draft, report, judgement)
        break
    }
  }
}

/** A supply that is out of range begins its time anew; that it is well is believed of what was looked up only. */
function watchSupply(draft: Draft, { readings }: Report): void {
  if (isWellSupplied(readings.voltage, draft.config, draft.given.policy.closing) !== false) return
  for (const circuit of draft.circuits()) onSupplySeen(draft, circuit, false)
}

/** What no push told: how it stands, and since when it may. */
function noteFound(draft: Draft, report: Report, judgement: Judgement): void {
  // Learning how it stands for the first time is no news.
  if (!('circuit' in judgement) || judgement.kind === 'found') return
  const { circuit, kind } = judgement
  const after = foundSince(report, draft.circuit(circuit).heardAt)
  draft.note('system', 'reconciliation.found', { circuit, what: kind, after, until: report.at })
}

function onOpened(draft: Draft, report: Report, { circuit, by }: Of<'opened'>): void {
  const { operation, heardAt } = draft.circuit(circuit)
  const since = foundSince(report, heardAt)
  const actor = by === 'command' ? operation?.askedBy : undefined
  const incident = draft.openIncident(circuit)
  onOpenedForReclosing(draft, circuit)
  if (incident && isNamed(incident)) {
    // The breaker itself has said why: whoever wanted it open as well found it so.
    if (actor) finish(draft, circuit, report.at, since)
    return
  }
  if (incident) forgetLockOut(draft, circuit, incident.id)
  draft.setCircuit(circuit, {
    position: 'open',
    // What took it for a trip was the newer word.
    ...(!incident && toldBy(report, draft.given.now)),
    incident: undefined,
    ...(incident && { trips: draft.circuit(circuit).trips?.filter((at) => at !== incident.openedAt) }),
    opening: actor
      ? { by: 'command', actor, ...(operation?.run !== undefined && { fullOff: true }) }
      : { by: by === 'hand' ? 'hand' : 'client' },
  })
  if (incident) {
    endAsked(draft, circuit, report.at)
    const resolution = resolved(report.at, { noTrip: true })
    draft.changeIncident(incident, resolution, message(`story.opened-by-${by}`))
    draft.note('system', 'incident.resolved', { incident: incident.id, by })
  }
  if (actor) finish(draft, circuit, report.at, since)
  else {
    const values = { breaker: circuitTitle(draft.config, circuit), at: time(report.at) }
    draft.tell(
      message(by === 'hand' ? 'notice.opened-by-hand' : 'notice.opened-by-client', values),
      incident?.id,
    )
  }
}

const isNamed = ({ cause, raw }: Incident) => cause !== 'unknown' || raw !== undefined

function onClosed(draft: Draft, report: Report, { circuit, by }: Of<'closed'>): void {
  const { operation, heardAt } = draft.circuit(circuit)
  const since = foundSince(report, heardAt)
  endAsked(draft, circuit, report.at)
  const isOurs = operation?.to === 'closed' && (by === 'command' || awaitsReport(operation))
  if (isOurs) finish(draft, circuit, report.at, since)
  const incident = draft.openIncident(circuit)
  onClosedForReclosing(draft, circuit, isOurs ? operation.id : undefined)
  tellClosed(draft, report, { circuit, by, isTold: isOurs || (incident !== undefined && by !== 'unknown') })
  draft.setCircuit(circuit, {
    position: 'closed',
    ...toldBy(report, draft.given.now),
    opening: undefined,
    incident: undefined,
    closing: {
      at: report.at,
      heardAt: draft.given.now,
      ...(isOurs && {
        ours: {
          ...(operation.askedBy.automatic && { automatic: true }),
          ...(incident && { cause: incident.cause }),
        },
      }),
    },
  })
  if (!incident) return
  const text =
    by === 'command' && operation
      ? message('story.closed', { person: called(operation.confirmedBy ?? operation.askedBy) })
      : message(`story.closed-by-${by === 'command' ? 'unknown' : by}`)
  draft.changeIncident(incident, resolved(report.at), marked(text, report, since))
  draft.note('system', 'incident.resolved', { incident: incident.id, by })
}

/** Closed without a command of ours: said as such, and loudly where nobody was to close it. */
function tellClosed(
  draft: Draft,
  report: Report,
  { circuit, by, isTold }: { circuit: string; by: Of<'closed'>['by']; isTold: boolean },
): void {
  const { lockOut, incident } = draft.circuit(circuit)
  const held = holdsOn(draft.breaker.holds, circuit)
  const values = {
    breaker: circuitTitle(draft.config, circuit),
    at: time(report.at),
    how: message(`closed.by-${by}`),
    people: held.map((one) => one.by.person).join(', '),
  }
  if (held.length > 0) draft.alarm(message('notice.closed-despite-hold', values), incident)
  else if (isLockedOut(lockOut)) draft.alarm(message('notice.closed-despite-lock-out', values), incident)
  else if (!isTold) draft.tell(message('notice.closed-without-us', values), incident)
  // Of our own close the end of its operation tells.
  if (by === 'command') return
  draft.note('system', 'breaker.closed', { circuit, by, ...(held.length > 0 && { held: values.people }) })
}

function onWarning(draft: Draft, report: Report, { cause, raw }: Of<'warning'>): void {
  const recently = Object.entries(draft.breaker.warned).filter(([, at]) => report.at < at + WARN_AGAIN)
  if (recently.some(([word]) => word === raw)) return
  const warned = Object.fromEntries([...recently, [raw, report.at]])
  draft.breaker = { ...draft.breaker, warned }
  const values = { breaker: draft.config.name, cause: causeName({ cause, raw }), at: time(report.at) }
  draft.tell(message('notice.warning', values))
}
