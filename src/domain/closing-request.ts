import type { BreakerState } from './breaker.ts'
import type { Incident } from './incident.ts'
import type { Person } from './people.ts'
import type { BreakerConfig, Policy } from './policy.ts'
import type { Position } from './report.ts'

/** How the cloud says that a circuit stands, asked right before a command is to leave. */
export interface Fresh {
  /** When it was asked, ms. */
  at: number
  /** Absent where it does not say. */
  online?: boolean
  position?: Position
  voltage?: number
}

/** A circuit that is to be closed, as things stand. */
export interface CloseRequest {
  policy: Policy
  config: BreakerConfig
  breaker: BreakerState
  circuit: string
  /** The one that is open on the circuit. */
  incident: Incident | undefined
  by: Person | 'automatic'
  /** ms since 1970. */
  now: number
  /** Absent while a close is only asked for or confirmed: it is asked for right before the command leaves. */
  fresh?: Fresh
  /** The operation that the close belongs to, once there is one: it does not stand in its own way. */
  operation?: string
  /** Another close at the same site has only just left. */
  hasNeighbour?: boolean
}
