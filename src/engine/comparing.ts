import {
  type BreakerState,
  type CircuitState,
  circuitState,
  mayLag,
  positionMayLag,
} from '../domain/breaker.ts'
import type { Report } from '../domain/report.ts'
import type { NewJob } from '../store/store.ts'
import type { DeviceStatus } from '../thingboot/status.ts'
import { breakerLane, PRIORITY, QUEUE } from './queues.ts'
import { reportOf } from './status-report.ts'
import type { EventWork } from './work.ts'

/** What the cloud's word of a breaker comes to, beside what is known. */
export interface Compared {
  /** It says all that is known anew: now it is certain how the breaker stands. */
  certain: boolean
  /** Something differs: to be judged like a push. */
  job?: NewJob
}

/** `agreed`: when such a comparison was last certain, ms. */
export function compare(
  known: BreakerState | undefined,
  status: DeviceStatus,
  agreed: number | undefined,
): Compared {
  const isAway = status.online === false
  const stateOf = (circuit: string): CircuitState => (known ? circuitState(known, circuit) : {})
  const differing = Object.entries(status.positions).filter(
    ([circuit, position]) => stateOf(circuit).position !== position,
  )
  // Of a breaker that is away the cloud knows no more than we do.
  const news = isAway ? [] : differing.filter(([circuit]) => !positionMayLag(stateOf(circuit), status.at))
  const cameOrWent =
    status.online !== undefined && isAway !== (known?.online === false) && !mayLag(known?.heardAt, status.at)
  const isTold = Object.keys(known?.circuits ?? {}).every((circuit) => circuit in status.positions)
  const certain = !isAway && isTold && news.length === differing.length
  if (news.length === 0 && !cameOrWent) return { certain }
  return { certain, job: jobFor(status, Object.fromEntries(news), agreed) }
}

function jobFor(status: DeviceStatus, positions: Report['positions'], agreed: number | undefined): NewJob {
  const id = `reconcile:${status.device}:${status.at}`
  const reconciled = agreed === undefined ? {} : { agreed }
  const report: Report = { ...reportOf(status, id), positions, readings: {}, reconciled }
  const payload: EventWork = { from: 'push', report }
  return { id, queue: QUEUE.events, lane: breakerLane(status.device), priority: PRIORITY.alarm, payload }
}
