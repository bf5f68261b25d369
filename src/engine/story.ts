import type { Decision, Situation } from '../domain/decision.ts'
import type { BreakerEvent } from '../domain/event.ts'
import type { Incident } from '../domain/incident.ts'
import type { Job } from '../store/store.ts'
import { joinTrace, traceId } from '../tracing/trace.ts'
import { getIncident, type Parts } from './parts.ts'

/**
 * The decision, with one id for all that is told of an incident: what opens one gives it the id under which it is
 * decided, and what touches one later goes on under that.
 */
export function underOneTrace(situation: Situation, decision: Decision, event: BreakerEvent): Decision {
  const known = new Map(situation.incidents.map((one) => [one.id, one]))
  const isNew = (one: Incident) => !known.has(one.id)
  const opened = decision.incidents.filter(isNew)
  if (opened.length === 0) {
    const subject = event.type === 'ask' && event.subject !== undefined ? known.get(event.subject) : undefined
    const trace = [subject, ...decision.incidents].find((one) => one?.trace !== undefined)?.trace
    if (trace !== undefined) joinTrace(trace)
    return decision
  }
  const trace = traceId()
  if (trace === undefined) return decision
  return { ...decision, incidents: decision.incidents.map((one) => (isNew(one) ? { ...one, trace } : one)) }
}

/** What is pressed on an incident's card belongs to it from the beginning. */
export async function joinIncident({ store }: Pick<Parts, 'store'>, id: string): Promise<void> {
  const trace = (await getIncident(store, id))?.value.trace
  if (trace !== undefined) joinTrace(trace)
}

/** One line for each decision that anything follows from but samples. */
export function tellDecision(
  log: Parts['log'],
  { id, createdAt }: Job,
  event: BreakerEvent,
  { breaker, incidents, audit, reply }: Decision,
  now: number,
): void {
  if (incidents.length + audit.length === 0 && !reply) return
  log.info(
    {
      on: event.type === 'report' ? `push ${event.report.kind}` : event.type,
      ...(event.type === 'ask' && { action: event.action }),
      breaker: breaker.id,
      ...(incidents.length > 0 && { incidents: incidents.map((one) => one.id) }),
      ...(audit.length > 0 && { audit: audit.map((one) => one.what) }),
      ...(reply && { reply: reply.text.key, refused: reply.refused }),
      job: id,
      ms: now - createdAt,
    },
    'decided',
  )
}
