import type { ChannelName } from '../domain/people.ts'
import type { ChatRef } from '../domain/policy.ts'
import { chatKey } from './parts.ts'

export const QUEUE = {
  events: 'events',
  commands: 'commands',
  lookUps: 'look-ups',
  /** Apart from the commands, which never wait for them. */
  queries: 'queries',
  admin: 'admin',
  /** Apart from the events, so that thousands of trips do not keep their own card waiting. Sites too. */
  storms: 'storms',
  watch: 'watch',
  /** What waits for a telephone company must not keep what waits for a mail server. */
  summons: 'summons',
  posts: 'posts',
  /** Reckoning takes its time. */
  reports: 'reports',
  /** What a drill calls and posts keeps nothing waiting that is in earnest. */
  drills: 'drills',
} as const

/** A queue for each platform, so that one that hangs does not take up the runs of the others. */
export const SEND_QUEUE: Record<ChannelName, string> = {
  telegram: 'send-telegram',
  dingtalk: 'send-dingtalk',
  wecom: 'send-wecom',
}

/**
 * Alarms first, then answers to people, then the rest. In the inbox: first what the breakers and the cloud say, so that
 * nobody's wish is judged by a state that has passed.
 */
export const PRIORITY = { alarm: 10, answer: 5, rest: 0 } as const

/** What must reach people at once: no answer to any of them, and no word about another chat. */
export const isAlarm = ({ priority = 0 }: { priority?: number }): boolean => priority >= PRIORITY.alarm

export const runLane = (run: string): string => `run:${run}`
export const alarmLane = (alarm: string): string => `alarm:${alarm}`
export const stormLane = (storm: string): string => `storm:${storm}`
export const siteLane = (room: string, site: string): string => `site:${room}:${site}`
export const breakerLane = (breaker: string): string => `breaker:${breaker}`
/** For what goes out to a chat. */
export const chatLane = (chat: ChatRef): string => `chat:${chatKey(chat)}`
/** For what is typed in a chat: it must not wait for what goes out there. */
export const talkLane = (chat: ChatRef): string => `talk:${chatKey(chat)}`
