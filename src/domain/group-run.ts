import type { StepTold } from './event.ts'
import { type Message, message } from './message.ts'
import type { Actor, ChannelName } from './people.ts'
import type { ChatRef } from './policy.ts'
import type { Position } from './report.ts'

/**
 * How far one circuit of a group run has come.
 * - `waiting`: its turn has not come; `void`: and will not, for the run was stopped
 * - `begun`: the breaker's lane has been asked, nothing is known to have left; `sent`: the command left
 * - `done`: the breaker has reported it; `already`: it stood so, nothing was sent
 * - `second-person`: the close waits on its own card for another person
 * - `refused`: the gate said no, or it cannot be reached: nothing was sent; `failed`: a command came to nothing
 * - `unconfirmed`: sent, and no report came
 */
export type StepStanding =
  | 'waiting'
  | 'void'
  | 'begun'
  | 'sent'
  | 'done'
  | 'already'
  | 'second-person'
  | 'refused'
  | 'failed'
  | 'unconfirmed'

export interface RunStep {
  breaker: string
  circuit: string
  /** The circuit as people call it. */
  title: string
  standing: StepStanding
  /** How it stood when the run was asked for, where that is worth a word. */
  seen?: 'already' | 'offline'
  /** The operation that was last told of, and its version. */
  operation?: string
  told: number
  why?: Message[]
}

/**
 * Opening or closing all circuits of a group, one ordinary operation each: asked → running → ended, or cancelled,
 * expired. It sends nothing itself: it asks each breaker's lane, once, and is told what becomes of it.
 */
export interface GroupRun {
  id: string
  to: Position
  /** The group, site or room as it is called. */
  place: string
  /** The rooms whose breakers are in it. */
  rooms: string[]
  /** Where its card stands. */
  chats: ChatRef[]
  stage: 'asked' | 'running' | 'ended' | 'cancelled' | 'expired'
  /** Grows with each change, for the card. */
  version: number
  /** A person; nothing automatic begins a run. */
  askedBy: Actor & { channel: ChannelName }
  /** The platform's own id of the one who asked: each breaker's lane looks up again what that person may. */
  sender: string
  askedAt: number
  /** Where it was asked. */
  chat: ChatRef
  /** Only a button that names it confirms or stops it. */
  nonce: string
  expiresAt: number
  confirmedAt?: number
  /** No step begins before, ms: closes are staggered. */
  nextAt: number
  /** When a step last began or was told of, ms. */
  movedAt: number
  endedAt?: number
  /** Why the steps that were still waiting became void. */
  stopped?: Message
  steps: RunStep[]
}

/** So many circuits at once may be on their way to being opened; closes go one by one. */
export const AT_ONCE = 20

export const countOf = ({ steps }: GroupRun, ...standings: StepStanding[]): number =>
  steps.filter((one) => standings.includes(one.standing)).length

/** How many stand as wanted. */
export const reached = (run: GroupRun): number => countOf(run, 'done', 'already')

/** How many will not come to stand as wanted by this run. */
export const missed = (run: GroupRun): number => countOf(run, 'refused', 'failed', 'unconfirmed', 'void')

/** True while a step may still begin. */
export const isStoppable = (run: GroupRun): boolean =>
  run.stage === 'asked' || (run.stage === 'running' && countOf(run, 'waiting') > 0)

export const isStanding = ({ stage }: GroupRun): boolean => stage === 'asked' || stage === 'running'

/** The steps whose turn has come: openings many at once, closes one by one and not before {@link GroupRun.nextAt}. */
export function nextSteps(run: GroupRun, now: number): RunStep[] {
  if (run.to === 'closed' && now < run.nextAt) return []
  const free = (run.to === 'closed' ? 1 : AT_ONCE) - countOf(run, 'begun')
  return free > 0 ? run.steps.filter((one) => one.standing === 'waiting').slice(0, free) : []
}

const STANDINGS: Record<StepTold['stage'], StepStanding> = {
  already: 'already',
  refused: 'refused',
  asked: 'second-person',
  confirmed: 'begun',
  sent: 'sent',
  done: 'done',
  unconfirmed: 'unconfirmed',
  failed: 'failed',
  cancelled: 'failed',
  expired: 'failed',
}

/** The step as told; undefined where that is older than what is known. */
export function stepAfter(step: RunStep, told: StepTold): RunStep | undefined {
  if (step.operation === told.operation && told.version <= step.told) return undefined
  const { why: _, ...rest } = step
  const { stage } = told
  const ended = stage === 'cancelled' || stage === 'expired' ? [message(`state.${stage}`)] : undefined
  const why = told.why ?? ended
  return {
    ...rest,
    standing: STANDINGS[stage],
    told: told.version,
    ...(told.operation !== undefined && { operation: told.operation }),
    ...(why && { why }),
  }
}

export function withStep(run: GroupRun, step: RunStep): GroupRun {
  const isIt = (one: RunStep) => one.breaker === step.breaker && one.circuit === step.circuit
  return { ...run, steps: run.steps.map((one) => (isIt(one) ? step : one)) }
}
