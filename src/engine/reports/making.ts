import type { ChatRef } from '../../domain/policy.ts'
import { reportChart } from '../../domain/report-chart.ts'
import { reportCsv } from '../../domain/report-csv.ts'
import type { Missed, ReportFacts } from '../../domain/report-facts.ts'
import { daysOf } from '../../domain/report-schedule.ts'
import { reportLines } from '../../domain/report-text.ts'
import type { Job, JobResult, NewJob } from '../../store/store.ts'
import { shortReport } from '../../text/report-text.ts'
import { languageOf } from '../notices.ts'
import { type Lookup, type Parts, roomSubject } from '../parts.ts'
import { PRIORITY } from '../queues.ts'
import { sayJob } from '../send-jobs.ts'
import { createGathering } from './gathering.ts'
import { createMailing, mailJob } from './mailing.ts'
import type { ReportWork } from './work.ts'

/** More than this after its time a report says that it is late, ms. */
const LATE = 600_000
/** A mail is read at a desk. */
const MAIL = 100

/** Makes reports, and brings them into the mails. */
export function createReports(parts: Parts, lookup: Lookup) {
  const { store, now } = parts
  const gather = createGathering(parts, lookup)
  const mailing = createMailing(parts, lookup)

  /** What a report says is settled here, once: the jobs that bring it say the same however often they are tried. */
  async function run(job: Job): Promise<JobResult> {
    const work = job.payload as ReportWork
    switch (work.what) {
      case 'due':
        return due(job, work)
      case 'asked':
        return asked(job, work)
      case 'mail':
        return mailing.run(job, work)
    }
  }

  async function due(job: Job, work: Extract<ReportWork, { what: 'due' }>): Promise<JobResult> {
    const { room, every, period, dueAt, missedFrom } = work
    const rule = parts.policy.reports?.find((one) => one.room === room && one.every === every)
    // Taken out of the configuration meanwhile.
    if (!rule) return 'done'
    const facts: ReportFacts = {
      ...(await gather({ room, every, period })),
      ...(now() - dueAt > LATE && { late: dueAt }),
      ...(missedFrom !== undefined && { missed: missedOf(every, missedFrom, period) }),
    }
    const chats = lookup.room(room)?.chats ?? []
    const jobs = [
      ...chats.map((chat) => sendJob(job, chat, facts, PRIORITY.rest)),
      ...mailJobs(job, rule.mail, facts),
    ]
    const details = { every, period, chats: chats.length, mails: rule.mail.length }
    const audit = [{ at: now(), who: 'system', what: 'report.made', subject: roomSubject(room), details }]
    await store.commit({ jobs, audit, done: job.id })
    return 'committed'
  }

  async function asked(job: Job, work: Extract<ReportWork, { what: 'asked' }>): Promise<JobResult> {
    const facts = await gather(work)
    await store.commit({ jobs: [sendJob(job, work.chat, facts, PRIORITY.answer)], done: job.id })
    return 'committed'
  }

  function sendJob(job: Job, chat: ChatRef, facts: ReportFacts, priority: number): NewJob {
    const chart = reportChart(facts)
    return sayJob(job.id, chat, shortReport(facts, lookup.translatorFor(chat)), priority, {
      isReport: true,
      ...(chart && { chart }),
    })
  }

  function mailJobs(job: Job, addresses: readonly string[], facts: ReportFacts): NewJob[] {
    if (addresses.length === 0) return []
    const csv = reportCsv(facts, languageOf(parts, lookup, facts.room).t)
    const lines = reportLines(facts, MAIL)
    const chart = reportChart(facts)
    return addresses.map((to) => mailJob(job, facts, { to, lines, csv, ...(chart && { chart }) }))
  }

  return { run }
}

function missedOf(every: ReportFacts['every'], from: number, to: number): Missed {
  return { count: to - from, first: daysOf(every, from).first, last: daysOf(every, to - 1).last }
}
