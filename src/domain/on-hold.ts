import { answer, type Reply, refuse } from './decision.ts'
import type { Draft } from './draft.ts'
import type { Ask } from './event.ts'
import type { Hold } from './hindrance.ts'
import { message } from './message.ts'
import { stopReclosing } from './on-reclosing.ts'
import { type Actor, may, type Person } from './people.ts'
import { circuitTitle } from './policy.ts'

/** What a listed person who has the right asks of a breaker, or of one circuit. */
export interface AskedHold {
  ask: Ask
  /** Absent: the breaker as a whole. */
  circuit: string | undefined
  person: Person
  actor: Actor
}

const titleOf = (draft: Draft, circuit: string | undefined): string =>
  circuit === undefined ? draft.config.name : circuitTitle(draft.config, circuit)

/** Hangs a tag out: nobody may close, the automat neither, until the one who hung it takes it off. */
export function hold(draft: Draft, { ask, circuit, actor }: AskedHold): Reply {
  const breaker = titleOf(draft, circuit)
  const { reason } = ask
  if (!reason) return refuse('hold.reason', { breaker })
  const own: Hold = { ...(circuit !== undefined && { circuit }), by: actor, at: draft.given.now, reason }
  const others = holdsOf(draft).filter((one) => !isBy(one, actor.person) || one.circuit !== circuit)
  setHolds(draft, [...others, own])
  for (const one of draft.circuits())
    if (circuit === undefined || one === circuit)
      stopReclosing(draft, one, message('reclosing.held', { person: actor.person }))
  draft.note(actor.person, 'hold.set', { circuit, reason })
  draft.tell(message('notice.hold', { breaker, person: actor.person, reason }))
  draft.refreshCards()
  return answer('hold.done', { breaker })
}

/** Lifts one's own holds; an admin, with a reason, those of others, who are then told. */
export function release(draft: Draft, asked: AskedHold): Reply {
  const { ask, circuit, actor, person } = asked
  const breaker = titleOf(draft, circuit)
  const meant = holdsOf(draft).filter((one) => circuit === undefined || one.circuit === circuit)
  if (meant.length === 0) return refuse('release.nothing', { breaker })
  const own = meant.filter((one) => isBy(one, actor.person))
  if (own.length > 0) return lift(draft, asked, own)
  const people = names(meant)
  if (!may(person, 'unlock', draft.config)) {
    draft.note(actor.person, 'release.refused', { circuit, why: 'not theirs' })
    return refuse('release.not-yours', { breaker, people })
  }
  if (!ask.reason) return refuse('release.reason', { breaker, people })
  const answered = lift(draft, asked, meant)
  for (const one of meant) {
    const values = { breaker: titleOf(draft, one.circuit), by: actor.person, reason: ask.reason }
    draft.tellPerson(one.by.person, message('notice.your-hold-lifted', values))
  }
  return answered
}

function lift(draft: Draft, { ask, circuit, actor }: AskedHold, lifted: Hold[]): Reply {
  const breaker = titleOf(draft, circuit)
  const left = holdsOf(draft).filter((one) => !lifted.includes(one))
  setHolds(draft, left)
  for (const one of lifted) {
    draft.note(actor.person, 'hold.lifted', {
      circuit: one.circuit,
      of: one.by.person,
      ...(ask.reason && { reason: ask.reason }),
    })
  }
  const values = { breaker, person: actor.person, people: names(lifted) }
  draft.tell(message('notice.released', values))
  draft.refreshCards()
  if (left.length === 0) return answer('release.done', { breaker })
  return answer('release.others-left', { breaker, people: names(left) })
}

const holdsOf = (draft: Draft): Hold[] => draft.breaker.holds ?? []
const isBy = (one: Hold, person: string): boolean => one.by.person === person
const names = (holds: Hold[]): string => [...new Set(holds.map((one) => one.by.person))].join(', ')

function setHolds(draft: Draft, holds: Hold[]): void {
  const { holds: _, ...rest } = draft.breaker
  draft.breaker = holds.length > 0 ? { ...rest, holds } : rest
}
