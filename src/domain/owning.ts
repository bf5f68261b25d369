import type { Changes } from './changes.ts'
import { answer, type Reply, refuse } from './decision.ts'
import { type Message, message, time } from './message.ts'
import type { Ownership } from './ownership.ts'
import { type Actor, may, type Person, type Place, roleAt, storyLine } from './people.ts'

/** So long whoever it is handed over to may take to say that they take it, ms; then it is nobody's again. */
export const HANDOVER_HOLDS = 300_000

/** What a word about whose it is comes to. `fields`: absent where nothing changes; one of undefined is taken away. */
export interface Owned {
  reply: Reply
  fields?: Changes<Ownership>
  story?: Message
  /** What the audit calls it. */
  what?: string
  /** Who is told that it is theirs now. */
  tells?: string
}

/** What is the same for all three words. */
export interface Word {
  /** What it is about, as people call it. */
  title: string | Message
  person: Person
  actor: Actor
  now: number
  /** How long an acknowledgement holds, ms; 0 or absent: for good. */
  holds?: number | undefined
}

/** What can be said about whose it is. */
export type OwnAction = 'ack' | 'unack' | 'handover'

/**
 * What one of the three words comes to.
 * @param to whom a hand-over is to
 */
export function owned(
  alarm: Ownership,
  action: OwnAction,
  word: Word,
  { to, place }: { to: Person | undefined; place: Place | undefined },
): Owned {
  if (action === 'ack') return takeOn(alarm, word)
  return action === 'unack' ? letGo(alarm, word) : handOver(alarm, to, { ...word, place })
}

/** Somebody takes it on: it is theirs until it is resolved, or for so long. */
function takeOn(alarm: Ownership, { title: breaker, actor, now, holds }: Word): Owned {
  const { person } = actor
  const { owner, handedOverBy } = alarm
  const mine = owner?.person === person
  if (mine && handedOverBy === undefined) return { reply: answer('ack.already-yours', { breaker }) }
  if (owner && !mine && handedOverBy === undefined)
    return { reply: answer('ack.already', { breaker, person: owner.person }) }
  return {
    reply: holds
      ? answer('ack.done-until', { breaker, person, until: time(now + holds) })
      : answer('ack.done', { breaker, person }),
    fields: { status: 'acknowledged', owner: actor, acknowledgedAt: now, handedOverBy: undefined },
    story: storyLine('story.acknowledged', actor),
    what: 'acknowledged',
  }
}

/** Nobody's again: it begins from the start. Anybody who may take it on may say so. */
function letGo(alarm: Ownership, { title: breaker, actor }: Word): Owned {
  if (!alarm.owner) return { reply: refuse('unack.nothing', { breaker }) }
  return {
    reply: answer('unack.done', { breaker }),
    fields: { status: 'open', ...NOBODYS },
    story: storyLine('story.unacknowledged', actor),
    what: 'unacknowledged',
  }
}

/** The owner, or an admin, gives it to another, who is called on and has to say that they take it. */
function handOver(
  alarm: Ownership,
  to: Person | undefined,
  word: Word & { place: Place | undefined },
): Owned {
  const { title: breaker, actor, person, now, place } = word
  if (!to) return { reply: refuse('handover.whom', { breaker }) }
  if (!alarm.owner) return { reply: refuse('handover.not-owned', { breaker }) }
  if (alarm.owner.person !== person.name && roleAt(person, place) !== 'admin')
    return { reply: refuse('handover.not-yours', { breaker, person: alarm.owner.person }) }
  if (alarm.owner.person === to.name)
    return { reply: answer('handover.already', { breaker, person: to.name }) }
  if (!may(to, 'acknowledge', place))
    return { reply: refuse('handover.may-not', { breaker, person: to.name }) }
  return {
    reply: answer('handover.done', { breaker, person: to.name, minutes: HANDOVER_HOLDS / 60_000 }),
    fields: {
      status: 'acknowledged',
      owner: { person: to.name },
      acknowledgedAt: now,
      handedOverBy: actor.person,
    },
    story: message('story.handed-over', { from: actor.person, to: to.name }),
    what: 'handed-over',
    tells: to.name,
  }
}

/** Its time is over, and it is not resolved: nobody's again. */
export function lapse({ owner, handedOverBy }: Ownership): Required<Pick<Owned, 'fields' | 'story'>> {
  const key = handedOverBy === undefined ? 'story.ack-lapsed' : 'story.handover-lapsed'
  return {
    fields: { status: 'open', ...NOBODYS },
    story: message(key, { person: owner?.person ?? '' }),
  }
}

const NOBODYS = { owner: undefined, acknowledgedAt: undefined, handedOverBy: undefined } as const

/** When an acknowledgement lapses, ms; undefined: never. */
export function lapsesAt(
  { acknowledgedAt, handedOverBy }: Ownership,
  holds: number | undefined,
): number | undefined {
  if (acknowledgedAt === undefined) return undefined
  const limit = handedOverBy === undefined ? holds : Math.min(holds || HANDOVER_HOLDS, HANDOVER_HOLDS)
  return limit ? acknowledgedAt + limit : undefined
}
