import type { ChatRef } from '../domain/policy.ts'
import type { Job, NewJob } from '../store/store.ts'
import { chatKey } from './parts.ts'
import { isAlarm, QUEUE, SEND_QUEUE } from './queues.ts'
import type { SendWork, WatchWork } from './work.ts'

/** A chat that has not taken an alarm for so long is passed over: others are told, ms. */
export const TAKEN_WITHIN = 30_000
/** What is refused within this is told elsewhere by one text, ms. */
const GATHER = 500
/** How long the ids are remembered, ms. */
const REMEMBER = 3_600_000

/** The jobs, and for each chat that gets an alarm one that looks later whether it was taken. */
export function watched(jobs: NewJob[], now: number): NewJob[] {
  return jobs.flatMap((job) => {
    const work = job.payload as Partial<SendWork>
    const isWatched = isAlarm(job) && Object.values(SEND_QUEUE).includes(job.queue)
    const chat = isWatched && 'chat' in work && work.chat
    return chat ? [job, watchJob(`watch:${job.id}`, { chat }, now + TAKEN_WITHIN)] : [job]
  })
}

/** Tells elsewhere what a chat has refused for good. */
export function refusedWatch({ id }: Job, chat: ChatRef, now: number): NewJob {
  return watchJob(`watch:${id}:refused`, { chat, afterRefusal: true }, now + GATHER)
}

function watchJob(id: string, payload: WatchWork, dueAt: number): NewJob {
  const lane = `watch:${chatKey(payload.chat)}`
  const collapse = payload.afterRefusal ? `${lane}:refused` : lane
  return { id, queue: QUEUE.watch, lane, payload, dueAt, collapse, remember: REMEMBER }
}
