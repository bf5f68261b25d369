import type { Handed } from '../channels/way.ts'
import type { TellWhat } from '../domain/escalation.ts'
import { message } from '../domain/message.ts'
import { reasonOf } from '../domain/reason.ts'
import type { AuditEntry, Job, JobResult, NewJob } from '../store/store.ts'
import { digest } from './digest.ts'
import { postedJob } from './drill-jobs.ts'
import { postNotice } from './notices.ts'
import type { Lookup, Parts } from './parts.ts'
import { PRIORITY } from './queues.ts'
import { adminJob, sayJob } from './send-jobs.ts'
import { type Standing, standingOf, subjectOf, unanswered } from './standing.ts'
import { wayName } from './summoning.ts'
import type { PostWork } from './work.ts'

/** Pauses before it is tried again, ms, by attempt; the last one repeats. */
const PAUSES = [10_000, 30_000, 120_000, 600_000, 1_800_000]
/** So long it is tried, ms. */
export const PATIENCE = 24 * 3_600_000

/**
 * Posts mails and calls web-hooks, until they are taken. A failure is told in the room once; whatever is wrong with one
 * address or server keeps no other waiting.
 */
export function createPosting(parts: Parts, lookup: Lookup) {
  const { store, log, metrics, now } = parts

  async function run(job: Job): Promise<JobResult> {
    const work = job.payload as PostWork
    const standing = await aboutOf(work)
    if (!standing || isPast(work, standing)) return 'done'
    const handed = await post(job, work, standing)
    metrics.notified.inc({ way: work.way, outcome: handed.outcome })
    if (work.drill !== undefined)
      return end(job, [postedJob(job, work, work.drill, handed)], [noted(work, standing, handed)])
    if (handed.outcome === 'delivered') return end(job, [], [noted(work, standing, handed)])
    log.error({ way: work.way, to: work.to, why: handed.why }, 'a mail or web-hook did not get through')
    const isGivenUp = handed.outcome === 'refused' || now() - job.createdAt > PATIENCE
    if (isGivenUp)
      return end(job, failure(job, work, standing, handed.why, true), [noted(work, standing, handed)])
    if (job.attempt === 1) await store.enqueue(failure(job, work, standing, handed.why, false))
    return { retryAt: now() + pauseAfter(job, handed), why: handed.why }
  }

  /** Of a storm the gravest that nobody has acknowledged; once there is none, that it was acknowledged, or is over. */
  async function aboutOf({ ref, storm, what }: PostWork): Promise<Standing | undefined> {
    if (storm === undefined) return standingOf(parts, lookup, ref)
    const [open] = await unanswered(parts, lookup, (one) => one.storm === storm)
    if (ASKS.includes(what)) return open
    return open ? undefined : standingOf(parts, lookup, ref)
  }

  async function post(job: Job, work: PostWork, standing: Standing): Promise<Handed> {
    const way = parts.ways.get(work.way)
    const to = addressOf(parts, work)
    if (!way) return { outcome: 'refused', why: `notify.${NEEDS[work.way]} is not configured` }
    if (to === undefined) return { outcome: 'refused', why: `«${work.to}» has no mail address` }
    const about = work.storm === undefined ? standing : { ...standing, storm: work.storm }
    return way.send(to, await postNotice(parts, lookup, about, work), digest(job.id))
  }

  function failure(
    job: Job,
    { way, to }: PostWork,
    { room, title }: Standing,
    why: string,
    isFinal: boolean,
  ): NewJob[] {
    const text = message(isFinal ? 'post.failed' : 'post.later', {
      way: wayName(way),
      to,
      why: reasonOf(why),
      title,
    })
    const chats = lookup.room(room)?.chats ?? []
    const id = `post-${isFinal ? 'failed' : 'later'}:${job.id}`
    return [
      ...chats.map((chat) => sayJob(id, chat, [text], PRIORITY.answer)),
      ...(isFinal ? [adminJob(id, text)] : []),
    ]
  }

  async function end(job: Job, jobs: NewJob[], audit: AuditEntry[]): Promise<JobResult> {
    await store.commit({ jobs, audit, done: job.id })
    return 'committed'
  }

  function noted({ way, to, what, ref }: PostWork, about: Standing, handed: Handed): AuditEntry {
    return {
      at: now(),
      who: 'system',
      what: 'escalation.posted',
      subject: subjectOf(about),
      details: {
        alarm: ref.id,
        way,
        to,
        about: what,
        outcome: handed.outcome,
        ...('why' in handed && { why: handed.why }),
      },
    }
  }

  return { run }
}

/** How long to wait before it is tried again, ms. */
export function pauseAfter({ attempt }: Job, handed: Handed): number {
  const retryAfter = handed.outcome === 'later' ? (handed.retryAfter ?? 0) : 0
  return Math.max(PAUSES[Math.min(attempt, PAUSES.length) - 1]!, retryAfter)
}

const NEEDS = { mail: 'mail', webhook: 'webhooks' } as const

/** It asks somebody to come, and somebody has. */
const isPast = ({ what }: PostWork, { status }: Standing): boolean => ASKS.includes(what) && status !== 'open'

const ASKS: readonly TellWhat[] = ['raised', 'repeated', 'reopened']

/** A name of the configuration stands for that person's address. */
export function addressOf({ policy }: Parts, { way, to }: Pick<PostWork, 'way' | 'to'>): string | undefined {
  if (way === 'webhook' || to.includes('@')) return to
  return policy.people.find((one) => one.name === to)?.mail
}
