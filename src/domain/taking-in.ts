import { type BreakerState, mayLag, withReport } from './breaker.ts'
import type { Draft } from './draft.ts'
import { foundSince, marked, whenOf } from './found.ts'
import { type Message, message, minutesOf } from './message.ts'
import type { Report } from './report.ts'
import { withRhythm } from './silence.ts'

/**
 * Takes in what a report tells of the breaker as a whole: that it came, its readings and, with a word to the room where
 * that changes, that the breaker is there or away.
 */
export function takeIn(draft: Draft, report: Report): void {
  const before = draft.breaker
  if (report.reconciled && mayLag(before.heardAt, report.at)) return
  draft.breaker = withRhythm(withReport(before, report, draft.given.now), report)
  if (draft.breaker.online !== before.online) onCameOrWent(draft, report, before)
  else if (before.silent?.told && !report.asked) tellBack(draft, draft.given.now - before.silent.since)
  if (before.silent && (draft.breaker.online === false || !report.asked)) {
    const { silent: _, ...rest } = draft.breaker
    draft.breaker = rest
  }
  const isChanged = draft.breaker.online !== before.online || draft.breaker.silent !== before.silent
  if (isChanged) draft.refreshIncidents()
}

function onCameOrWent(draft: Draft, report: Report, before: BreakerState): void {
  const { online } = draft.breaker
  const since = foundSince(report, Math.max(before.heardAt ?? 0, before.onlineSince ?? 0))
  if (report.reconciled && before.online !== undefined) {
    const what = online ? 'online' : 'offline'
    draft.note('system', 'reconciliation.found', { what, after: since, until: report.at })
  }
  if (!online) {
    const text = message('notice.offline', { breaker: draft.config.name, at: whenOf(report, since) })
    draft.tell(marked(text, report, since, true))
  } else if (before.online === false) {
    tellBack(draft, report.at - (before.onlineSince ?? report.at), (text) => marked(text, report, since))
  }
}

/** The breaker speaks again, after so many ms. */
function tellBack(draft: Draft, away: number, mark = (text: Message) => text): void {
  draft.tell(mark(message('notice.online', { breaker: draft.config.name, minutes: minutesOf(away) })))
}
