import { createHash } from 'node:crypto'
import type { Handed, WayName } from '../channels/way.ts'
import { type Message, message } from '../domain/message.ts'
import { CALLED_BY, type CallWay, type Person } from '../domain/people.ts'
import type { AuditEntry, Job, JobResult, NewJob } from '../store/store.ts'
import { summonJob } from './deeds.ts'
import { callNotice } from './notices.ts'
import type { Lookup, Parts } from './parts.ts'
import { adminJob, personJob, sayJob } from './send-jobs.ts'
import { type Standing, unanswered } from './standing.ts'
import { PRIORITY, type SummonWork } from './work.ts'

/** Where all ways of somebody came to nothing for now, they are tried again: after so long, ms, and so often. */
const AGAIN = { after: 60_000, most: 10 }

/** A way to call somebody, and the address there. */
interface Line {
  way: CallWay
  to: string
}

/** What became of one try. */
type Tried = Handed | { outcome: 'no-address'; why: string }

/**
 * Calls people: one way after another until one takes it. What it is about is looked up at that moment, so that many
 * alarms are one call, and none goes out for what was acknowledged meanwhile. Each try is a job of its own; one that was
 * cut off counts as unknown, and the next way is taken: rather rung twice than not at all.
 */
export function createSummoning(parts: Parts, lookup: Lookup) {
  const { store, log, now } = parts

  async function run(job: Job): Promise<JobResult> {
    const work = job.payload as SummonWork
    const about = await unanswered(parts, lookup, ({ told }) => told.call.includes(work.person))
    if (about.length === 0) return 'done'
    const person = parts.policy.people.find((one) => one.name === work.person)
    const line = linesOf(parts, person).find(({ way }) => !work.tried.includes(way))
    if (!line) return finish(job, work, about, [...exhausted(job, work, about)])
    const tried = job.begun ? ({ outcome: 'unknown', why: CUT_OFF } as const) : await call(job, line, about)
    if (line.way !== 'chat') parts.metrics.called.inc({ way: line.way, outcome: tried.outcome })
    const noted = auditOf(about, work, line, tried, now())
    if (tried.outcome === 'delivered') {
      const text = message('summon.done', { person: work.person, way: wayName(line.way), ...first(about) })
      return finish(job, work, about, tellRooms(job, about, text, PRIORITY.answer), noted)
    }
    log.error({ person: work.person, way: line.way, why: tried.why }, 'a call did not get through')
    return finish(job, work, about, nextTry(job, work, line, tried, about), noted)
  }

  async function call(job: Job, { way, to }: Line, about: Standing[]): Promise<Tried> {
    if (way === 'chat') return { outcome: 'delivered' }
    await store.begin(job.id, job.attempt)
    return parts.ways.get(way)!.send(to, callNotice(parts, lookup, about), keyOf(job.id))
  }

  /** The next of the ways, and a word to the rooms about the one that failed. */
  function nextTry(
    job: Job,
    work: SummonWork,
    { way }: Line,
    tried: Exclude<Tried, { outcome: 'delivered' }>,
    about: Standing[],
  ): NewJob[] {
    const person = parts.policy.people.find((one) => one.name === work.person)
    const next = { ...work, tried: [...work.tried, way] }
    const after = linesOf(parts, person).find((one) => !next.tried.includes(one.way))
    const values = { person: work.person, way: wayName(way), why: tried.why }
    const text = after
      ? message('summon.failed-next', { ...values, next: wayName(after.way) })
      : message('summon.failed', values)
    return [
      ...(work.round === 0 ? tellRooms(job, about, text, PRIORITY.answer) : []),
      summonJob(job.id, next, now()),
    ]
  }

  /** No way is left: the rooms and an admin are told, and all are tried again after a while. */
  function exhausted(job: Job, work: SummonWork, about: Standing[]): NewJob[] {
    const { person, tried, round } = work
    const text = message(tried.length > 0 ? 'summon.nobody-reached' : 'summon.no-way', {
      person,
      ...first(about),
    })
    const told =
      round === 0 ? [...tellRooms(job, about, text, PRIORITY.alarm), adminJob(`summon:${job.id}`, text)] : []
    const isWorthwhile = tried.length > 0 && round < AGAIN.most
    const again = { person, tried: [], round: round + 1 }
    return [...told, ...(isWorthwhile ? [summonJob(job.id, again, now() + AGAIN.after)] : [])]
  }

  function tellRooms(job: Job, about: Standing[], text: Message, priority: number): NewJob[] {
    const rooms = [...new Set(about.map((one) => one.room))]
    return rooms.flatMap((name) =>
      (lookup.room(name)?.chats ?? []).map((chat) => sayJob(`told:${job.id}`, chat, [text], priority)),
    )
  }

  /** The one-to-one word is a message like any other: its own job sees to it. */
  async function finish(
    job: Job,
    work: SummonWork,
    about: Standing[],
    jobs: NewJob[],
    audit: AuditEntry[] = [],
  ): Promise<JobResult> {
    const isChat = audit.some(({ details }) => details?.way === 'chat' && details.outcome === 'delivered')
    const word = message('summon.word', first(about))
    const own = isChat
      ? [
          {
            ...personJob(job.id, { person: work.person, text: word }, about[0]!.room),
            priority: PRIORITY.alarm,
          },
        ]
      : []
    await store.commit({ jobs: [...jobs, ...own], audit, done: job.id })
    return 'committed'
  }

  return { run }
}

const CUT_OFF = 'the service was stopped while it called'

/** Texts about a call name the gravest alarm. */
const first = ([worst]: readonly Standing[]) => ({ title: worst!.title, where: worst!.where })

export const wayName = (way: CallWay | WayName): Message => message(`way.${way}`)

/** By what somebody can be called, in order, with what is configured. */
export function linesOf(
  { ways, channels }: Pick<Parts, 'ways' | 'channels'>,
  person: Person | undefined,
): Line[] {
  if (!person) return []
  return (person.ways ?? CALLED_BY).flatMap((way): Line[] => {
    if (way === 'chat') {
      const id = Object.entries(person.ids).find(([channel]) => channels.has(channel as never))?.[1]
      return id === undefined ? [] : [{ way, to: id }]
    }
    const to = way === 'voice' ? person.phone : way === 'mail' ? person.mail : person.ids.dingtalk
    return to === undefined || !ways.has(way) ? [] : [{ way, to }]
  })
}

function auditOf(
  about: Standing[],
  { person }: SummonWork,
  { way }: Line,
  tried: Tried,
  at: number,
): AuditEntry[] {
  return about.map(({ ref }) => ({
    at,
    who: 'system',
    what: 'escalation.called',
    subject: ref.breaker,
    details: {
      alarm: ref.id,
      person,
      way,
      outcome: tried.outcome,
      ...('why' in tried && { why: tried.why }),
    },
  }))
}

/** The provider's key for one try. */
export const keyOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 32)
