/** Where a circuit's contacts stand. */
export type Position = 'open' | 'closed'

/** Causes of a trip that the product knows by name. Anything else is `unknown` and shown as it came. */
export const CAUSES = [
  'overload',
  'short-circuit',
  'leakage',
  'over-temperature',
  'over-voltage',
  'under-voltage',
  'phase-loss',
] as const
export type KnownCause = (typeof CAUSES)[number]
export type Cause = KnownCause | 'unknown'

/** Measured values in V, A, W, VA, 0–1 and kWh; a value that was not reported is absent. */
export interface Readings {
  voltage?: number
  current?: number
  activePower?: number
  apparentPower?: number
  powerFactor?: number
  /** The breaker's counter, kWh. */
  energy?: number
}

/** What kind of message the cloud pushed (protocols: order, event, state, online/offline). */
export type ReportKind = 'order' | 'event' | 'state' | 'online' | 'offline'

/** A push, understood. */
export interface Report {
  /** The same push delivered twice has the same id. */
  id: string
  /** Thingboot device id, as text. */
  device: string
  kind: ReportKind
  /** The event's own name (`trip`, `btn`, `boot` …) as it came. */
  name?: string
  /**
   * When it happened, ms since 1970: the push's own time, or that of receipt where it has none or an absurd
   * one.
   */
  at: number
  /** Positions by circuit key: `power`, or `power1`, `power2` … */
  positions: Record<string, Position>
  readings: Readings
  /** What it said that no meter can have seen; in nobody's readings. */
  doubted?: Readings
  /** The cause that the push names. `raw` is the word as it came. */
  fault?: { cause: Cause; raw: string }
  /**
   * What the event's name says about who moved the contacts, after the product profile's table:
   * `trip` protection, `hand` a person at the breaker. Absent when the name says nothing.
   */
  mover?: 'trip' | 'hand'
  /** The breaker's answer to a question (`query`), whoever asked: it did not report of its own accord. */
  answer?: true
  /** Not pushed: we asked the cloud how the breaker stands. */
  asked?: true
  /** The cloud said that it is online; only in what was asked for, where it need not say. */
  online?: true
  /**
   * Asked for all breakers, to find what no push told. `agreed`: when such a comparison was last known to agree, ms.
   */
  reconciled?: { agreed?: number }
  /** The caller's reference of `device/control`, unchanged. */
  extra?: string
}
