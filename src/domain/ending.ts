import type { Draft } from './draft.ts'
import type { Incident } from './incident.ts'
import { message } from './message.ts'

/** The breaker stands as the operation was to bring it, at `at` or, where no push told, at some time since `after`. */
export function finish(draft: Draft, circuit: string, at: number, after?: number): void {
  const { operation } = draft.circuit(circuit)
  if (!operation) return
  const ended = { stage: 'done', endedAt: at, ...(after !== undefined && { endedAfter: after }) } as const
  draft.changeOperation(circuit, ended)
  draft.effects.push({ do: 'cancel-timer', id: `feedback:${operation.id}` })
  draft.note('system', 'operation.done', { operation: operation.id, to: operation.to })
}

/** What was asked for was asked for in other circumstances. */
export function endAsked(draft: Draft, circuit: string, at: number): void {
  if (draft.circuit(circuit).operation?.stage !== 'asked') return
  draft.changeOperation(circuit, { stage: 'cancelled', endedAt: at, why: message('operation.overtaken') })
}

/** The fields of an incident that is over. */
export function resolved(at: number, more: Partial<Incident> = {}): Partial<Incident> {
  return { status: 'resolved', resolvedAt: at, ...more }
}
