import type { Translate } from '../../text/translate.ts'
import { said } from './breakers.ts'
import type { Decided, Waiting } from './deed.ts'

/** What came of a deed, in words. */
export function toldView(t: Translate, told: Decided | Waiting) {
  const nothing = { breaker: null, operation: null, run: null, reasons: [] }
  if (told.state === 'waiting')
    return { ...nothing, id: told.id, state: told.state, answer: null, confirm: null }
  const { id, state, reply, breaker = null, operation = null, run = null, confirm = null } = told
  const reasons = reply.text.values?.reasons
  const common = {
    id,
    answer: said(t, reply.text),
    reasons: Array.isArray(reasons) ? reasons.map((one) => said(t, one)) : [],
    breaker,
    operation,
    run,
  }
  return state === 'refused'
    ? { ...common, state, error: 'REFUSED', message: t(reply.text) }
    : { ...common, state, confirm }
}
