import { type Message, message } from '../../domain/message.ts'
import { mayEverywhere, type Person } from '../../domain/people.ts'
import type { ChatRef } from '../../domain/policy.ts'
import type { Job, JobResult, NewJob } from '../../store/store.ts'
import type { Parts } from '../parts.ts'
import { chatLane, PRIORITY, SEND_QUEUE } from '../queues.ts'
import { sayJob } from '../send-jobs.ts'
import type { SendWork, TextWork } from '../work.ts'
import { ownChat } from './caller.ts'
import type { Sessions } from './sessions.ts'

/** So many links in so many ms are sent to one person. */
const LINKS = { most: 5, within: 10 * 60_000 }

/** Carries out `控制台` and `控制台 退出`. */
export function createConsoleWords({ store }: Parts, sessions: Sessions, publicUrl: string | undefined) {
  /** A link goes to the person one-to-one, wherever it was asked for. */
  async function link(
    job: Job,
    { channel, input }: TextWork,
    chat: ChatRef,
    person: Person,
  ): Promise<JobResult> {
    if (publicUrl === undefined) return answer(job, chat, message('console.not-set-up'))
    const sender = input.sender.id
    if ((await store.spend([{ name: `console-link:${channel}:${sender}`, ...LINKS }])) > 0)
      return answer(job, chat, message('console.too-often'))
    const own = ownChat(channel, sender)
    const payload: SendWork = { what: 'link', chat: own, sender, person: person.name, askedIn: chat }
    const send: NewJob = {
      id: `link:${job.id}`,
      queue: SEND_QUEUE[channel],
      lane: chatLane(own),
      priority: PRIORITY.answer,
      payload,
    }
    await store.commit({ jobs: [send], done: job.id })
    return 'committed'
  }

  /** Ends one's own sessions, or as an admin those of anybody by name. */
  async function off(job: Job, chat: ChatRef, person: Person, name: string): Promise<JobResult> {
    const isOwn = name === '' || name === person.name
    if (!isOwn && !mayEverywhere(person, 'administer'))
      return answer(job, chat, message('control.not-admin', { person: person.name }))
    // A name that is not listed any more may have some left.
    const whose = isOwn ? person.name : name
    const count = await sessions.endOf(whose, person.name)
    return answer(job, chat, message('console.ended', { person: whose, count }))
  }

  async function answer(job: Job, chat: ChatRef, text: Message): Promise<JobResult> {
    await store.commit({ jobs: [sayJob(job.id, chat, [text])], done: job.id })
    return 'committed'
  }

  return { link, off }
}

export type ConsoleWords = ReturnType<typeof createConsoleWords>
