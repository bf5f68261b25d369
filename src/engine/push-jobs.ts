import { hasReadings } from '../domain/breaker.ts'
import type { Report } from '../domain/report.ts'
import type { NewJob } from '../store/store.ts'
import { breakerLane, PRIORITY, QUEUE } from './queues.ts'
import type { EventWork } from './work.ts'

/** The longest body that is kept as it came, bytes; and how much is kept of a body that tells of many breakers. */
const LONGEST_RAW = 64 * 1024
const MOST_RAW = 1024 * 1024

/** The jobs that reports of one push become: each with the body that it came in, but for plain readings: they live on as samples. */
export function jobsFor(reports: Report[], raw: string): NewJob[] {
  const body =
    Buffer.byteLength(raw) > LONGEST_RAW ? Buffer.from(raw).subarray(0, LONGEST_RAW).toString() : raw
  const telling = reports.filter((report) => !isPlainReading(report))
  const withBody = new Set(telling.slice(0, Math.max(1, Math.floor(MOST_RAW / body.length))))
  return reports.map((report) => jobFor(report, withBody.has(report) ? body : undefined))
}

/** How long the id of a plain reading is remembered, ms: there are a thousand times as many as of anything else. */
const REMEMBER_READING = 3_600_000

/** An answer in which nothing was found is kept, for its shape is not documented. */
const isPlainReading = ({ kind, fault, answer, readings }: Report) =>
  kind === 'state' && fault === undefined && !(answer && !hasReadings(readings))

function jobFor(report: Report, raw: string | undefined): NewJob {
  const payload: EventWork = { from: 'push', report, ...(raw !== undefined && { raw }) }
  return {
    id: `push:${report.id}`,
    queue: QUEUE.events,
    lane: breakerLane(report.device),
    priority: PRIORITY.alarm,
    payload,
    ...(isPlainReading(report) && { remember: REMEMBER_READING }),
  }
}
