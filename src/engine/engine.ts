import { setTimeout as delay } from 'node:timers/promises'
import type { ChatChannel } from '../channels/channel.ts'
import type { Job, JobResult, Worker } from '../store/store.ts'
import type { ProductProfile } from '../thingboot/profile.ts'
import { createAliases } from './aliases.ts'
import { createAnswers } from './answers.ts'
import { createCloudCaller } from './cloud-calls.ts'
import { decideAndCommit } from './deciding.ts'
import { createInbox } from './inbox.ts'
import { createLines } from './lines.ts'
import { createOutgoing } from './outgoing.ts'
import { createLookup, type Parts } from './parts.ts'
import { createPresses } from './presses.ts'
import { createPushes, type Pushes } from './pushes.ts'
import { createReconciler } from './reconciling.ts'
import { createSender } from './sending.ts'
import { type EventWork, QUEUE, SEND_QUEUE } from './work.ts'

/** Decisions wait for the disk and for nothing else: so many share a sync to it, and take a few ms together. */
const EVENTS_AT_ONCE = 128

/** How long running jobs may take to end at a stop, ms. What is cut off then is run again at the next start. */
const DRAIN = 4000

export interface EngineOptions extends Parts {
  profileFor: (device: string) => ProductProfile
  /** How often the cloud is asked how all breakers stand, ms; 0: never. */
  reconcileEvery: number
}

/**
 * The shell around the decisions: what comes in is put on disk as jobs, decided upon one by one, and what follows is
 * carried out by further jobs.
 */
export interface Engine {
  pushes: Pick<Pushes, 'take' | 'keepUnreadable' | 'unreadable'>
  start(): Promise<void>
  /** Finishes what is running; what is waiting stays on disk. */
  stop(): Promise<void>
}

export function createEngine(options: EngineOptions): Engine {
  const parts: Parts = options
  const { store, log } = parts
  const lookup = createLookup(parts.policy)
  const aliases = createAliases(store)
  const answers = createAnswers()
  const presses = createPresses(parts, lookup, aliases, answers)
  const inbox = createInbox(parts, lookup, aliases, answers, presses)
  const lines = createLines(parts, lookup, aliases)
  const pushes = createPushes(parts, lookup, options.profileFor)
  const sender = createSender(parts, lookup, createOutgoing(parts, lookup, aliases))
  const cloud = createCloudCaller(parts, lookup)
  const reconciler = createReconciler(parts, lookup, options.reconcileEvery)
  const workers: Worker[] = []
  const channels: ChatChannel[] = []

  async function event(job: Job): Promise<JobResult> {
    const work = job.payload as EventWork
    switch (work.from) {
      case 'push':
        return pushes.run(job, work)
      case 'press':
        return presses.run(job, work)
      case 'text':
        return lines.run(job, work)
      case 'inside': {
        const config = lookup.breaker(work.breaker)
        return config
          ? decideAndCommit(parts, lookup, job, config, work.event)
          : { dead: 'the breaker is not configured any more' }
      }
    }
  }

  return {
    pushes,
    async start() {
      await Promise.all([aliases.load(), pushes.load()])
      workers.push(
        store.work(QUEUE.events, { concurrency: EVENTS_AT_ONCE, lease: 30_000 }, event),
        store.work(QUEUE.commands, { concurrency: 64, lease: 60_000 }, cloud.command),
        store.work(QUEUE.lookUps, { concurrency: 16, lease: 60_000 }, cloud.lookUp),
        store.work(QUEUE.admin, { concurrency: 1, lease: 120_000 }, sender.run),
        ...Object.values(SEND_QUEUE).map((queue) =>
          store.work(queue, { concurrency: 64, lease: 120_000 }, sender.run),
        ),
      )
      for (const channel of parts.channels.values()) {
        channels.push(channel)
        await channel.start((input) => inbox.receive(channel.name, input))
      }
      reconciler.start()
      log.info(
        { breakers: parts.policy.breakers.length, rooms: parts.policy.rooms.length },
        'the engine runs',
      )
    },
    async stop() {
      await reconciler.stop()
      // First the workers, so that a message under way still gets its answer; but not for ever.
      const idle = Promise.all(workers.map((worker) => worker.stop()))
      await Promise.race([idle, delay(DRAIN, undefined, { ref: false })])
      await Promise.all(channels.map((channel) => channel.stop()))
      await idle
    },
  }
}
