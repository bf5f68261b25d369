import { type BreakerState, circuitState, type Opening, positionMayLag } from './breaker.ts'
import type { CloseRequest, Fresh } from './closing-request.ts'
import { faultClass, isSteadyNeeded } from './fault-class.ts'
import { closesWithin, holdsOn, isLockedOut, type LockOut, shotsToday } from './hindrance.ts'
import { HOUR, zoneOf } from './local-time.ts'
import { dateTime, lasting, type Message, message, time } from './message.ts'
import { isBusy } from './operation.ts'
import { called, may } from './people.ts'
import { supplyVoltage, voltageRange } from './supply.ts'
import { standingAt } from './window.ts'

/** Each answers with what stands against closing, in the order in which they are asked. */
export const CHECKS: readonly ((request: CloseRequest) => Message[])[] = [
  isSwitchedOn,
  isRightPerson,
  isInReach,
  standsOpen,
  isNotHeld,
  isNotMaintained,
  isNotLockedOut,
  causeAllows,
  hasCooled,
  isWithinLimits,
  hasSupply,
  nothingElseMoves,
]

const unless = (holds: boolean, ...against: Parameters<typeof message>): Message[] =>
  holds ? [] : [message(...against)]

function isSwitchedOn({ policy }: CloseRequest): Message[] {
  return unless(policy.actuation, 'gate.actuation-off')
}

function isRightPerson({ by, config }: CloseRequest): Message[] {
  return [
    ...(by === 'automatic' ? [] : unless(may(by, 'close', config), 'gate.role', { person: by.name })),
    ...unless(config.remoteClose, 'gate.no-remote-close'),
  ]
}

/** Online now, and not by hearsay: what was asked right before must be of this moment. */
function isInReach({ breaker, by, fresh, policy, now }: CloseRequest): Message[] {
  const isOld = fresh !== undefined && Math.abs(now - fresh.at) > policy.closing.fresh
  return [
    ...outOfReach(breaker, fresh, by === 'automatic'),
    ...unless(!isOld, 'gate.stale', { seconds: Math.round(Math.abs(now - (fresh?.at ?? now)) / 1000) }),
  ]
}

/**
 * Why the breaker cannot be relied on to be there. A silent one may be asked to close by a person: before the command
 * leaves, the cloud must say that it is online.
 */
export function outOfReach(breaker: BreakerState, fresh: Fresh | undefined, isStrict = false): Message[] {
  if (breaker.online === false || fresh?.online === false) return [message('gate.offline')]
  if (!breaker.silent || fresh?.online || (!fresh && !isStrict)) return []
  return [message('gate.silent', { at: time(breaker.silent.since) })]
}

/** What a push told within the last half minute may not be in the cloud's record yet: then the push is believed. */
function standsOpen({ breaker, circuit, fresh }: CloseRequest): Message[] {
  const state = circuitState(breaker, circuit)
  const seen = fresh?.position && !positionMayLag(state, fresh.at) ? fresh.position : state.position
  if (seen === undefined) return [message('gate.position-unknown')]
  return unless(seen === 'open' && state.position !== 'closed', 'gate.already-closed')
}

function isNotHeld({ breaker, circuit }: CloseRequest): Message[] {
  return holdsOn(breaker.holds, circuit).map(({ by, at, reason }) =>
    message('gate.hold', { person: by.person, at: time(at), reason }),
  )
}

/** In a maintenance window somebody works there. */
function isNotMaintained({ policy, config, now }: CloseRequest): Message[] {
  const { room, site, id: breaker } = config
  const standing = standingAt(policy.windows, { room, site, breaker }, now, zoneOf(policy, room))
  const last = standing.filter(({ window }) => window.kind === 'maintenance').map(({ span }) => span.until)
  return last.length === 0 ? [] : [message('gate.maintenance', { until: dateTime(Math.max(...last)) })]
}

const LOCKED: Record<LockOut['why'], 'gate.short-circuit' | 'gate.re-trip' | 'gate.leakage-again'> = {
  'short-circuit': 'gate.short-circuit',
  're-trip': 'gate.re-trip',
  'leakage-again': 'gate.leakage-again',
}

function isNotLockedOut({ breaker, circuit }: CloseRequest): Message[] {
  const { lockOut } = circuitState(breaker, circuit)
  return isLockedOut(lockOut) ? [message(LOCKED[lockOut.why])] : []
}

/** The table of faults: a person after a short circuit only once it was inspected, the automat as its breaker allows. */
function causeAllows(request: CloseRequest): Message[] {
  const { breaker, circuit, incident, by } = request
  const { lockOut, opening } = circuitState(breaker, circuit)
  if (by === 'automatic') return automatAllows(request, opening)
  if (!incident || faultClass(incident.cause).person !== 'inspected' || isLockedOut(lockOut)) return []
  return unless(lockOut?.lifted !== undefined && lockOut.incident === incident.id, 'gate.short-circuit')
}

/** A trip that a state told of may have been a hand: then never. */
function automatAllows(
  { breaker, circuit, config, incident, now }: CloseRequest,
  opening: Opening | undefined,
): Message[] {
  const { closes } = circuitState(breaker, circuit)
  const { autoReclose } = config
  const isAllowed =
    opening?.by === 'trip' &&
    !opening.guessed &&
    incident !== undefined &&
    faultClass(incident.cause).automatic !== 'never' &&
    autoReclose?.causes.includes(incident.cause) === true
  return [
    ...unless(isAllowed, 'gate.not-automatic'),
    ...unless(!autoReclose || shotsToday(closes, now) < autoReclose.perDay, 'gate.automatic-used-up', {
      count: autoReclose?.perDay ?? 0,
    }),
  ]
}

function hasCooled({ breaker, circuit, incident, operation, policy, now }: CloseRequest): Message[] {
  const { closing } = policy
  const { heardAt, since = now, closes = [] } = circuitState(breaker, circuit)
  const tripped = heardAt ?? since
  const last = Math.max(...closes.filter((one) => one.operation !== operation).map((one) => one.at))
  const isHot = incident?.cause === 'over-temperature'
  const cooling = isHot ? closing.coolDownHot : incident?.cause === 'overload' ? closing.coolDown : 0
  const key = isHot ? 'gate.hot' : 'gate.cool-down'
  return [
    ...unless(now >= tripped + cooling, key, { until: time(tripped + cooling) }),
    ...unless(now >= last + closing.betweenCloses, 'gate.just-closed', {
      until: time(last + closing.betweenCloses),
    }),
  ]
}

function isWithinLimits({ breaker, circuit, operation, policy, now }: CloseRequest): Message[] {
  const { perHour, perDay } = policy.closing
  const others = circuitState(breaker, circuit).closes?.filter((one) => one.operation !== operation)
  return [
    ...unless(closesWithin(others, HOUR, now) < perHour, 'gate.per-hour', { count: perHour }),
    ...unless(closesWithin(others, 24 * HOUR, now) < perDay, 'gate.per-day', { count: perDay }),
  ]
}

/** In range where a fresh reading tells. The automat, after a voltage fault, must have seen it so for a while. */
function hasSupply(request: CloseRequest): Message[] {
  const { breaker, circuit, config, incident, policy, by, fresh, now } = request
  const volts = supplyVoltage(breaker, circuit, fresh?.voltage, now)
  const { low, high } = voltageRange(config, policy.closing)
  const isWell = volts === undefined || (volts >= low && volts <= high)
  const reasons = unless(isWell, 'gate.voltage', { volts: Math.round(volts ?? 0), low, high })
  if (by !== 'automatic' || !incident || !isSteadyNeeded(incident.cause)) return reasons
  const { steadySince = now } = circuitState(breaker, circuit).reclosing ?? {}
  const { voltageStable } = policy.closing
  const isSteady = voltageStable === 0 || now - steadySince >= voltageStable
  return [...reasons, ...unless(isSteady, 'gate.voltage-unsteady', { span: lasting(voltageStable) })]
}

function nothingElseMoves({
  breaker,
  circuit,
  operation,
  hasNeighbour,
  now,
  config,
}: CloseRequest): Message[] {
  const standing = circuitState(breaker, circuit).operation
  const isBusyNow = standing?.id !== operation && isBusy(standing, now)
  return [
    ...unless(!hasNeighbour, 'gate.neighbour', { site: config.site }),
    ...(isBusyNow ? [message('gate.busy', { person: called(standing.askedBy) })] : []),
  ]
}
