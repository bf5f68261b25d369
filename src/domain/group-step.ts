import type { Draft } from './draft.ts'
import type { BreakerEvent, StepTold } from './event.ts'
import { type Message, message } from './message.ts'
import { onAsk } from './on-ask.ts'

/**
 * A group run asks for one circuit. It is asked for like by anybody's button, through the same gate and with the same
 * words in the audit, and the run is told at once where nothing follows; else it is told as the operation goes on.
 */
export function onGroupStep(draft: Draft, { run, ask }: Extract<BreakerEvent, { type: 'group-step' }>): void {
  const { circuit } = ask
  const tell = (stage: StepTold['stage'], why?: Message[]) =>
    draft.effects.push({ do: 'tell-run', run, circuit, told: { stage, version: 0, ...(why && { why }) } })
  const wanted = ask.action === 'open' ? 'open' : 'closed'
  if (draft.circuit(circuit).position === wanted) {
    tell('already')
    return
  }
  const asked = { ...ask, run }
  onAsk(draft, asked)
  const { operation } = draft.circuit(circuit)
  if (operation?.run !== run) {
    tell('refused', reasonsOf(draft))
    return
  }
  // The run was confirmed for all that need no second person.
  if (operation.stage === 'asked' && !operation.secondPerson)
    onAsk(draft, { ...asked, action: 'confirm', nonce: operation.nonce })
}

function reasonsOf({ reply }: Draft): Message[] {
  const text = reply?.text ?? message('operation.overtaken')
  const reasons = text.values?.reasons
  return Array.isArray(reasons) ? reasons : [text]
}
