import { VOLTAGE_CAUSES } from './fault-class.ts'
import { DAY } from './local-time.ts'
import { CAUSES, type Cause } from './report.ts'

/** From the least to the gravest. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface SeverityRules {
  causes: Record<Cause, Severity>
  /** The trip of a circuit with this number within so many ms weighs one step more, and so does each after it; 0: none does. */
  repeats: { count: number; within: number }
}

/** A supply that is out of range comes back by itself; anything else needs somebody on site. */
export const USUAL_SEVERITY: SeverityRules = {
  causes: Object.fromEntries(
    [...CAUSES, 'unknown' as const].map((cause) => [
      cause,
      VOLTAGE_CAUSES.includes(cause) ? 'warning' : 'critical',
    ]),
  ) as Record<Cause, Severity>,
  repeats: { count: 3, within: 7 * DAY },
}

export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least)

/** How grave an incident is; those that were written before that was kept, as their causes usually are. */
export const severityOf = ({ severity, cause }: { severity?: Severity; cause: Cause }): Severity =>
  severity ?? USUAL_SEVERITY.causes[cause]
