import type { Handed } from '../../channels/way.ts'
import { message } from '../../domain/message.ts'
import type { ReportFacts } from '../../domain/report-facts.ts'
import { daysOf } from '../../domain/report-schedule.ts'
import { reportTitle } from '../../domain/report-text.ts'
import type { Job, JobResult, NewJob } from '../../store/store.ts'
import { chartText } from '../../text/chart-text.ts'
import { digest } from '../digest.ts'
import { languageOf } from '../notices.ts'
import { type Lookup, type Parts, roomSubject } from '../parts.ts'
import { addressOf, PATIENCE, pauseAfter } from '../posting.ts'
import { QUEUE } from '../queues.ts'
import { adminJob, sayJob } from '../send-jobs.ts'
import { wayName } from '../summoning.ts'
import type { ReportMail, ReportWork } from './work.ts'

type MailWork = Extract<ReportWork, { what: 'mail' }>

/** The mail of a report; nothing it says changes any more. Each address has a lane of its own. */
export function mailJob(job: Job, facts: ReportFacts, mail: Omit<ReportMail, 'title'>): NewJob {
  const { room, every, period } = facts
  const payload: ReportWork = { what: 'mail', room, every, period, title: reportTitle(facts), ...mail }
  return { id: `mail:${mail.to}:${job.id}`, queue: QUEUE.posts, lane: `mail:${mail.to}`, payload }
}

/** Brings reports into the mails, tried like any other mail. */
export function createMailing(parts: Parts, lookup: Lookup) {
  const { store, log, metrics, now } = parts

  async function run(job: Job, work: MailWork): Promise<JobResult> {
    const handed = await post(job, work)
    metrics.notified.inc({ way: 'mail', outcome: handed.outcome })
    if (handed.outcome === 'delivered') return end(job, work, handed)
    log.error({ to: work.to, why: handed.why }, 'a report could not be mailed')
    const isGivenUp = handed.outcome === 'refused' || now() - job.createdAt > PATIENCE
    if (isGivenUp) return end(job, work, handed, failure(job, work, handed.why))
    return { retryAt: now() + pauseAfter(job, handed), why: handed.why }
  }

  async function post(job: Job, work: MailWork): Promise<Handed> {
    const { to, room, every, title, lines, period, csv } = work
    const way = parts.ways.get('mail')
    const address = addressOf(parts, { way: 'mail', to })
    if (!way) return { outcome: 'refused', why: 'notify.mail is not configured' }
    if (address === undefined) return { outcome: 'refused', why: `«${to}» has no mail address` }
    const { locale, t } = languageOf(parts, lookup, room)
    const name = `${every}-${daysOf(every, period).first}`
    const picture = await pictureOf(work)
    const notice = {
      thread: `report.${every}.${digest(room, 12)}`,
      event: 'report',
      locale,
      title: t(title),
      text: lines.map(t).join('\n'),
      facts: { room, every },
      files: [
        { name: `${name}.csv`, type: 'text/csv; charset=utf-8', content: csv },
        ...(picture ? [{ name: `${name}.png`, type: 'image/png', content: picture }] : []),
      ],
    } as const
    return way.send(address, notice, digest(job.id))
  }

  async function pictureOf({ chart, room }: MailWork): Promise<Uint8Array | undefined> {
    if (!chart || parts.policy.pictures === false) return undefined
    const { locale } = languageOf(parts, lookup, room)
    return (await parts.painter?.paint(chartText(chart, locale, lookup.zone(room))))?.png
  }

  function failure(job: Job, { to, room, title }: MailWork, why: string): NewJob[] {
    const text = message('post.failed', { way: wayName('mail'), to, why, title })
    const id = `report-failed:${job.id}`
    const chats = lookup.room(room)?.chats ?? []
    return [...chats.map((chat) => sayJob(id, chat, [text])), adminJob(id, text)]
  }

  async function end(job: Job, { to, room, every, period }: MailWork, handed: Handed, jobs: NewJob[] = []) {
    const why = 'why' in handed ? { why: handed.why } : {}
    const details = { every, period, what: to, outcome: handed.outcome, ...why }
    const what = handed.outcome === 'delivered' ? 'report.mailed' : 'report.not-mailed'
    const audit = [{ at: now(), who: 'system', what, subject: roomSubject(room), details }]
    await store.commit({ jobs, audit, done: job.id })
    return 'committed' as const
  }

  return { run }
}
