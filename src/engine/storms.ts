import type { ChatRef } from '../domain/policy.ts'
import { decideStorm, QUIET, STORM_CARD, type Storm, type StormDecision } from '../domain/storm.ts'
import type { StormMember } from '../domain/storm-member.ts'
import { type StormTally, startCounting } from '../domain/storm-tally.ts'
import type { Job, JobResult, NewJob, Versioned } from '../store/store.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { insideJob } from './follow-up.ts'
import { chatKey, type Lookup, type Parts, roomSubject } from './parts.ts'
import { cardJob, type Origin } from './send-jobs.ts'
import { createStormAcks } from './storm-acks.ts'
import { dropMembers, membersOf } from './storm-members.ts'
import { countJob, getStorm, stormJob, stormWrite } from './storm-state.ts'
import { watched } from './watches.ts'
import type { StormWork } from './work.ts'

const MAX_CONFLICTS = 10

export type Storms = ReturnType<typeof createStorms>

/** Counts the incidents of storms, has their cards brought up to date, and ends them when they have passed. */
export function createStorms(parts: Parts, lookup: Lookup, aliases: Aliases, answers: Answers) {
  const { store, log } = parts
  const acks = createStormAcks(parts, lookup, aliases, answers, cardJobs)

  async function run(job: Job, { storm, ack }: StormWork): Promise<JobResult> {
    return ack ? acks.askAll(job, storm, ack) : count(job, storm)
  }

  /** Counts a storm's members anew and commits what follows from it, the job included. */
  async function count(job: Job, id: string): Promise<JobResult> {
    for (let tried = 0; tried < MAX_CONFLICTS; tried++) {
      const known = await getStorm(store, id)
      if (!known) return 'done'
      const now = parts.now()
      const { tally, strays } = await countMembers(known.value)
      const decision = decideStorm(known.value, tally, { now, more: parts.policy.storm.more })
      if (known.value.phase === 'over' && decision.end === 'clear') return clear(known)
      const committed = await store.commit({
        writes: decision.storm === known.value ? [] : [stormWrite(decision.storm, known.version)],
        jobs: [
          ...(await jobsOf(job, decision, now)),
          ...strays.map((member) => releaseJob(id, member, 'moved')),
        ],
        cancel: cancelled(known.value, decision),
        audit: decision.audit.map((line) => ({ ...line, at: now, subject: roomSubject(known.value.room) })),
        done: job.id,
      })
      if (committed === 'ok') return 'committed'
    }
    return { retryAt: parts.now() + 1000, why: 'the storm changed under the count each time' }
  }

  /** `strays`: those whose breaker is another room's by now, where nobody would see them on this card. */
  async function countMembers(storm: Storm): Promise<{ tally: StormTally; strays: StormMember[] }> {
    const sizes = new Map<string, number>()
    for (const { site } of lookup.breakersIn(storm.room)) sizes.set(site, (sizes.get(site) ?? 0) + 1)
    const { more } = parts.policy.storm
    const isHere = (breaker: string) => lookup.breaker(breaker)?.room === storm.room
    const counting = startCounting({ since: storm.since, sizes, more, isHere })
    const strays: StormMember[] = []
    for await (const page of membersOf(store, storm.id))
      for (const { value } of page) {
        counting.add(value)
        const isStray = value.standing === 'open' && !isHere(value.breaker) && lookup.breaker(value.breaker)
        if (isStray) strays.push(value)
      }
    return { tally: counting.done(), strays }
  }

  async function jobsOf(
    job: Job,
    { storm, card, end, lookAt }: StormDecision,
    now: number,
  ): Promise<NewJob[]> {
    const releases: NewJob[] = []
    if (end === 'release')
      for await (const page of membersOf(store, storm.id))
        releases.push(
          ...page
            .filter(({ value }) => value.standing === 'open')
            .map(({ value }) => releaseJob(storm.id, value, 'over')),
        )
    return [
      ...(card ? cardJobs(job, storm, card.urgent, now) : []),
      ...releases,
      ...(lookAt === undefined ? [] : [lookJob(storm.id, lookAt)]),
      ...(end === 'clear' ? [countJob(job.id, storm.id, now)] : []),
    ]
  }

  /** Its card in all chats of the room. Where each change is told by a text, those keep their distance. */
  function cardJobs(job: Job, storm: Storm, urgent: boolean, now: number, answeredIn?: ChatRef): NewJob[] {
    const isTold = ({ channel }: ChatRef) => parts.channels.get(channel)?.abilities.updateAnyTime === false
    const origin: Origin = { job: job.id, now, askedAt: now, isTold, ...(answeredIn && { answeredIn }) }
    const jobs = (lookup.room(storm.room)?.chats ?? []).map((chat) => {
      const made = cardJob(STORM_CARD, { do: 'card', subject: storm.id, urgent }, chat, origin)
      const isHere = answeredIn && chatKey(answeredIn) === chatKey(chat)
      return isTold(chat) && !urgent && !isHere ? { ...made, dueAt: Math.max(now, storm.toldAt) } : made
    })
    return watched(jobs, now)
  }

  /** Nothing of it is open any more, nor will be: its numbers stay, its members go. */
  async function clear({ value: storm }: Versioned<Storm>): Promise<JobResult> {
    // One that has joined since they were counted has a count of its own coming, which gives it a card.
    for await (const page of membersOf(store, storm.id))
      await dropMembers(
        store,
        page.filter(({ value }) => value.standing !== 'open'),
      )
    return 'done'
  }

  /** Another configuration may have fewer breakers, or other rooms. Never rejects. */
  async function recount(): Promise<void> {
    try {
      const now = parts.now()
      const standing = await store.list<Storm>({ kind: 'storm', open: true, limit: 100 })
      await store.enqueue(standing.map(({ value }) => countJob(`again:${now}`, value.id, now)))
    } catch (error) {
      log.warn({ error: String(error) }, 'storms are not counted anew before their next change')
    }
  }

  return { run, press: acks.press, say: acks.say, recount }
}

/** The incident has a card of its own from now on; once for each reason. */
function releaseJob(storm: string, { breaker, incident }: StormMember, why: 'over' | 'moved'): NewJob {
  return insideJob(`storm-${why}:${storm}:${incident}`, breaker, { type: 'storm-over', storm })
}

const lookId = (storm: string, at: number): string => `timer:storm:${storm}:${at}`

/** Another has joined since it was last to be looked at: that look is of no use. */
function cancelled({ id, tally }: Storm, { lookAt }: StormDecision): string[] {
  const before = tally.lastJoin + QUIET
  return lookAt === undefined || lookAt === before ? [] : [lookId(id, before)]
}

/** To see whether it has passed by then. */
function lookJob(storm: string, at: number): NewJob {
  return { ...stormJob(lookId(storm, at), { from: 'storm', storm }), dueAt: at }
}
