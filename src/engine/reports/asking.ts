import { clip, utf16Units } from '../../domain/characters.ts'
import { type Message, message } from '../../domain/message.ts'
import { may } from '../../domain/people.ts'
import type { ChatRef } from '../../domain/policy.ts'
import { askedPeriod } from '../../domain/report-asked.ts'
import type { Job, JobResult } from '../../store/store.ts'
import type { Lookup, Parts } from '../parts.ts'
import type { Place, Typed } from '../place.ts'
import { sayJob } from '../send-jobs.ts'
import { reportJob } from './work.ts'

type Asked = Extract<Typed, { kind: 'report' }>

/** Carries out `日报`, `周报` and `月报`: the report follows once it is made. */
export function createReportAsking({ store, now }: Pick<Parts, 'store' | 'now'>, lookup: Lookup) {
  async function say(job: Job, chat: ChatRef, place: Place, asked: Asked): Promise<JobResult> {
    const { every, rest } = asked
    const period = askedPeriod(every, rest, now(), lookup.timezone(chat))
    // Talk that begins with the word.
    if (period === undefined && !asked.addressed) return 'done'
    const room = roomFor(place)
    const jobs =
      period === undefined || typeof room !== 'string'
        ? [sayJob(job.id, chat, [typeof room === 'string' ? unknown(rest) : room])]
        : [reportJob(`report:${job.id}`, { what: 'asked', room, every, period, chat })]
    await store.commit({ jobs, done: job.id })
    return 'committed'
  }

  /** Whose report it is, or why there is none: it tells of all the breakers of its room. */
  function roomFor({ room, person }: Place): string | Message {
    if (!room || !person) return message('report.no-room')
    const maySee = lookup.breakersIn(room.name).every((one) => may(person, 'view', one))
    return maySee ? room.name : message('gate.role', { person: person.name })
  }

  return { say }
}

const unknown = (text: string): Message =>
  message('report.period-unknown', { text: clip(text, 40, utf16Units) })
