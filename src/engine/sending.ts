import type { ChatRef } from '../domain/policy.ts'
import type { Job, JobResult } from '../store/store.ts'
import type { AdminWords } from './admins.ts'
import { alarmIn } from './calling.ts'
import { createCardSender } from './card-sending.ts'
import { type CardRecord, cardRecordKey } from './cards.ts'
import type { Link } from './console/links.ts'
import { digest } from './digest.ts'
import { remindedJob } from './drill-jobs.ts'
import { createIllustrating } from './illustrating.ts'
import { createLateTexts, TOO_LATE } from './late-texts.ts'
import type { Kind, Outcome, Outgoing } from './outgoing.ts'
import type { Lookup, Parts } from './parts.ts'
import { isAlarm } from './queues.ts'
import { drillReminderFor, reminderFor } from './reminding.ts'
import { createTripPictures } from './trip-pictures.ts'
import type { SendWork } from './work.ts'

type TextWork = Extract<SendWork, { what: 'text' }>
type RemindWork = Extract<SendWork, { what: 'remind' | 'remind-drill' }>

/** Brings cards and texts to chats. What a card says is looked up when its turn comes, not when it was asked for. */
export function createSender(
  parts: Parts,
  lookup: Lookup,
  outgoing: Outgoing,
  { adminWords, link }: { adminWords: AdminWords; link: Link },
) {
  const { store, now } = parts
  const cards = createCardSender(parts, lookup, outgoing)
  const illustrating = createIllustrating(parts, lookup)
  const tripPicture = createTripPictures(parts, lookup, outgoing, illustrating)
  const lateTexts = createLateTexts(parts, lookup, outgoing)

  async function run(job: Job): Promise<JobResult> {
    const work = job.payload as SendWork
    switch (work.what) {
      case 'card':
        return cards.bring(job, work)
      case 'mend':
        return cards.mend(job, work)
      case 'text':
        return text(job, work)
      case 'trip-picture':
        return tripPicture(job, work)
      case 'admin':
        return adminWords.run(job, work, digest(job.id))
      case 'remind':
      case 'remind-drill':
        return remind(job, work)
      case 'link':
        return link(job, work, digest(job.id))
      case 'late':
        return lateTexts.tell(job, work.chat, digest(job.id))
    }
  }

  async function text(
    job: Job,
    { what: _, chat, lines, about, chart, passedOn: __, isReport, ...more }: TextWork,
  ): Promise<JobResult> {
    if (!isAlarm(job) && !isReport && now() - job.createdAt > TOO_LATE) return lateTexts.count(job, chat)
    const text = lines.map(lookup.translatorFor(chat)).join('\n')
    const shown = chart ? await illustrating.illustrated(text, chart, chat) : { text }
    if ('waitUntil' in shown) return shown
    const card = about === undefined ? undefined : await store.get<CardRecord>(cardRecordKey(chat, about))
    const content = {
      ...shown,
      ...(isAlarm(job) && (await alarmIn(parts, lookup, chat))),
      ...(card?.value.message !== undefined && { replyTo: card.value.message }),
      ...more,
    }
    const delivery = await outgoing.send(job, chat, content, digest(job.id))
    return say(job, chat, delivery, isReport ? 'report' : 'text')
  }

  /** A text has no buttons: told in another way, it has been told. */
  async function say(job: Job, chat: ChatRef, delivery: Outcome, kind: Kind = 'text'): Promise<JobResult> {
    const isTold = delivery.outcome === 'delivered' || (delivery.outcome === 'later' && delivery.told)
    return isTold ? 'done' : outgoing.failed(job, kind, chat, delivery)
  }

  /** Says what nobody has acknowledged by now, if there is anything. A drill is told what came of it. */
  async function remind(job: Job, work: RemindWork): Promise<JobResult> {
    const { chat } = work
    const isDrill = work.what === 'remind-drill'
    const content = isDrill
      ? await drillReminderFor(parts, lookup, chat, work)
      : await reminderFor(parts, lookup, chat, work.room)
    if (!content) return 'done'
    const delivery = await outgoing.send(job, chat, content, digest(job.id))
    if (isDrill) await store.enqueue([remindedJob(job, work, delivery)])
    return say(job, chat, delivery)
  }

  return { run }
}
