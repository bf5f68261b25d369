import type { Handed, WayName } from '../channels/way.ts'
import { ALARM_CARD } from '../domain/alarm.ts'
import type { DrillTry } from '../domain/drill.ts'
import { linesOf, missingWays } from '../domain/lines.ts'
import { type Message, message } from '../domain/message.ts'
import type { CallWay } from '../domain/people.ts'
import { reasonOf } from '../domain/reason.ts'
import type { AuditEntry, Job, JobResult, NewJob } from '../store/store.ts'
import { summonJob } from './deeds.ts'
import { digest } from './digest.ts'
import { triedJob } from './drill-jobs.ts'
import { callNotice } from './notices.ts'
import type { Lookup, Parts } from './parts.ts'
import { PRIORITY } from './queues.ts'
import { adminJob, callJob, sayJob } from './send-jobs.ts'
import { type Standing, standingOf, subjectOf, unanswered } from './standing.ts'
import type { SummonWork } from './work.ts'

/** Where all ways of somebody came to nothing for now, they are tried again: after so long, ms, and so often. */
const AGAIN = { after: 60_000, most: 10 }

/**
 * Calls people: one way after another until one takes it. What it is about is looked up at that moment, so that many
 * alarms are one call, and none goes out for what was acknowledged meanwhile. Each try is a job of its own; one that was
 * cut off counts as unknown, and the next way is taken: rather rung twice than not at all.
 */
export function createSummoning(parts: Parts, lookup: Lookup) {
  const { store, log, now } = parts

  async function run(job: Job): Promise<JobResult> {
    const work = job.payload as SummonWork
    const about = await reasonsFor(work)
    if (about.length === 0) return 'done'
    const person = parts.policy.people.find((one) => one.name === work.person)
    if (work.word) return settle(job, work, 'chat', work.word.handed, about)
    const line = linesOf(person, parts).find(({ way }) => !work.tried.includes(way))
    if (!line) return finish(job, exhausted(job, work, about))
    if (line.way === 'chat') return finish(job, [wordJob(job, work, about)])
    const handed = job.begun ? CUT_OFF : await call(job, line.way, line.to, about)
    parts.metrics.notified.inc({ way: line.way, outcome: handed.outcome })
    return settle(job, work, line.way, handed, about)
  }

  /** What follows from a try. */
  function settle(job: Job, work: SummonWork, way: CallWay, handed: Handed, about: Standing[]) {
    const noted = auditOf(about, work, way, handed, now())
    const called = calledJobs(job, work, way, handed)
    if (handed.outcome === 'delivered') {
      const text = message('summon.done', { person: work.person, way: wayName(way), ...first(about) })
      const told = work.drill === undefined ? tellRooms(job, about, text, PRIORITY.answer) : []
      return finish(job, [...told, ...called], noted)
    }
    log.error({ person: work.person, way, why: handed.why }, 'a call did not get through')
    return finish(job, [...nextTry(job, work, way, handed, about), ...called], noted)
  }

  /** A drill is alone; what is in earnest is one call. What a word was about may have been acknowledged since. */
  async function reasonsFor({ person, drill, word }: SummonWork): Promise<Standing[]> {
    if (word) {
      const all = await Promise.all(word.about.map((ref) => standingOf(parts, lookup, ref)))
      return all.filter((one) => one !== undefined)
    }
    if (drill === undefined) return unanswered(parts, lookup, ({ told }) => told.call.includes(person))
    const standing = await standingOf(parts, lookup, { breaker: ALARM_CARD, id: drill })
    return standing && standing.status !== 'resolved' ? [standing] : []
  }

  async function call(job: Job, way: WayName, to: string, about: Standing[]): Promise<Handed> {
    await store.begin(job.id, job.attempt)
    return parts.ways.get(way)!.send(to, callNotice(parts, lookup, about), digest(job.id))
  }

  /** The next of the ways, and a word to the rooms about the one that failed. */
  function nextTry(
    job: Job,
    { word: _, ...work }: SummonWork,
    way: CallWay,
    tried: Exclude<Handed, { outcome: 'delivered' }>,
    about: Standing[],
  ): NewJob[] {
    const person = parts.policy.people.find((one) => one.name === work.person)
    const next = { ...work, tried: [...work.tried, way] }
    const after = linesOf(person, parts).find((one) => !next.tried.includes(one.way))
    const values = { person: work.person, way: wayName(way), why: reasonOf(tried.why) }
    const text = after
      ? message('summon.failed-next', { ...values, next: wayName(after.way) })
      : message('summon.failed', values)
    return [
      ...(work.round === 0 && work.drill === undefined ? tellRooms(job, about, text, PRIORITY.answer) : []),
      summonJob(next, now()),
    ]
  }

  /** No way is left: the rooms and an admin are told, and all are tried again after a while. */
  function exhausted(job: Job, work: SummonWork, about: Standing[]): NewJob[] {
    const { tried, round, ...same } = work
    const { person } = same
    if (work.drill !== undefined) return tried.length > 0 ? [] : calledJobs(job, work)
    const text = message(tried.length > 0 ? 'summon.nobody-reached' : 'summon.no-way', {
      person,
      ...first(about),
    })
    const told =
      round === 0 ? [...tellRooms(job, about, text, PRIORITY.alarm), adminJob(`summon:${job.id}`, text)] : []
    const isWorthwhile = tried.length > 0 && round < AGAIN.most
    const again = { ...same, tried: [], round: round + 1 }
    return [...told, ...(isWorthwhile ? [summonJob(again, now() + AGAIN.after)] : [])]
  }

  /** What a drill is told of a try; without a way: there is none. */
  function calledJobs(job: Job, { person: to, drill }: SummonWork, way?: CallWay, tried?: Handed): NewJob[] {
    if (drill === undefined) return []
    const missing = missingWays(
      parts.policy.people.find((one) => one.name === to),
      parts,
    )
    return [
      triedJob(job, drill, {
        to,
        ...(way && { way }),
        ...ofTried(tried),
        ...(missing.length > 0 && { missing }),
      }),
    ]
  }

  function tellRooms(job: Job, about: Standing[], text: Message, priority: number): NewJob[] {
    const rooms = [...new Set(about.map((one) => one.room))]
    return rooms.flatMap((name) =>
      (lookup.room(name)?.chats ?? []).map((chat) => sayJob(`told:${job.id}`, chat, [text], priority)),
    )
  }

  /** A message like any other, of a platform's queue, which tells what came of it. */
  function wordJob(job: Job, work: SummonWork, about: Standing[]): NewJob {
    const text = message(work.drill === undefined ? 'summon.word' : 'drill.word', first(about))
    const to = { person: work.person, room: about[0]!.room }
    return callJob(job.id, { text, to, call: { ...work, about: about.map(({ ref }) => ref) } })
  }

  async function finish(job: Job, jobs: NewJob[], audit: AuditEntry[] = []): Promise<JobResult> {
    await store.commit({ jobs, audit, done: job.id })
    return 'committed'
  }

  return { run }
}

/** The same as a drill keeps it. */
const ofTried = (tried: Handed | undefined): Pick<DrillTry, 'outcome' | 'why'> =>
  tried ? { outcome: tried.outcome, ...('why' in tried && { why: tried.why }) } : { outcome: 'no-way' }

const CUT_OFF: Handed = { outcome: 'unknown', why: 'the service was stopped while it called' }

/** Texts about a call name the gravest alarm. */
const first = ([worst]: readonly Standing[]) => ({ title: worst!.title, where: worst!.where })

export const wayName = (way: CallWay | WayName): Message => message(`way.${way}`)

function auditOf(
  about: Standing[],
  { person }: SummonWork,
  way: CallWay,
  tried: Handed,
  at: number,
): AuditEntry[] {
  return about.map((one) => ({
    at,
    who: 'system',
    what: 'escalation.called',
    subject: subjectOf(one),
    details: {
      alarm: one.ref.id,
      person,
      way,
      outcome: tried.outcome,
      ...('why' in tried && { why: tried.why }),
    },
  }))
}
