import type { ChannelName } from '../channels/channel.ts'
import type { ProductProfile } from '../thingboot/profile.ts'
import type { BindCodes } from './bind-codes.ts'
import type { ClockWatch } from './clock.ts'
import type { Bot } from './connections.ts'
import type { Console, ConsoleOptions } from './console/console.ts'
import type { HoldTiming } from './hold.ts'
import type { Spool } from './intake.ts'
import type { Parts } from './parts.ts'
import type { Pushes } from './pushes.ts'
import type { OnUse } from './quota.ts'
import type { WatchingOptions } from './watching.ts'

export interface EngineOptions extends Omit<Parts, 'channels'>, WatchingOptions {
  bots: ReadonlyMap<ChannelName, Bot>
  /** The one-time codes that bind chats and people. */
  codes: BindCodes
  /** This instance, among those that share the store. */
  holder: string
  /** For how long a bot's connection is held, and how often that is renewed. */
  holdTiming?: Partial<HoldTiming>
  profileFor: (device: string) => ProductProfile
  /** Takes pushes while the store is away. */
  spool?: Spool | undefined
  /** How often is looked for rooms without duty, for drills and for reports that are due, ms; tests shorten it. */
  watchEvery?: number
  /** How often is looked for cards that show an old state, ms; tests shorten it. */
  mendEvery?: number | undefined
  console?: Partial<ConsoleOptions>
}

/**
 * The shell around the decisions: what comes in is put on disk as jobs, decided upon one by one, and what follows is
 * carried out by further jobs.
 */
export interface Engine {
  pushes: Pick<Pushes, 'take' | 'keepUnreadable' | 'unreadable' | 'spooled' | 'refused'>
  /** The chat platforms, to ask how their connections stand. */
  channels: Parts['channels']
  clock: Pick<ClockWatch, 'standing'>
  /** What the API works with. */
  console: Console
  /** A call that a way made counts toward its platform's monthly quota. */
  used(channel: ChannelName, ...use: Parameters<OnUse>): void
  /** The table that an address of {@link Parts.links} stands for. */
  energyTable(query: Record<string, string>): AsyncIterable<string> | 'expired' | undefined
  /** From now on this policy holds, as a whole, and no other. */
  adopt(policy: Parts['policy']): void
  /** Pushes may have been missed until now: `why` in a few words, for the log. */
  missedPushes(why: string): void
  start(): Promise<void>
  /** Finishes what is running; what is waiting stays on disk. */
  stop(): Promise<void>
}
