import { message } from '../domain/message.ts'
import { rememberNewest } from '../domain/newest.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Report } from '../domain/report.ts'
import type { Job, JobResult, NewJob, Write } from '../store/store.ts'
import { parsePush } from '../thingboot/parse-push.ts'
import type { ProductProfile } from '../thingboot/profile.ts'
import { type AtOnce, createAtOnce } from './at-once.ts'
import { type DecidingOptions, decideAndCommit, type Joining } from './deciding.ts'
import { digest } from './digest.ts'
import { type Arrival, createIntake, type Intake, type Spool, type Unreadable } from './intake.ts'
import type { Lookup, Parts } from './parts.ts'
import { jobsFor } from './push-jobs.ts'
import { createRefusals, type Refusals } from './refusals.ts'
import { createSampling } from './sampling.ts'
import { adminJob } from './send-jobs.ts'
import { carriedOut, carrying } from './tracing-store.ts'
import { unknownDevice } from './unknown-device.ts'
import type { PushWork } from './work.ts'

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
  /** How many lie in the spool (undefined: there is none), and how many had to be refused. */
  spooled: Intake['spooled']
  refused: Refusals['standing']
  /** Counts what earlier runs have kept, and from now on what any instance keeps; brings in what lies in the spool. */
  start(): Promise<void>
  stop(): Promise<void>
  run(job: Job, work: PushWork): Promise<JobResult>
  isUnderWay: AtOnce['isUnderWay']
}

/** Of so many pushes is known which storm they join. */
const MOST_ASKED = 1000

/** Told to all instances when one has kept a body that could not be read. */
const KEPT = 'unreadable'

/**
 * @param spool takes pushes while the store is away
 * @param isReady whether what comes in may be decided upon
 */
export function createPushes(
  parts: Parts,
  lookup: Lookup,
  profileFor: (device: string) => ProductProfile,
  spool: Spool | undefined,
  isReady: () => boolean,
): Pushes {
  const { store, metrics, log, now } = parts
  const refusals = createRefusals(parts)
  const sampling = createSampling(parts, profileFor)
  const intake = createIntake(parts, write, refusals, spool)
  const atOnce = createAtOnce({
    isReady,
    decide: decideAtOnce,
    keep: async (jobs) => (await store.enqueue([...jobs])).added.length,
  })
  /** By job: of pushes that are being decided upon as they come, and may have to wait for their turn all the same. */
  const asked = new Map<string, Joining>()
  // Counted here, for health is asked often and the bodies may be large.
  let kept = 0
  let deafen: (() => void) | undefined

  async function take(body: unknown, raw: string, topic?: string): Promise<PushAnswer> {
    const parsed = parsePush(body, { receivedAt: now(), profileFor, ...(topic !== undefined && { topic }) })
    if (!parsed.ok) {
      await keepUnreadable(raw, parsed.why)
      return parsed
    }
    const unreadable = parsed.unread.length > 0 ? { unreadable: unread(raw, parsed.unread.join('; ')) } : {}
    await intake.keep({ jobs: jobsFor(parsed.reports, raw), ...unreadable })
    return { ok: true }
  }

  async function keepUnreadable(raw: string, why: string): Promise<void> {
    await intake.keep({ jobs: [], unreadable: unread(raw, why) })
  }

  function unread(raw: string, why: string): Unreadable {
    const id = digest(raw, 24)
    log.warn({ why, id, bytes: raw.length }, 'a push could not be read; it is kept for inspection')
    return { id, raw, why, at: now() }
  }

  async function write({ jobs, unreadable }: Arrival): Promise<void> {
    if (jobs.length > 0) {
      const added = await atOnce.take(jobs)
      metrics.pushes.inc({ result: 'taken' }, added)
      metrics.pushes.inc({ result: 'repeated' }, jobs.length - added)
    }
    if (unreadable) await writeUnreadable(unreadable)
  }

  async function writeUnreadable({ id, raw, why, at }: Unreadable): Promise<void> {
    const day = new Date(at).toISOString().slice(0, 10)
    const index = { at, open: false }
    const committed = await store.commit({
      writes: [{ key: `unreadable/${id}`, value: { raw, why, at }, version: 0, index }],
    })
    metrics.pushes.inc({ result: 'unreadable' })
    if (committed === 'ok') store.broadcast(KEPT, id)
    await store.enqueue([adminJob(`unreadable:${day}`, message('admin.unreadable', { why }))])
  }

  async function run(job: Job, work: PushWork): Promise<JobResult> {
    const config = lookup.breaker(work.report.device)
    const known = work.raw === undefined ? undefined : await store.get(rawKey(work.report))
    const writes = rawWrites(job, work, known?.version ?? 0)
    if (!config) return unknownDevice(parts, job, work.report.device, writes)
    const joining = asked.get(job.id) ?? {}
    try {
      return await decideOn(job, work.report, config, { writes: () => writes, joining })
    } finally {
      asked.delete(job.id)
    }
  }

  async function decideAtOnce(taken: NewJob): Promise<boolean> {
    const [carried] = carrying([taken])
    const work = carried!.payload as PushWork
    const config = lookup.breaker(work.report.device)
    if (!config) return false
    const job: Job = { priority: 0, ...carried!, attempt: 1, begun: false, createdAt: now() }
    // One that was kept before is known, so that nothing is overwritten.
    const writes = rawWrites(job, work, 0)
    const joining: Joining = {}
    // Another instance may run some of them.
    rememberNewest(asked, job.id, joining, MOST_ASKED)
    const options = { writes: () => writes, takes: carried!, joining }
    const decide = () => decideOn(job, work.report, config, options)
    const isDone = (await carriedOut(job, decide, parts.tracing)) === 'committed'
    if (isDone) asked.delete(job.id)
    return isDone
  }

  async function decideOn(
    job: Job,
    report: Report,
    config: BreakerConfig,
    options: DecidingOptions,
  ): Promise<JobResult> {
    const { samples, doubts } = sampling.measured(config, report)
    const event = { type: 'report', report } as const
    const result = await decideAndCommit(parts, lookup, job, config, event, { ...options, samples })
    if (result === 'committed') await sampling.taken(config, report, doubts)
    return result
  }

  /** What the cloud really sent, for whoever installs breakers. */
  function rawWrites(job: Job, { report, raw }: PushWork, version: number): Write[] {
    if (raw === undefined) return []
    const { device, kind } = report
    const value: KeptPush = { device, kind, at: job.createdAt, raw }
    return [{ key: rawKey(report), value, version, index: { at: job.createdAt, open: false } }]
  }

  return {
    take,
    keepUnreadable,
    run,
    isUnderWay: atOnce.isUnderWay,
    unreadable: () => kept,
    spooled: intake.spooled,
    refused: refusals.standing,
    async start() {
      deafen = store.hear(KEPT, () => kept++)
      kept = (await store.list({ kind: 'unreadable', limit: 1000 })).length
      await intake.start()
    },
    async stop() {
      deafen?.()
      refusals.stop()
      await intake.stop()
    },
  }
}

/** A push as it is kept for a while (documents `push/<report id>`). */
export interface KeptPush {
  device: string
  kind: Report['kind']
  /** When it came, ms since 1970. */
  at: number
  /** The body as it came. */
  raw: string
}

const rawKey = ({ id }: Report): string => `push/${id}`
