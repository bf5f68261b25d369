import type { NewJob } from '../store/store.ts'
import { QUEUE } from './queues.ts'
import type { EventWork } from './work.ts'

/** Something of our own making that goes through the inbox like all else. @param dueAt default: at once */
export function inboxJob(
  { id, lane, priority }: Pick<NewJob, 'id' | 'lane'> & { priority: number },
  payload: EventWork,
  dueAt?: number,
): NewJob {
  return { id, queue: QUEUE.events, lane, priority, payload, ...(dueAt !== undefined && { dueAt }) }
}
