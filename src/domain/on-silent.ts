import type { Draft } from './draft.ts'
import type { BreakerEvent } from './event.ts'
import { lasting, message, time } from './message.ts'

/** No word came for too long, and the cloud was asked: from now on it counts as not known how the breaker stands. */
export function onSilent(
  draft: Draft,
  { heardAt, every, alone }: Extract<BreakerEvent, { type: 'silent' }>,
): void {
  const { breaker } = draft
  // A report has come meanwhile, or it is known by now to be offline.
  if (breaker.heardAt !== heardAt || breaker.online === false) return
  if (breaker.silent && (breaker.silent.told || !alone)) return
  draft.breaker = { ...breaker, silent: { since: heardAt, told: alone } }
  if (!breaker.silent) draft.note('system', 'breaker.silent', { since: heardAt, every })
  if (alone)
    draft.tell(
      message('notice.silent', { breaker: draft.config.name, at: time(heardAt), every: lasting(every) }),
    )
  draft.refreshIncidents()
}
