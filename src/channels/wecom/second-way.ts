import type { ChannelHealth, Content, Delivery, Log } from '../channel.ts'
import { createGroupRobot, type GroupRobot } from './group-robot.ts'
import { createRobotLine, type RobotTiming } from './robot-line.ts'

/** The group robots that there are, by the chatid of their group; each belongs to one. The keys are secrets. */
export interface Robots {
  baseUrl: string
  keys: ReadonlyMap<string, string>
}

export interface SecondWayOptions {
  robots: Robots
  timing: RobotTiming
  log: Log
  /** How the bot's connection stands. */
  health(): ChannelHealth
}

/** What the group robots add to what the bot can do. */
export interface SecondWay {
  /** Whether there is any. */
  readonly exists: boolean
  /**
   * Does what is left to do after an attempt to send: calls on the people that were mentioned, or tells an urgent
   * content that cannot leave while the connection is down. A fault of the robot changes no outcome. Never rejects.
   */
  after(chat: string, content: Content, key: string, delivery: Delivery): Promise<Delivery>
  /** Sentences on what to do. */
  trouble(): string | undefined
  stop(): Promise<void>
}

export function createSecondWay({ robots, timing, log, health }: SecondWayOptions): SecondWay {
  const stop = new AbortController()
  const common = { stopping: stop.signal, now: () => performance.now(), log }
  const byChat = new Map<string, GroupRobot>()
  for (const [chat, key] of robots.keys) {
    const line = createRobotLine({ ...common, baseUrl: robots.baseUrl, key, chat, timing })
    byChat.set(chat, createGroupRobot({ ...common, line }))
  }
  const all = [...byChat.values()]

  return {
    exists: all.length > 0,
    async after(chat, content, key, delivery) {
      const robot = byChat.get(chat)
      if (!robot || delivery.outcome === 'refused') return delivery
      if (delivery.outcome === 'delivered') {
        robot.call(content, key)
        return delivery
      }
      if (!content.urgent || !isDown(health())) return delivery
      const told = await robot.tell(content, key)
      return told && delivery.outcome === 'later' ? { ...delivery, told } : delivery
    },
    trouble: () => all.map((robot) => robot.trouble()).find((one) => one !== undefined),
    async stop() {
      stop.abort()
      await Promise.all(all.map((robot) => robot.stop()))
    },
  }
}

/** While it starts, the first connection is moments away. */
const isDown = ({ state }: ChannelHealth) => state === 'waiting' || state === 'failed'
