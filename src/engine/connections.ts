import type { ChannelHealth, ChatChannel, Delivery, Receive } from '../channels/channel.ts'
import type { Worker } from '../store/store.ts'
import { limitsWith } from './budgets.ts'
import { createHold, type Hold, type Holder } from './hold.ts'
import type { Channel } from './parts.ts'
import type { MonthlyQuota, OnUse } from './quota.ts'

/** How to come by the connection of a bot, of which there may be one at a time. */
export interface Bot {
  /** Names it for all instances, e.g. `wecom:<bot id>`. */
  id: string
  /**
   * Makes the adapter anew: one that was stopped stays so.
   * @param onUse where the platform counts by the month: to be told of each use
   */
  connect(onUse?: OnUse): ChatChannel
  /** What the platform allows in a month, where it counts. */
  quota?: MonthlyQuota
  /** How many messages a minute a group takes, where it is configured. */
  perMinute?: number | undefined
  /** Where the platform calls whichever instance it reaches (a web-hook): an adapter that only takes what comes in. */
  listen?(): ChatChannel
}

/** What is held by the instance that has a bot's connection. */
export const botLease = (bot: string): string => `bot:${bot}`

/** A bot's connection, which this instance holds or stands by for. */
export interface Connection {
  /** To send through, and to ask about, whoever holds it: it answers `later` while that is another instance. */
  channel: Channel
  /** @param work starts to carry out what is to be sent; called each time that the connection has become ours */
  start(receive: Receive, work: () => Worker): Promise<void>
  /** Takes no more of what is to be sent. Resolves when that has ended. */
  idle(): Promise<void>
  /** Disconnects, and lets another instance connect at once. */
  stop(): Promise<void>
}

export function createConnection(bot: Bot, holder: Holder, onUse?: OnUse): Connection {
  const standIn = () => bot.listen?.() ?? bot.connect()
  let adapter = standIn()
  const { name, abilities } = adapter
  const limits = limitsWith(adapter.limits, bot.perMinute)
  let receive: Receive | undefined
  let work: () => Worker
  let worker: Worker | undefined
  /** Of those that were stopped. */
  let ended: Promise<unknown> = Promise.resolve()
  let state: 'new' | 'started' | 'stopped' = 'new'
  let runs = false

  const hold = createHold({
    ...holder,
    name: botLease(bot.id),
    async begin() {
      if (bot.listen) await halt()
      adapter = bot.connect(onUse)
      await go()
      worker = work()
    },
    async end() {
      stopWorker()
      await halt()
      if (state === 'stopped') return
      adapter = standIn()
      if (bot.listen) await go()
    },
  })

  async function go(): Promise<void> {
    runs = true
    await adapter.start(receive!).catch(async (error) => {
      await halt()
      throw error
    })
  }

  async function halt(): Promise<void> {
    if (runs) await adapter.stop()
    runs = false
  }

  function stopWorker(): void {
    // What it could not tell the store any more counts as lost, and runs again.
    ended = Promise.all([ended, worker?.stop().catch(() => {})])
    worker = undefined
  }

  const whileHeld = (send: () => Promise<Delivery>): Promise<Delivery> =>
    hold.isHeld()
      ? send()
      : Promise.resolve({ outcome: 'later', why: 'another instance holds the connection' })

  return {
    channel: {
      name,
      abilities,
      limits,
      health: () => healthOf(state, hold, adapter.health(), bot.listen !== undefined),
      send: (...message) => whileHeld(() => adapter.send(...message)),
      update: (...change) => whileHeld(() => adapter.update(...change)),
    },
    async start(taker, worked) {
      state = 'started'
      receive = taker
      work = worked
      if (bot.listen) await go()
      await hold.start()
    },
    async idle() {
      stopWorker()
      await ended
    },
    async stop() {
      state = 'stopped'
      await hold.stop()
      await halt()
      await ended
    },
  }
}

function healthOf(state: string, hold: Hold, own: ChannelHealth, listens: boolean): ChannelHealth {
  const { at, since } = hold.standing()
  if (state === 'stopped') return { state: 'stopped', since }
  if (at === 'held' || state === 'new') return own
  if (at === 'unknown') return { state: 'waiting', since, detail: UNKNOWN }
  if (listens && own.state !== 'ready') return own
  return { state: 'standby', since, detail: ELSEWHERE }
}

const ELSEWHERE = 'Another instance holds the connection; this one takes over if that one goes.'
const UNKNOWN =
  'The store does not say which instance holds the connection: it is made as soon as the store answers again.'
