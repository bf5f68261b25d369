import type { Severity } from '../severity.ts'

/**
 * - `unusual`: far more or less than is usual at this hour of this weekday.
 * - `standby`: something is drawn at a time at which nothing usually is.
 * - `stopped`: a machine that ran draws nothing any more, with its contacts closed.
 * - `trend`: what it draws while it runs has been rising for weeks.
 * - `voltage`: the supply is out of its range.
 * - `near-rating`: the current is near what the breaker is rated for.
 */
export const DRAW_KINDS = ['unusual', 'standby', 'stopped', 'trend', 'voltage', 'near-rating'] as const
export type DrawKind = (typeof DRAW_KINDS)[number]

/** What is called abnormal. Times in ms, shares of 1. */
export interface DrawRules {
  /** How grave each kind is; one that is absent is not looked for. */
  kinds: Partial<Record<DrawKind, Severity>>
  /** W; whoever draws less draws nothing. */
  nothing: number
  /** So many times the usual spread, but no less than this share of the usual, lies outside of it. */
  spreads: number
  share: number
  /** For so long it must be unusual, or drawing where nothing is expected. */
  sustained: number
  /** For so long a motor must have drawn nothing. */
  stoppedFor: number
  /** By so much the draw must have risen. */
  rise: number
  /** The voltage from its nominal one, and the current of the rated one, for so long. */
  voltageWithin: number
  nearRating: number
  /** For so long voltage and current must be out of range. */
  outFor: number
}

export const USUAL_DRAW_RULES: DrawRules = {
  kinds: {
    unusual: 'info',
    standby: 'info',
    stopped: 'warning',
    trend: 'info',
    voltage: 'warning',
    'near-rating': 'info',
  },
  nothing: 30,
  spreads: 3,
  share: 0.4,
  sustained: 2 * 3_600_000,
  stoppedFor: 10 * 60_000,
  rise: 0.2,
  voltageWithin: 0.1,
  nearRating: 0.9,
  outFor: 10 * 60_000,
}
