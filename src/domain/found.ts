import { type Message, type Moment, message, type Span, span, time } from './message.ts'
import type { Report } from './report.ts'

/**
 * Since when that which a report tells anew may have happened: for what reconciliation found, since the last word of it
 * (`heardAt`, by our own clock) or the last comparison that agreed. Undefined for what a push tells: that happened then.
 */
export function foundSince(report: Report, heardAt: number | undefined): number | undefined {
  if (!report.reconciled) return undefined
  return Math.min(report.at, Math.max(heardAt ?? 0, report.reconciled.agreed ?? 0) || report.at)
}

/** When it happened, for a text: a moment, or a span where no push told. */
export function whenOf(report: Report, since: number | undefined): Moment | Span {
  return since === undefined ? time(report.at) : span(since, report.at)
}

/** The text, marked where reconciliation found what it says. One that does not name the time gets it added. */
export function marked(text: Message, report: Report, since: number | undefined, namesTime = false): Message {
  if (since === undefined) return text
  if (namesTime) return message('reconciled.mark', { what: text })
  return message('reconciled.mark-span', { what: text, when: span(since, report.at) })
}
