import type { AlarmEvent } from '../domain/decide-alarm.ts'
import type { NewJob } from '../store/store.ts'
import { inboxJob } from './inbox-job.ts'
import { alarmLane, PRIORITY } from './queues.ts'

/** Something for an alarm's lane; the same id is taken once. */
export function alarmJob(id: string, alarm: string, event: AlarmEvent, dueAt?: number): NewJob {
  return inboxJob(
    { id, lane: alarmLane(alarm), priority: PRIORITY.alarm },
    { from: 'alarm', alarm, event },
    dueAt,
  )
}
