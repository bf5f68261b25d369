import { HOUR } from './local-time.ts'
import type { Message } from './message.ts'
import type { Severity } from './severity.ts'

/** From when on it is an alarm that something is away, and how grave that is. Times in ms; 0: at once. */
export interface OfflineRules {
  grace: number
  siteGrace: number
  cloudGrace: number
  severity: Severity
  siteSeverity: Severity
  cloudSeverity: Severity
  /** Absences within an hour that are an alarm each; with the next it flaps. 0: all are. */
  flaps: number
}

export const USUAL_OFFLINE: OfflineRules = {
  grace: 120_000,
  siteGrace: 30_000,
  cloudGrace: 180_000,
  severity: 'warning',
  siteSeverity: 'critical',
  cloudSeverity: 'critical',
  flaps: 3,
}

/** A breaker is away: the cloud says that it is offline, or it has fallen silent. */
export interface Absence {
  /** The last that is known of it, ms. */
  since: number
  /** When that was noticed, by our own clock, ms: the grace counts from then. Tells this absence from others. */
  noticed: number
  /** What its alarm says of it. */
  note: Message
  /** The id of its alarm, once the grace was over. */
  alarm?: string
}

/** How often something was away for longer than its grace. */
export interface Flaps {
  /** When those of the last hour were noticed, oldest first, ms. */
  outlasted?: number[]
  /** They are too many: that was told. */
  flaps?: true
}

/** The absences of so long count, ms. */
/** What flaps is an alarm once it is away for so many times its grace. */
export const PATIENCE = 5

/**
 * Counts an absence that has outlasted its grace.
 * @returns how often it did, `due`: when it is an alarm, ms, and `begins`: that it flaps is news
 */
export function outlast(
  { outlasted = [], flaps }: Flaps,
  noticed: number,
  grace: number,
  most: number,
): { counted: Flaps; due: number; begins: boolean } {
  const recent = outlasted.filter((at) => at > noticed - HOUR && at < noticed)
  const all = [...recent, noticed]
  const isFlapping = most > 0 && all.length > most
  return {
    counted: { outlasted: all, ...(isFlapping && { flaps: true }) },
    due: noticed + grace * (isFlapping ? PATIENCE : 1),
    begins: isFlapping && !flaps,
  }
}
