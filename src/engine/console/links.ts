import { message } from '../../domain/message.ts'
import type { Person } from '../../domain/people.ts'
import type { Job, JobResult } from '../../store/store.ts'
import type { Outgoing } from '../outgoing.ts'
import { chatKey, type Lookup, type Parts } from '../parts.ts'
import { sayJob } from '../send-jobs.ts'
import type { SendWork } from '../work.ts'
import { LINK_LASTS, type Sessions } from './sessions.ts'

/** Whoever asked for a link does not wait for it longer than this, ms. */
const WANTED = 60_000

export interface LinkOptions {
  sessions: Sessions
  publicUrl: string | undefined
}

export type Link = ReturnType<typeof createLinks>

type LinkWork = Extract<SendWork, { what: 'link' }>

/**
 * Sends a link for signing in to one person, one-to-one. It is made when its turn comes, so that none lies in the store
 * and its minutes begin as it leaves.
 */
export function createLinks(
  { store, now }: Parts,
  lookup: Lookup,
  outgoing: Outgoing,
  { sessions, publicUrl }: LinkOptions,
) {
  /** @param key the platform's idempotency key */
  return async (job: Job, { chat, sender, person, askedIn }: LinkWork, key: string): Promise<JobResult> => {
    const isListed = (one: Person | undefined) => one?.name === person
    if (publicUrl === undefined || now() - job.createdAt > WANTED) return 'done'
    if (!isListed(lookup.person(chat.channel, sender))) return 'done'
    const { code, write, audit } = sessions.link({ channel: chat.channel, sender, person })
    await store.commit({ writes: [write], audit: [audit] })
    const url = `${publicUrl}/console/sign-in?code=${code}`
    const text = message('console.link', { url, minutes: LINK_LASTS / 60_000 })
    // A key of this try alone: another try has another link.
    const tryKey = `${key.slice(0, 50)}-${job.attempt}`
    const delivery = await outgoing.send(job, chat, { text: lookup.translatorFor(chat)(text) }, tryKey)
    const isElsewhere = chatKey(askedIn) !== chatKey(chat)
    if (delivery.outcome === 'delivered') return isElsewhere ? tell('console.sent') : 'done'
    // WeCom says of a chat that was never spoken in only that it takes no more for now: whoever waits is told at once.
    const isVain = delivery.outcome === 'refused' || (delivery.outcome === 'later' && isElsewhere)
    return isVain ? tell('console.write-first') : outgoing.failed(job, 'text', chat, delivery)

    async function tell(what: 'console.sent' | 'console.write-first'): Promise<JobResult> {
      await store.commit({ jobs: [sayJob(job.id, askedIn, [message(what, { person })])], done: job.id })
      return 'committed'
    }
  }
}
