import type { Chart } from '../../domain/chart.ts'
import type { Message } from '../../domain/message.ts'
import type { ChatRef } from '../../domain/policy.ts'
import type { ReportWish } from '../../domain/report-schedule.ts'
import type { NewJob } from '../../store/store.ts'
import { QUEUE } from '../queues.ts'

/** What is to be done about a room's report ({@link QUEUE}.reports). */
export type ReportWork = ReportWish &
  (
    | {
        what: 'due'
        /** ms. */
        dueAt: number
        /** The first of the periods before it whose reports were left out. */
        missedFrom?: number
      }
    /** By somebody in a chat. */
    | { what: 'asked'; chat: ChatRef }
    | ({ what: 'mail' } & ReportMail)
  )

/** A report as it is mailed to one address, or to the person of that name. */
export interface ReportMail {
  to: string
  title: Message
  lines: Message[]
  csv: string
  chart?: Chart
}

/** One report after another of each room. */
export function reportJob(id: string, work: ReportWork): NewJob {
  return { id, queue: QUEUE.reports, lane: `report:${work.room}`, payload: work }
}
