import { type BreakerState, circuitState, circuitsOf } from './breaker.ts'
import { type Hold, holdsOn, isLockedOut, type LockOut } from './hindrance.ts'
import { causeName, type Incident, isOpen } from './incident.ts'
import { dateTime, type Message, message, time } from './message.ts'
import { type BreakerConfig, circuitTitle } from './policy.ts'
import { amps, power } from './reading-text.ts'
import type { Position } from './report.ts'

/** A breaker with what is known of it. */
export interface Known {
  config: BreakerConfig
  state: BreakerState | undefined
  incidents: Incident[]
}

const MAX_LINES = 30

interface CircuitView {
  title: string
  mark: string
  position: Position | undefined
  incident: Incident | undefined
  /** What keeps it from being closed. */
  barred: Message[]
}

function views({ config, state, incidents }: Known): CircuitView[] {
  return circuitsOf(Object.keys(config.circuits), state).map((circuit) => {
    const { position, lockOut } = state ? circuitState(state, circuit) : {}
    const incident = incidents.find((one) => one.circuit === circuit && isOpen(one))
    const mark = markOf(state, position, incident)
    const barred = barredBy(holdsOn(state?.holds, circuit), lockOut)
    return { title: circuitTitle(config, circuit), mark, position, incident, barred }
  })
}

function barredBy(holds: Hold[], lockOut: LockOut | undefined): Message[] {
  return [
    ...holds.map(({ by, reason }) => message('status.hold', { person: by.person, reason })),
    ...(isLockedOut(lockOut) ? [message('status.lock-out')] : []),
  ]
}

function markOf(state: BreakerState | undefined, position: Position | undefined, incident: unknown): string {
  if (incident) return '🔴'
  if (state?.online === false || state?.silent || !position) return '⚪'
  return position === 'open' ? '🟡' : '🟢'
}

const isWell = (known: Known): boolean =>
  views(known).every((view) => view.mark === '🟢' && view.barred.length === 0)

/** `状态`: the breakers asked for, or (with `onlyTroubled`) all that are not well. */
export function statusLines(all: Known[], onlyTroubled: boolean): Message[] {
  const shown = onlyTroubled ? all.filter((one) => !isWell(one)) : all
  if (shown.length === 0) return [message('status.all-well', { count: all.length })]
  const lines = shown.flatMap(statusOf)
  return [...(onlyTroubled ? [message('status.title', { count: shown.length })] : []), ...cut(lines)]
}

function statusOf(known: Known): Message[] {
  const all = views(known)
  return all.map(({ title, mark, position, incident, barred }) => {
    const details: Message[] = [message(`position.${position ?? 'unknown'}`)]
    if (incident) details.push(alarmOf(incident))
    details.push(...barred)
    if (known.state?.silent) details.push(message('status.silent', { at: time(known.state.silent.since) }))
    if (known.state?.online === false) details.push(message('status.offline'))
    // The readings are the whole breaker's.
    else if (all.length === 1 && position === 'closed') details.push(...presentLoad(known.state))
    return message('status.line', { mark, breaker: title, details })
  })
}

function alarmOf(incident: Incident): Message {
  const cause = causeName(incident)
  if (!incident.owner) return message('status.alarm', { cause })
  const at = time(incident.acknowledgedAt ?? incident.openedAt)
  return message('status.alarm-owned', { cause, person: incident.owner.person, at })
}

/** `列表`: all breakers and how many alarms are open. */
export function listLines(all: Known[]): Message[] {
  if (all.length === 0) return [message('list.empty')]
  const open = all.flatMap((one) => one.incidents).filter(isOpen).length
  const lines = all.flatMap((known) =>
    views(known).map((view) =>
      message('list.line', {
        mark: view.mark,
        breaker: view.title,
        site: known.config.site,
        id: known.config.id,
        position: [message(`position.${view.position ?? 'unknown'}`), ...view.barred],
      }),
    ),
  )
  return [message('list.title', { count: all.length, open }), ...cut(lines)]
}

function cut(lines: Message[]): Message[] {
  if (lines.length <= MAX_LINES) return lines
  return [...lines.slice(0, MAX_LINES), message('status.more', { count: lines.length - MAX_LINES })]
}

/** What it draws now, as far as is known. */
export function loadLine(state: BreakerState | undefined): Message {
  return message('energy.load', { load: presentLoad(state)[0] ?? message('energy.no-load') })
}

function presentLoad(state: BreakerState | undefined): Message[] {
  const newest = state?.recent.findLast(
    (one) => one.readings.current !== undefined || one.readings.activePower !== undefined,
  )
  if (!newest) return []
  const { current, activePower } = newest.readings
  const parts = [
    ...(activePower === undefined ? [] : [power(activePower)]),
    ...(current === undefined ? [] : [amps(current)]),
  ]
  return [message('load', { load: parts.join(' '), at: dateTime(newest.at) })]
}
