import type { Draft } from './draft.ts'
import { isSteadyNeeded } from './fault-class.ts'
import { withClose } from './hindrance.ts'
import { lockOut } from './locking-out.ts'
import { lasting, type Message, message, time } from './message.ts'
import { newOperation } from './operation.ts'
import { AUTOMATIC } from './people.ts'
import { circuitTitle } from './policy.ts'
import type { Reclosing, ReclosingDeed } from './reclosing.ts'

type Deed = (draft: Draft, circuit: string, now: Reclosing) => void

/** What follows from a step of automatic reclosing: announced before and after, and said wherever it ends. */
export const DEEDS: Record<ReclosingDeed, Deed> = {
  announce(draft, circuit, now) {
    const { shots = 1 } = draft.config.autoReclose ?? {}
    const values = { shot: now.shot, shots, at: time(now.dueAt) }
    tellStory(draft, now, message('story.reclose-announced', values))
    draft.note('system', 'reclosing.announced', { circuit, shot: now.shot, dueAt: now.dueAt })
    wait(draft, circuit, now)
  },
  look: wait,
  close(draft, circuit, { incident, operation: id = '', shot }) {
    const { now, newId, policy } = draft.given
    const operation = {
      ...newOperation({ id, ref: newId(), nonce: newId(), to: 'closed', actor: AUTOMATIC, now, policy }),
      confirmedBy: AUTOMATIC,
      confirmedAt: now,
      incident,
    }
    draft.setCircuit(circuit, {
      closes: withClose(draft.circuit(circuit).closes, { operation: id, at: now, automatic: true }),
    })
    draft.putOperation(circuit, operation, message('story.reclosing', { shot }))
    draft.effects.push({ do: 'switch', operation: id, circuit, to: 'closed', ref: operation.ref })
    draft.note('automatic', 'close.confirmed', { operation: id, circuit, automatic: true, shot })
  },
  lapse(draft, circuit, now) {
    giveUp(draft, circuit, now, message('reclosing.lapsed'), 'reclosing.lapsed')
  },
  'give-up'(draft, circuit, now) {
    giveUp(draft, circuit, now, now.why ?? message('reclosing.other-fault'), 'reclosing.stopped')
  },
  'lock-out'(draft, circuit) {
    lockOut(draft, circuit, 're-trip', true)
  },
  watch(draft, circuit, { id, incident, shot }) {
    const reclaim = reclaimOf(draft, true)
    const event = { type: 'reclaimed', reclosing: id } as const
    draft.effects.push({ do: 'timer', id: `reclaim:${id}`, at: draft.given.now + reclaim, event })
    const breaker = circuitTitle(draft.config, circuit)
    const values = { breaker, at: time(draft.given.now), span: lasting(reclaim) }
    draft.tell(message('notice.reclosed', values), incident)
    draft.note('automatic', 'reclosing.closed', { circuit, incident, shot })
  },
  succeed(draft, circuit, now) {
    tellStory(draft, now, message('story.reclaimed', { span: lasting(reclaimOf(draft, true)) }))
    draft.note('automatic', 'reclosing.succeeded', { circuit, incident: now.incident })
  },
}

/** How long after a close another trip is the same fault, ms. */
export function reclaimOf({ config, given }: Draft, isAutomatic: boolean): number {
  return isAutomatic && config.autoReclose ? config.autoReclose.reclaim : given.policy.closing.reclaim
}

/** Until the next step; where the supply was the fault, it is looked at now. */
function wait(draft: Draft, circuit: string, { id, step, nextAt }: Reclosing): void {
  const event = { type: 'reclose-due', reclosing: id, step } as const
  draft.effects.push({ do: 'timer', id: `reclose:${id}-${step}`, at: nextAt, event })
  const cause = draft.openIncident(circuit)?.cause
  if (cause && isSteadyNeeded(cause))
    draft.effects.push({ do: 'look-up', operation: `${id}-${step}`, circuit })
}

function giveUp(draft: Draft, circuit: string, now: Reclosing, why: Message, what: string): void {
  draft.setCircuit(circuit, { reclosing: { ...now, why } })
  tellStory(draft, now, message('story.reclose-stopped', { why }))
  const breaker = circuitTitle(draft.config, circuit)
  draft.tell(message('notice.reclose-stopped', { breaker, why }), now.incident)
  draft.note('system', what, { circuit, incident: now.incident, why: why.key, ...reasonsOf(why) })
}

/** The reasons of a refusal, for the audit. */
export function reasonsOf({ values }: Message): { reasons?: string[] } {
  const reasons = values?.reasons
  return Array.isArray(reasons) ? { reasons: reasons.map((one) => one.key) } : {}
}

function tellStory(draft: Draft, { incident }: Reclosing, text: Message): void {
  const standing = draft.incident(incident)
  if (standing) draft.changeIncident(standing, {}, text)
}
