import { comeBack, goAway, isAway } from './absence.ts'
import { type BreakerState, mayLag, withReport } from './breaker.ts'
import type { Draft } from './draft.ts'
import { foundSince, marked, whenOf } from './found.ts'
import { type Message, message } from './message.ts'
import type { Report } from './report.ts'
import { withRhythm } from './silence.ts'

/** Takes in what a report tells of the breaker as a whole: that it came, its readings, that it is there or away. */
export function takeIn(draft: Draft, report: Report): void {
  const before = draft.breaker
  if (report.reconciled && mayLag(before.heardAt, report.at)) return
  draft.breaker = withRhythm(withReport(before, report, draft.given.now), report)
  if (before.silent && (draft.breaker.online === false || !report.asked)) {
    const { silent: _, ...rest } = draft.breaker
    draft.breaker = rest
  }
  const { online, absence } = draft.breaker
  const isOffline = online === false && before.online !== false
  if (isAway(before) && !isAway(draft.breaker)) comeBack(draft)
  else if (isOffline && absence)
    draft.breaker = { ...draft.breaker, absence: { ...absence, note: noteOf(report, before) } }
  else if (isOffline) goAway(draft, sinceOf(report, before) ?? report.at, noteOf(report, before))
  if (online !== before.online || draft.breaker.silent !== before.silent) draft.refreshIncidents()
}

/** Since when it may be offline where no push told. */
const sinceOf = (report: Report, { heardAt, onlineSince }: BreakerState): number | undefined =>
  foundSince(report, Math.max(heardAt ?? 0, onlineSince ?? 0))

function noteOf(report: Report, before: BreakerState): Message {
  const since = sinceOf(report, before)
  return marked(message('alarm.offline', { at: whenOf(report, since) }), report, since, true)
}
