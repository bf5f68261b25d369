import { setTimeout as delay } from 'node:timers/promises'
import type { Job, JobResult, Worker } from '../store/store.ts'
import { createDrawWatch } from './abnormal/watch.ts'
import { accepted } from './accepting.ts'
import { createBindings } from './bindings.ts'
import { createCensus } from './census.ts'
import { createClockWatch } from './clock.ts'
import { createCloudCaller } from './cloud-calls.ts'
import { createPulse, listened } from './cloud-pulse.ts'
import { createConnection } from './connections.ts'
import { announcing } from './console/changes.ts'
import { createConsole } from './console/console.ts'
import { createSessions } from './console/sessions.ts'
import { createConversation } from './conversation.ts'
import { decideAndCommit } from './deciding.ts'
import { createDelivering } from './delivering.ts'
import { createDutyWatch } from './duty-watch.ts'
import { energyTable } from './energy-table.ts'
import type { Engine, EngineOptions } from './engine-port.ts'
import type { Holder } from './hold.ts'
import { createMeterQueries } from './meter-queries.ts'
import { createLookup, type Parts } from './parts.ts'
import { createPosting } from './posting.ts'
import { createPushes } from './pushes.ts'
import { QUEUE, SEND_QUEUE } from './queues.ts'
import { createQuotas } from './quota.ts'
import { refollow } from './refollow.ts'
import { createReports } from './reports/making.ts'
import { createReportSchedule } from './reports/schedule.ts'
import { createSummoning } from './summoning.ts'
import { tracingStore } from './tracing-store.ts'
import { createTurns } from './turns.ts'
import { createWatching } from './watching.ts'
import { createWeeklyDrill } from './weekly-drill.ts'
import type { EventWork } from './work.ts'

export type { Engine, EngineOptions } from './engine-port.ts'

/** Decisions wait for the disk and for nothing else: so many share a sync to it, and take a few ms together. */
const EVENTS_AT_ONCE = 128

/** Calls of web-hooks wait for their servers and for the disk; one that hangs must not keep others waiting. */
const POSTS_AT_ONCE = 64

/** How long running jobs may take to end at a stop, ms. What is cut off then is run again at the next start. */
const DRAIN = 4000

export function createEngine(options: EngineOptions): Engine {
  const { log, holder, now, bots, holdTiming } = options
  const traced = tracingStore(options.store, options.metrics, options.tracing)
  // Without a console nobody looks on.
  const store = options.console ? announcing(traced) : traced
  const held: Holder = { store, log, holder, now, ...(holdTiming && { timing: holdTiming }) }
  const quotas = createQuotas(options, bots)
  const connections = new Map(
    [...bots].map(([name, bot]) => [name, createConnection(bot, held, quotas.onUse(name))]),
  )
  const channels: Parts['channels'] = new Map([...connections].map(([name, { channel }]) => [name, channel]))
  const bindings = createBindings(options, options.policy)
  const pulse = createPulse(now, () => watching.longest())
  const parts: Parts = {
    ...options,
    store,
    channels,
    cloud: listened(options.cloud, pulse),
    get policy() {
      return bindings.policy
    },
  }
  const census = createCensus(parts)
  for (const channel of channels.keys()) parts.metrics.undelivered.inc({ channel }, 0)
  parts.metrics.watch({ channels, census: census.latest, pushedAt: () => pulse.heard().pushedAt })
  const lookup = createLookup(parts)
  const { publicUrl, lasts = 8 * 3_600_000 } = options.console ?? {}
  const sessions = createSessions(parts, lookup, lasts)
  const linking = { sessions, publicUrl }
  const conversation = createConversation(parts, lookup, bindings, options.codes, linking)
  const pushes = createPushes(parts, lookup, options.profileFor, options.spool, () => isReady)
  const delivering = createDelivering(parts, lookup, conversation.aliases, linking, options.mendEvery)
  const cloud = createCloudCaller(parts, lookup, pushes.isUnderWay)
  const watches = [
    ...[createDutyWatch, createWeeklyDrill, createReportSchedule].map((create) =>
      create(parts, options.watchEvery),
    ),
    createDrawWatch(parts, lookup, options.watchEvery),
  ]
  const reports = createReports(parts, lookup)
  const queries = createMeterQueries(parts, lookup, {
    turn: createTurns(store, options.callsPerSecond),
    every: options.watchEvery,
  })
  const summoning = createSummoning(parts, lookup)
  const posting = createPosting(parts, lookup)
  const clock = createClockWatch(parts)
  const watching = createWatching(parts, lookup, pulse, options)
  const workers: Worker[] = []
  let isReady = false

  async function event(job: Job): Promise<JobResult> {
    const work = job.payload as EventWork
    switch (work.from) {
      case 'push':
        return pushes.run(job, work)
      case 'inside': {
        const config = lookup.breaker(work.breaker)
        if (!config) return { dead: 'the breaker is not configured any more' }
        const explained =
          work.event.type === 'away-due' ? await watching.explains(job, config, work.event) : undefined
        return explained ?? decideAndCommit(parts, lookup, job, config, work.event)
      }
      case 'site':
        return watching.site(job, work)
      default:
        return conversation.run(job, work)
    }
  }

  return {
    pushes: {
      ...pushes,
      take: (body, raw, topic) =>
        watching.heard(
          accepted(parts, topic === undefined ? 'http' : 'mqtt', () => pushes.take(body, raw, topic)),
        ),
      keepUnreadable: (raw, why) => watching.heard(pushes.keepUnreadable(raw, why)),
    },
    channels,
    clock,
    console: createConsole(parts, lookup, { sessions, deeds: conversation.deeds, isReady: () => isReady }),
    used: (channel, ...use) => quotas.onUse(channel)?.(...use),
    adopt(next) {
      bindings.adopt(next)
      void sessions.sweep()
      void conversation.recountStorms()
      void refollow(parts, lookup)
      watching.adopted()
    },
    energyTable(query) {
      const wish = options.links?.read(query, now())
      return wish === undefined || wish === 'expired' ? wish : energyTable(parts, lookup, wish)
    },
    missedPushes: watching.missed,
    async start() {
      await Promise.all([conversation.begin(), pushes.start()])
      isReady = true
      workers.push(
        store.work(QUEUE.events, { concurrency: EVENTS_AT_ONCE, lease: 30_000 }, event),
        store.work(QUEUE.storms, { concurrency: 8, lease: 30_000 }, event),
        store.work(QUEUE.commands, { concurrency: 64, lease: 60_000 }, cloud.command),
        store.work(QUEUE.summons, { concurrency: 16, lease: 120_000 }, summoning.run),
        store.work(QUEUE.posts, { concurrency: POSTS_AT_ONCE, lease: 120_000 }, (job) =>
          'csv' in (job.payload as object) ? reports.run(job) : posting.run(job),
        ),
        store.work(QUEUE.reports, { concurrency: 4, lease: 300_000 }, reports.run),
        store.work(QUEUE.drills, { concurrency: 8, lease: 120_000 }, (job) =>
          'person' in (job.payload as object) ? summoning.run(job) : posting.run(job),
        ),
        store.work(QUEUE.lookUps, { concurrency: 16, lease: 60_000 }, cloud.lookUp),
        store.work(QUEUE.queries, { concurrency: 8, lease: 180_000 }, queries.run),
        ...delivering.work(),
      )
      quotas.start()
      for (const [name, connection] of connections)
        await connection.start(
          (input) => conversation.receive(name, input),
          () => store.work(SEND_QUEUE[name], { concurrency: 64, lease: 120_000 }, delivering.send),
        )
      void conversation.recountStorms()
      void refollow(parts, lookup)
      watching.start()
      for (const watch of watches) watch.start()
      queries.start()
      delivering.sweep.start()
      clock.start()
      const { breakers, rooms } = parts.policy
      log.info({ breakers: breakers.length, rooms: rooms.length }, 'the engine runs')
    },
    async stop() {
      clock.stop()
      const rounds = [watching, delivering.sweep, queries, census, ...watches]
      await Promise.all([...rounds.map((one) => one.stop()), pushes.stop()])
      // First the workers, so that a message under way still gets its answer; but not for ever.
      const all = [...connections.values()]
      const idle = Promise.all([...workers.map((worker) => worker.stop()), ...all.map((one) => one.idle())])
      await Promise.race([idle, delay(DRAIN, undefined, { ref: false })])
      await Promise.all(all.map((connection) => connection.stop()))
      await idle
      await quotas.stop()
      conversation.end()
    },
  }
}
