import { createHash } from 'node:crypto'
import { message } from '../domain/message.ts'
import type { Report } from '../domain/report.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import { parsePush } from '../thingboot/parse-push.ts'
import type { ProductProfile } from '../thingboot/profile.ts'
import { decideAndCommit } from './deciding.ts'
import { adminJob } from './follow-up.ts'
import type { Lookup, Parts } from './parts.ts'
import { breakerLane, type EventWork, type PushWork, QUEUE } from './work.ts'

export type PushAnswer = { ok: true } | { ok: false; why: string }

/** Takes what the cloud pushes: on disk before it is answered, whether it can be read or not. */
export interface Pushes {
  /**
   * `body` as parsed, `raw` as it came, `topic` where it came by MQTT. Resolves when it is on disk; rejects when it
   * could not be kept.
   */
  take(body: unknown, raw: string, topic?: string): Promise<PushAnswer>
  /** Keeps a body that could not even be parsed. */
  keepUnreadable(raw: string, why: string): Promise<void>
  /** How many bodies are kept that could not be read (at most 1000 of earlier runs are counted). */
  unreadable(): number
  /** Counts what earlier runs have kept. */
  load(): Promise<void>
  run(job: Job, work: PushWork): Promise<JobResult>
}

export function createPushes(
  parts: Parts,
  lookup: Lookup,
  profileFor: (device: string) => ProductProfile,
): Pushes {
  const { store, metrics, log, now } = parts
  // Counted here, for health is asked often and the bodies may be large.
  let kept = 0

  async function take(body: unknown, raw: string, topic?: string): Promise<PushAnswer> {
    const parsed = parsePush(body, { receivedAt: now(), profileFor, ...(topic !== undefined && { topic }) })
    if (!parsed.ok) {
      await keepUnreadable(raw, parsed.why)
      return parsed
    }
    const { added } = await store.enqueue(parsed.reports.map(jobFor))
    if (parsed.unread.length > 0) await keepUnreadable(raw, parsed.unread.join('; '))
    metrics.pushes.inc({ result: 'taken' }, added.length)
    metrics.pushes.inc({ result: 'repeated' }, parsed.reports.length - added.length)
    return { ok: true }
  }

  async function keepUnreadable(raw: string, why: string): Promise<void> {
    const at = now()
    const id = createHash('sha256').update(raw).digest('hex').slice(0, 24)
    const day = new Date(at).toISOString().slice(0, 10)
    log.warn({ why, id, bytes: raw.length }, 'a push could not be read; it is kept for inspection')
    metrics.pushes.inc({ result: 'unreadable' })
    const index = { at, open: false }
    const committed = await store.commit({
      writes: [{ key: `unreadable/${id}`, value: { raw, why, at }, version: 0, index }],
    })
    if (committed === 'ok') kept++
    await store.enqueue([adminJob(`unreadable:${day}`, message('admin.unreadable', { why }))])
  }

  async function run(job: Job, work: PushWork): Promise<JobResult> {
    const config = lookup.breaker(work.report.device)
    if (config) return decideAndCommit(parts, lookup, job, config, { type: 'report', report: work.report })
    return unknownDevice(job, work.report)
  }

  /** A device that is not configured is named once to an admin, with the line to add. */
  async function unknownDevice(job: Job, report: Report): Promise<JobResult> {
    metrics.pushes.inc({ result: 'unknown-device' })
    const key = `unknown-device/${report.device}`
    if (await store.get(key)) return 'done'
    log.warn({ device: report.device }, 'a push came from a device that is not configured')
    const text = message('admin.unknown-device', {
      device: report.device,
      line: lineFor(parts, report.device),
    })
    const writes = [{ key, value: { firstSeen: now() }, version: 0, index: { at: now(), open: true } }]
    const committed = await store.commit({
      writes,
      jobs: [adminJob(`unknown-device:${report.device}`, text)],
      done: job.id,
    })
    return committed === 'ok' ? 'committed' : 'done'
  }

  return {
    take,
    keepUnreadable,
    run,
    unreadable: () => kept,
    async load() {
      kept = (await store.list({ kind: 'unreadable', limit: 1000 })).length
    },
  }
}

/** How long the id of a plain reading is remembered, ms: there are a thousand times as many as of anything else. */
const REMEMBER_READING = 3_600_000

function jobFor(report: Report): NewJob {
  const payload: EventWork = { from: 'push', report }
  const isReading = report.kind === 'state' && !report.fault
  return {
    id: `push:${report.id}`,
    queue: QUEUE.events,
    lane: breakerLane(report.device),
    payload,
    ...(isReading && { remember: REMEMBER_READING }),
  }
}

/** One line, for chats that take indentation and a leading dash for mark-up. */
function lineFor({ policy }: Parts, device: string): string {
  return `- { id: ${device}, name: …, site: …, room: ${policy.rooms[0]?.name ?? '…'}, ratedCurrent: … }`
}
