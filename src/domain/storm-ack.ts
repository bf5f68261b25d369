import { type AuditLine, answer, type Reply, refuse } from './decision.ts'
import { type ChannelName, may, type Person } from './people.ts'
import type { BreakerConfig } from './policy.ts'
import { type Storm, type StormAck, withAck } from './storm.ts'
import type { StormMember } from './storm-member.ts'

/** For so long after somebody acknowledged all, it is being done, ms. */
const BEING_DONE = 60_000

/** Who wants to acknowledge all of a storm's incidents. */
export interface StormAsk {
  channel: ChannelName
  /** The platform's own id. */
  sender: string
  anonymous: boolean
}

/** What acknowledging all would come to. */
export interface AckCount {
  /** Nobody has acknowledged them, and this person may. */
  mine: number
  /** Nor these, but this person may not. */
  others: number
  /** They are being acknowledged since somebody's word a moment ago. */
  underWay: number
}

export interface StormAckDecision {
  reply: Reply
  /** Absent: nothing follows. */
  storm?: Storm
  audit: AuditLine[]
}

/** What an acknowledgement of all means for one member. */
export function kindOf(
  { acks }: Storm,
  { standing, owner, joinedAt }: StormMember,
  config: BreakerConfig | undefined,
  { person, people, now }: { person: Person; people: readonly Person[]; now: number },
): keyof AckCount | undefined {
  if (standing !== 'open' || owner !== undefined || !config) return undefined
  const isUnderWay = acks.some((ack) => {
    const acker = people.find((one) => one.name === ack.person)
    return now < ack.at + BEING_DONE && joinedAt <= ack.at && may(acker, 'acknowledge', config)
  })
  if (isUnderWay) return 'underWay'
  return may(person, 'acknowledge', config) ? 'mine' : 'others'
}

/** Somebody acknowledges all at once; whoever is not listed, or may not anywhere, changes nothing. */
export function decideStormAck(
  storm: Storm,
  ask: StormAsk,
  person: Person | undefined,
  { mine, others, underWay }: AckCount,
  now: number,
): StormAckDecision {
  const details = { storm: storm.id, count: mine }
  const who = person?.name ?? `${ask.channel}:${ask.sender}`
  const turnAway = (reply: Reply, why: string): StormAckDecision => ({
    reply,
    audit: [{ who, what: 'ack.refused', details: { storm: storm.id, why } }],
  })
  if (ask.anonymous) return turnAway(refuse('ask.anonymous'), 'not listed')
  if (!person) return turnAway(refuse('ask.stranger', { id: ask.sender }), 'not listed')
  if (mine === 0 && underWay === 0 && others > 0)
    return turnAway(refuse('gate.role', { person: person.name }), 'role')
  if (mine === 0 && underWay > 0)
    return { reply: answer('storm.ack-under-way', { person: storm.acks.at(-1)!.person }), audit: [] }
  if (mine === 0) return { reply: answer('storm.ack-nothing'), audit: [] }
  const ack: StormAck = { person: person.name, channel: ask.channel, at: now, count: mine }
  return {
    reply: answer(others > 0 ? 'storm.ack-some' : 'storm.ack-done', {
      person: person.name,
      count: mine,
      others,
    }),
    storm: withAck(storm, ack),
    audit: [{ who, what: 'storm.acknowledged', details }],
  }
}
