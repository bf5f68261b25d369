import type { Message } from './message.ts'

/**
 * Automatic reclosing of one circuit (ANSI 79), as a state machine. Absent: ready.
 *
 * - `waiting`: the contacts are open, the dead time runs.
 * - `closing`: the command is on its way, or its report is awaited.
 * - `watching`: closed; a trip within the reclaim time is the same fault again.
 * - `over`: no more until the circuit has been closed in another way.
 */
export interface Reclosing {
  id: string
  stage: 'waiting' | 'closing' | 'watching' | 'over'
  /** Which close of the sequence this is, from 1. */
  shot: number
  incident: string
  /** When the dead time began, when it ends, and when is the next thing to do, ms. */
  from: number
  dueAt: number
  nextAt: number
  /** Counts what was waited for: an older timer means nothing. */
  step: number
  /** Since when each look at the supply found it well, by our own clock, ms. */
  steadySince?: number
  /** The operation that closes. */
  operation?: string
  /** Why it closes no more. */
  why?: Message
}

export interface ReclosingRules {
  deadTime: number
  shots: number
  /** The supply is looked at meanwhile. */
  looks: boolean
}

export type ReclosingEvent =
  /** `mayBegin`: the cause is allowed, nothing is in the way, and the circuit had been closed for long enough. */
  | { type: 'tripped'; at: number; id: string; incident: string; mayBegin: boolean }
  /** The dead time is over; `gate`: what the closing gate answers, `patience`: it may yet change its mind. */
  | {
      type: 'due'
      at: number
      step: number
      gate: 'yes' | 'no'
      patience: boolean
      operation: string
      why: Message
    }
  | { type: 'looked'; at: number; isWell: boolean | undefined }
  | { type: 'stopped'; why: Message }
  | { type: 'failed'; operation: string; why: Message }
  | { type: 'closed'; operation: string | undefined }
  | { type: 'opened' }
  | { type: 'reclaimed' }

/** What is to be done about a step. `lapse`: it is too late for this close. */
export type ReclosingDeed =
  | 'announce'
  | 'close'
  | 'look'
  | 'lapse'
  | 'give-up'
  | 'lock-out'
  | 'watch'
  | 'succeed'

export interface ReclosingStep {
  next: Reclosing | undefined
  deed?: ReclosingDeed
}

/** A close so long after it was due is no longer the one that was announced, ms. */
export const TOO_LATE = 5000
/** How often the supply is looked at while it must become steady, ms. */
export const LOOK_EVERY = 10_000
/** A supply that has not become steady after so long is a matter for people, ms. */
export const PATIENCE = 600_000

/** One step of the machine. What a state does not know of changes nothing. */
export function advanceReclosing(
  now: Reclosing | undefined,
  event: ReclosingEvent,
  rules: ReclosingRules,
): ReclosingStep {
  switch (event.type) {
    case 'tripped':
      return onTripped(now, event, rules)
    case 'due':
      return onDue(now, event)
    case 'looked':
      return { next: now?.stage === 'waiting' ? looked(now, event) : now }
    case 'stopped':
      return now?.stage === 'waiting' ? { next: over(now, event.why), deed: 'give-up' } : { next: now }
    case 'failed':
      return now?.stage === 'closing' && now.operation === event.operation
        ? { next: over(now, event.why), deed: 'give-up' }
        : { next: now }
    case 'closed':
      return onClosed(now, event.operation)
    case 'opened':
      return { next: undefined }
    case 'reclaimed':
      return now?.stage === 'watching' ? { next: undefined, deed: 'succeed' } : { next: now }
  }
}

function onTripped(
  now: Reclosing | undefined,
  event: Extract<ReclosingEvent, { type: 'tripped' }>,
  rules: ReclosingRules,
): ReclosingStep {
  const { id, incident, at, mayBegin } = event
  if (now?.stage === 'over') return { next: now }
  if (now?.stage === 'waiting') {
    // Said again; or another fault of contacts that stand open, which begins its dead time anew.
    if (now.incident === incident) return mayBegin ? { next: now } : { next: over(now), deed: 'give-up' }
    return mayBegin
      ? { next: begin(id, incident, at, now.shot, rules), deed: 'announce' }
      : { next: over(now), deed: 'give-up' }
  }
  if (now) {
    return mayBegin && now.shot < rules.shots
      ? { next: begin(id, incident, at, now.shot + 1, rules), deed: 'announce' }
      : { next: over({ ...now, incident }), deed: 'lock-out' }
  }
  return mayBegin ? { next: begin(id, incident, at, 1, rules), deed: 'announce' } : { next: undefined }
}

function begin(id: string, incident: string, from: number, shot: number, rules: ReclosingRules): Reclosing {
  const dueAt = from + rules.deadTime
  const nextAt = rules.looks ? Math.min(dueAt, from + LOOK_EVERY) : dueAt
  return { id, stage: 'waiting', shot, incident, from, dueAt, nextAt, step: 1 }
}

function onDue(now: Reclosing | undefined, event: Extract<ReclosingEvent, { type: 'due' }>): ReclosingStep {
  if (now?.stage !== 'waiting' || now.step !== event.step) return { next: now }
  const { at, gate, operation, why } = event
  if (at > now.nextAt + TOO_LATE) return { next: over(now), deed: 'lapse' }
  if (at < now.dueAt) return { next: again(now, Math.min(now.dueAt, at + LOOK_EVERY)), deed: 'look' }
  if (gate === 'yes') return { next: { ...now, stage: 'closing', operation }, deed: 'close' }
  if (!event.patience || at >= now.from + PATIENCE) return { next: over(now, why), deed: 'give-up' }
  return { next: again(now, at + LOOK_EVERY), deed: 'look' }
}

const again = (now: Reclosing, nextAt: number): Reclosing => ({ ...now, step: now.step + 1, nextAt })

function looked(now: Reclosing, { at, isWell }: { at: number; isWell: boolean | undefined }): Reclosing {
  if (isWell === undefined) return now
  if (isWell) return now.steadySince === undefined ? { ...now, steadySince: at } : now
  const { steadySince: _, ...rest } = now
  return rest
}

/** Closed: by the close that this machine gave, even where it was thought to have failed, or in another way. */
function onClosed(now: Reclosing | undefined, operation: string | undefined): ReclosingStep {
  const isOurs = now !== undefined && now.operation !== undefined && now.operation === operation
  if (!isOurs) return { next: undefined }
  const { why: _, ...rest } = now
  return { next: { ...rest, stage: 'watching' }, deed: 'watch' }
}

function over(now: Reclosing, why?: Message): Reclosing {
  const { why: _, ...rest } = now
  return { ...rest, stage: 'over', ...(why && { why }) }
}
