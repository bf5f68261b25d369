import { setTimeout as delay } from 'node:timers/promises'
import type { ChannelName, ChatAnswer, ChatInput, Receipt } from '../channels/channel.ts'
import { message } from '../domain/message.ts'
import type { Job, JobResult, Worker } from '../store/store.ts'
import { parseButton } from '../text/card-text.ts'
import { translator } from '../text/translate.ts'
import type { ProductProfile } from '../thingboot/profile.ts'
import { createAliases } from './aliases.ts'
import { createAnswers } from './answers.ts'
import { createCloudCaller } from './cloud-calls.ts'
import { decideAndCommit } from './deciding.ts'
import { createLines } from './lines.ts'
import { createLookup, type Parts } from './parts.ts'
import { createPresses } from './presses.ts'
import { createPushes, type Pushes } from './pushes.ts'
import { createReconciler } from './reconciling.ts'
import { createSender } from './sending.ts'
import { breakerLane, chatLane, type EventWork, PRIORITY, QUEUE } from './work.ts'

type PressWork = Extract<EventWork, { from: 'press' }>

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
  pushes: Pick<Pushes, 'take' | 'keepUnreadable'>
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
  const lines = createLines(parts, lookup, aliases)
  const pushes = createPushes(parts, lookup, options.profileFor)
  const sender = createSender(parts, lookup, aliases)
  const cloud = createCloudCaller(parts)
  const reconciler = createReconciler(parts, lookup, options.reconcileEvery)
  const workers: Worker[] = []

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

  /** Takes what people do in chats: on disk first, then decided; the presser waits a moment for the outcome. */
  function receive(channel: ChannelName, input: ChatInput): Receipt {
    parts.metrics.inputs.inc({ channel, kind: input.kind })
    if (input.kind === 'moved') {
      return {
        taken: aliases.moved({ channel, chat: input.chat }, input.to),
        answer: Promise.resolve({}),
        shown() {},
      }
    }
    if (input.kind === 'text') return receiveText(channel, input)
    return receivePress(channel, input)
  }

  function receiveText(channel: ChannelName, input: Extract<ChatInput, { kind: 'text' }>): Receipt {
    const lane = chatLane(aliases.original({ channel, chat: input.chat }))
    const isListed = lookup.person(channel, input.sender.id) !== undefined
    const kept = keep(`text:${channel}:${input.id}`, lane, { from: 'text', channel, input }, isListed)
    return { taken: kept.then(() => {}), answer: Promise.resolve({}), shown() {} }
  }

  function receivePress(channel: ChannelName, input: Extract<ChatInput, { kind: 'press' }>): Receipt {
    const pressed = parseButton(input.data)
    const job = `press:${channel}:${input.id}`
    let given: { work: PressWork; answer: ChatAnswer } | undefined
    const decided = (async (): Promise<{ answer: Promise<ChatAnswer> }> => {
      if (!pressed || !(await presses.isOurs(pressed)))
        return { answer: Promise.resolve(outOfDate(channel, input.chat)) }
      const work: PressWork = { from: 'press', channel, input, pressed }
      const waiting = answers.wait(job)
      const isListed = lookup.person(channel, input.sender.id) !== undefined
      if (!(await keep(job, breakerLane(pressed.breaker), work, isListed))) answers.give(job, {})
      return { answer: waiting.then((answer) => (given = { work, answer }).answer) }
    })()
    return {
      taken: decided.then(() => {}),
      answer: decided.then(({ answer }) => answer).catch(() => ({})),
      shown: (taken) => {
        if (taken && given) presses.shown(given.work, given.answer)
      },
    }
  }

  /** For buttons that no card of ours has: nothing follows from them, so there is nothing to keep. */
  function outOfDate(channel: ChannelName, chat: string): ChatAnswer {
    const locale = lookup.roomOfChat({ channel, chat })?.locale ?? parts.policy.locale
    const toast = translator(locale, parts.policy.timezone)(message('ask.superseded'))
    return { toast, alert: true, privately: true }
  }

  /** What listed people do goes first: strangers could otherwise make them wait. */
  async function keep(id: string, lane: string, payload: EventWork, isListed: boolean): Promise<boolean> {
    const priority = isListed ? PRIORITY.answer : PRIORITY.rest
    const { added } = await store.enqueue([{ id, queue: QUEUE.events, lane, payload, priority }])
    return added.length > 0
  }

  return {
    pushes,
    async start() {
      await aliases.load()
      workers.push(
        store.work(QUEUE.events, { concurrency: 64, lease: 30_000 }, event),
        store.work(QUEUE.send, { concurrency: 64, lease: 120_000 }, sender.run),
        store.work(QUEUE.cloud, { concurrency: 32, lease: 60_000 }, cloud.run),
      )
      for (const channel of parts.channels.values()) {
        await channel.start((input) => receive(channel.name, input))
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
      await Promise.all([...parts.channels.values()].map((channel) => channel.stop()))
      await idle
    },
  }
}
