import { watchedAgain } from '../../domain/abnormal/record.ts'
import { message } from '../../domain/message.ts'
import { may, type Person } from '../../domain/people.ts'
import type { BreakerConfig, ChatRef } from '../../domain/policy.ts'
import type { Job, JobResult } from '../../store/store.ts'
import type { Parts } from '../parts.ts'
import { sayJob } from '../send-jobs.ts'
import { drawWrite, getDraw } from './records.ts'

/** Carries out `恢复用电监测`: takes back what was called normal of a breaker, and a mute. */
export async function watchAgain(
  parts: Parts,
  job: Job,
  chat: ChatRef,
  person: Person | undefined,
  config: BreakerConfig,
): Promise<JobResult> {
  const { store } = parts
  const { id, name, site } = config
  if (!person || !may(person, 'acknowledge', config)) {
    const lines = [message('ask.role-here', { person: person?.name ?? '', site })]
    await store.commit({ jobs: [sayJob(job.id, chat, lines)], done: job.id })
    return 'committed'
  }
  const { value, version } = await getDraw(store, id)
  const now = parts.now()
  const committed = await store.commit({
    writes: version > 0 ? [drawWrite(id, watchedAgain(value), version, now)] : [],
    jobs: [sayJob(job.id, chat, [message('draw.watched', { breaker: name, count: value.accepted.length })])],
    audit: [{ who: person.name, what: 'draw.watched', at: now, subject: id }],
    done: job.id,
  })
  return committed === 'ok' ? 'committed' : watchAgain(parts, job, chat, person, config)
}
