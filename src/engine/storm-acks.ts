import type { Reply } from '../domain/decision.ts'
import type { Ask } from '../domain/event.ts'
import { may, type Person } from '../domain/people.ts'
import type { ChatRef } from '../domain/policy.ts'
import { STORM_CARD, type Storm } from '../domain/storm.ts'
import { type AckCount, decideStormAck, kindOf, type StormAsk } from '../domain/storm-ack.ts'
import type { StormMember } from '../domain/storm-member.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { inboxJob } from './inbox-job.ts'
import type { LateWords } from './missed.ts'
import { type Lookup, type Parts, roomSubject } from './parts.ts'
import { createPressedAck, createShow } from './pressed.ts'
import { breakerLane, PRIORITY } from './queues.ts'
import { sayJob } from './send-jobs.ts'
import { membersOf } from './storm-members.ts'
import { getStorm, stormJob, stormWrite } from './storm-state.ts'
import type { PressWork, StormWork, TextWork } from './work.ts'

const MAX_CONFLICTS = 10

/** Acknowledging all of a storm at once: each of its incidents is asked for in its breaker's lane, in the person's name. */
export function createStormAcks(
  parts: Parts,
  lookup: Lookup,
  aliases: Aliases,
  answers: Answers,
  cardJobs: (job: Job, storm: Storm, urgent: boolean, now: number, answeredIn?: ChatRef) => NewJob[],
) {
  const { store } = parts
  const show = createShow(parts, lookup, answers, STORM_CARD)
  const pressedAck = createPressedAck(parts, lookup, aliases, show)

  /** A button of a storm's card; it belongs to the room's chats. */
  async function press(job: Job, work: PressWork, late: LateWords | undefined): Promise<JobResult> {
    const storm = (await getStorm(store, work.pressed.id))?.value
    const chat = await pressedAck(job, work, late, storm)
    if (!storm || !chat) return 'done'
    const { channel, input } = work
    const { id: sender, anonymous = false } = input.sender
    const cardInAnswer = parts.channels.get(channel)?.abilities.cardInAnswer
    const result = await acknowledge(job, storm.id, { channel, sender, anonymous }, chat, {
      answeredIn: cardInAnswer && !late ? chat : undefined,
      extra: ({ text }) => late?.(text) ?? [],
    })
    if (!('text' in result)) return result
    show(job, storm.id, chat, late, result).catch(() => answers.give(job.id, {}, late !== undefined))
    return 'committed'
  }

  /** A typed word that acknowledges all. */
  async function say(
    job: Job,
    { channel, input }: TextWork,
    chat: ChatRef,
    storm: string,
  ): Promise<JobResult> {
    const { id: sender, anonymous = false } = input.sender
    const ask = { channel, sender, anonymous }
    const extra = ({ text }: Reply) => [sayJob(job.id, chat, [text])]
    const result = await acknowledge(job, storm, ask, lookup.configured(chat), { extra })
    return 'text' in result ? 'committed' : result
  }

  async function acknowledge(
    job: Job,
    id: string,
    ask: StormAsk,
    chat: ChatRef,
    more: { answeredIn?: ChatRef | undefined; extra?: (reply: Reply) => NewJob[] },
  ): Promise<Exclude<JobResult, string> | Reply> {
    const person = ask.anonymous ? undefined : lookup.person(ask.channel, ask.sender)
    for (let tried = 0; tried < MAX_CONFLICTS; tried++) {
      const known = await getStorm(store, id)
      if (!known) return { dead: 'there is no such storm any more' }
      const now = parts.now()
      const counts = await countAcks(known.value, person)
      const { reply, storm, audit } = decideStormAck(known.value, ask, person, counts, now)
      const committed = await store.commit({
        writes: storm ? [stormWrite(storm, known.version)] : [],
        jobs: [
          ...(storm ? [ackJob(job, storm, ask, chat, now)] : []),
          ...(storm ? cardJobs(job, storm, false, now, more.answeredIn) : []),
          ...(more.extra?.(reply) ?? []),
        ],
        audit: audit.map((line) => ({ ...line, at: now, subject: roomSubject(known.value.room) })),
        done: job.id,
      })
      if (committed === 'ok') return reply
    }
    return { retryAt: parts.now() + 50, why: 'the storm changed under the decision each time' }
  }

  async function countAcks(storm: Storm, person: Person | undefined): Promise<AckCount> {
    const counts: AckCount = { mine: 0, others: 0, underWay: 0 }
    if (!person) return counts
    const by = { person, people: parts.policy.people, now: parts.now() }
    for await (const page of membersOf(store, storm.id))
      for (const { value } of page) {
        const kind = kindOf(storm, value, lookup.breaker(value.breaker), by)
        if (kind) counts[kind]++
      }
    return counts
  }

  /** Asks each breaker's lane, page by page; what was asked already, before the process died, is asked once. */
  async function askAll(job: Job, storm: string, ack: NonNullable<StormWork['ack']>): Promise<JobResult> {
    const person = lookup.person(ack.channel, ack.sender)
    for await (const page of membersOf(store, storm)) {
      const wanted = page.filter(
        ({ value }) => isWanted(value, ack.at) && may(person, 'acknowledge', lookup.breaker(value.breaker)),
      )
      await store.enqueue(wanted.map(({ value }) => askJob(job, value, ack)))
    }
    return 'done'
  }

  return { press, say, askAll }
}

const isWanted = ({ standing, owner, joinedAt }: StormMember, at: number): boolean =>
  standing === 'open' && owner === undefined && joinedAt <= at

function ackJob(job: Job, { id: storm }: Storm, ask: StormAsk, chat: ChatRef, at: number): NewJob {
  return stormJob(`storm-ack:${storm}:${job.id}`, { from: 'storm', storm, ack: { ...ask, chat, at } })
}

function askJob(
  job: Job,
  { breaker, incident }: StormMember,
  { at: _, ...ack }: NonNullable<StormWork['ack']>,
): NewJob {
  const event: Ask = { ...ack, type: 'ask', action: 'ack', subject: incident, typed: false }
  const place = { id: `${job.id}:${incident}`, lane: breakerLane(breaker), priority: PRIORITY.answer }
  return inboxJob(place, { from: 'inside', breaker, event })
}
