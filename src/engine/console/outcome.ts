import { circuitState } from '../../domain/breaker.ts'
import type { Decision } from '../../domain/decision.ts'
import type { Operation } from '../../domain/operation.ts'
import type { ConsoleWork, Outcome } from './deed.ts'

/** What came of a deed about one breaker, by the decision on it. */
export function outcomeIn(
  { breaker, reply, effects }: Decision,
  { by, deed, print }: ConsoleWork,
  id: string,
): Outcome | undefined {
  if (!reply) return undefined
  if (reply.refused) return { reply, state: 'refused', breaker: id, print }
  const all = Object.keys(breaker.circuits).flatMap((one) => circuitState(breaker, one).operation ?? [])
  const sent = effects.find((one) => one.do === 'switch')
  const operation = sent
    ? all.find((one) => one.id === sent.operation)
    : deed.do === 'ask' && deed.action === 'reclose'
      ? newest(all.filter((one) => one.stage === 'asked'))
      : undefined
  const { nonce, expiresAt, secondPerson } = operation ?? {}
  // A program confirms nothing, so it is told no word for it.
  const confirm = !sent &&
    by.channel &&
    nonce !== undefined && { nonce, expiresAt: expiresAt!, secondPerson: secondPerson! }
  return {
    reply,
    state: sent ? 'sent' : operation ? 'asked' : 'done',
    ...(confirm && { confirm }),
    breaker: id,
    ...(operation && { operation: operation.id }),
    print,
  }
}

/** Of several circuits' requests, the one that was made just now. */
const newest = (all: readonly Operation[]): Operation | undefined =>
  all.toSorted((a, b) => b.askedAt - a.askedAt)[0]
