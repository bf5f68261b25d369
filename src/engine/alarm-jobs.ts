import type { AlarmEvent } from '../domain/decide-alarm.ts'
import type { NewJob } from '../store/store.ts'
import { alarmLane, type EventWork, PRIORITY, QUEUE } from './work.ts'

/** Something for an alarm's lane; the same id is taken once. */
export function alarmJob(id: string, alarm: string, event: AlarmEvent, dueAt?: number): NewJob {
  const payload: EventWork = { from: 'alarm', alarm, event }
  return {
    id,
    queue: QUEUE.events,
    lane: alarmLane(alarm),
    priority: PRIORITY.alarm,
    payload,
    ...(dueAt !== undefined && { dueAt }),
  }
}
