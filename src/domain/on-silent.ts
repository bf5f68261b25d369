import { goAway } from './absence.ts'
import type { Draft } from './draft.ts'
import type { BreakerEvent } from './event.ts'
import { lasting, message, time } from './message.ts'

/** No word came for too long, and the cloud was asked: from now on it counts as not known how the breaker stands. */
export function onSilent(draft: Draft, { heardAt, every }: Extract<BreakerEvent, { type: 'silent' }>): void {
  const { breaker } = draft
  // A report has come meanwhile, or it is known by now to be away.
  if (breaker.heardAt !== heardAt || breaker.online === false || breaker.silent) return
  draft.breaker = { ...breaker, silent: { since: heardAt } }
  goAway(draft, heardAt, message('alarm.silent', { at: time(heardAt), every: lasting(every) }))
  draft.refreshIncidents()
}
