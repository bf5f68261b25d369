import { circuitState } from './breaker.ts'
import { CHECKS } from './closing-checks.ts'
import type { CloseRequest, Fresh } from './closing-request.ts'
import { faultClass } from './fault-class.ts'
import { type Message, message } from './message.ts'
import type { Operation } from './operation.ts'
import { type Actor, actorIn, type Person } from './people.ts'
import type { Policy } from './policy.ts'

/** At once (never for a person), after a confirming step, with a second person, or not, and why not. */
export type GateAnswer = { may: 'yes' | 'confirm' | 'second-person' } | { may: 'no'; reasons: Message[] }

/**
 * The one gate that every close passes: asked for by a person, as a step of a group, or automatic. Answers `no` with
 * every reason that stands, in the order of the checks, not only the first.
 */
export function mayClose(request: CloseRequest): GateAnswer {
  const reasons = CHECKS.flatMap((check) => check(request))
  if (reasons.length > 0) return { may: 'no', reasons }
  if (request.by === 'automatic') return { may: 'yes' }
  return { may: needsSecondPerson(request, request.by) ? 'second-person' : 'confirm' }
}

function needsSecondPerson({ breaker, circuit, incident }: CloseRequest, person: Person): boolean {
  // A program cannot see what it closes upon: somebody else has to.
  if (person.program) return true
  if (incident) return faultClass(incident.cause).person !== 'confirm'
  const opening = circuitState(breaker, circuit).opening
  // Opened on purpose: somebody may be working on it. Only the one who opened it may close it alone.
  return opening?.by !== 'command' || opening.actor.person !== person.name
}

/** What a permit is good for: one order, as `device/control` takes it. */
export interface CloseOrder {
  device: string
  circuit: string
  /** The operation's reference. */
  extra: string
}

/** How long a permit is good, ms: it is asked for last of all, and the order leaves at once. */
const GOOD_FOR = 2000

const KEY = Symbol('the closing gate')

class Permit {
  readonly #order: CloseOrder
  readonly #issuedAt: number
  #isSpent = false

  constructor(key: symbol, order: CloseOrder, issuedAt: number) {
    if (key !== KEY) throw new TypeError('only the closing gate issues permits')
    this.#order = order
    this.#issuedAt = issuedAt
  }

  static spend(permit: unknown, order: CloseOrder, now: number): string | undefined {
    const isOurs = typeof permit === 'object' && permit !== null && #order in permit
    if (!isOurs) return 'the closing gate has issued no permit'
    const { device, circuit, extra } = permit.#order
    if (device !== order.device || circuit !== order.circuit || extra !== order.extra)
      return 'the permit is for another order'
    if (permit.#isSpent) return 'the permit was used already'
    if (Math.abs(now - permit.#issuedAt) > GOOD_FOR) return 'the permit has run out'
    permit.#isSpent = true
    return undefined
  }
}

/** Leave to close one circuit once, now. Only {@link permitToClose} makes one. */
export type ClosePermit = Permit

/** Uses a permit up. Answers why it is not good for this order now; undefined when it is. */
export const spendPermit: (permit: unknown, order: CloseOrder, now: number) => string | undefined =
  Permit.spend

/** What is known right before a confirmed close is to leave. */
export type PermitRequest = Omit<CloseRequest, 'by' | 'operation' | 'fresh'> & { fresh: Fresh }

/**
 * The gate, asked last of all: something may have come to light since it was confirmed, or been reconfigured. Issues the
 * permit, or names every reason against it. Also refused where the cause now asks for a second person and only one has
 * confirmed.
 */
export function permitToClose(
  request: PermitRequest,
  operation: Operation,
): { permit: ClosePermit } | { reasons: Message[] } {
  const { config, policy, circuit, now } = request
  const standing = circuitState(request.breaker, circuit).operation
  const isPresent =
    standing?.id === operation.id && standing.stage === 'confirmed' && standing.to === 'closed'
  if (!isPresent) return { reasons: [message('operation.overtaken')] }
  const { askedBy, confirmedBy = askedBy } = operation
  const reasons = [askedBy, ...(confirmedBy.person === askedBy.person ? [] : [confirmedBy])].flatMap(
    (actor) => {
      const by = closer(policy, actor)
      if (!by) return [message('gate.role', { person: actor.person })]
      const gate = mayClose({ ...request, by, operation: operation.id })
      if (gate.may === 'no') return gate.reasons
      return gate.may === 'second-person' && !operation.secondPerson ? [message('gate.second-person')] : []
    },
  )
  if (reasons.length > 0) return { reasons: distinct(reasons) }
  return { permit: new Permit(KEY, { device: config.id, circuit, extra: operation.ref }, now) }
}

function closer(policy: Policy, actor: Actor): CloseRequest['by'] | undefined {
  return actor.automatic ? 'automatic' : actorIn(policy, actor)
}

const distinct = (reasons: Message[]): Message[] =>
  reasons.filter((one, index) => reasons.findIndex((other) => isSame(one, other)) === index)
const isSame = (one: Message, other: Message) => JSON.stringify(one) === JSON.stringify(other)
