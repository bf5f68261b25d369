import { keepNewest } from '../../domain/newest.ts'
import type { Content, Log } from '../channel.ts'
import { pause } from '../kit/waiting.ts'
import type { RobotLine } from './robot-line.ts'
import { callOn, inItsPlace, textOf } from './robot-text.ts'

/**
 * A group robot (消息推送): the second way into its group. It makes phones ring, which the bot cannot, and it gets
 * through while the bot's connection is down. It hears nothing and has no buttons.
 */
export interface GroupRobot {
  /**
   * Tells the facts of a content in words, once for a key. Never rejects.
   * @returns whether the group has been told
   */
  tell(content: Content, key: string): Promise<boolean>
  /**
   * Calls on the people that a content mentions, once for a key: at once, or together with others as soon as the robot
   * may post again.
   */
  call(content: Content, key: string): void
  /** A sentence on what to do where the robot itself is at fault. */
  trouble(): string | undefined
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>
}

export interface GroupRobotOptions {
  line: RobotLine
  /** Ends all waiting. */
  stopping: AbortSignal
  /** A clock that nobody sets, ms. */
  now(): number
  log: Log
  /** As {@link pause}. */
  wait?: typeof pause
}

/** So many keys are remembered. */
const REMEMBERED = 1_000
/** How often a text is posted of which it is not known whether it arrived (our choice). */
const MOST_LOST = 2
/** What people are called on for is no older than this, ms (our choice). */
const CALL_WITHIN = 600_000
/** So many calls are told by one text; of older ones only the people are kept. */
const MOST_LINES = 10

interface Calls {
  lines: string[]
  ids: string[]
  /** When the newest was made. */
  at: number
}

export function createGroupRobot({ line, stopping, now, log, wait = pause }: GroupRobotOptions): GroupRobot {
  const told = new Set<string>()
  const called = new Set<string>()
  const lost = new Map<string, number>()
  let waiting: Calls | undefined
  let isCalling = false
  let calling = Promise.resolve()

  async function callAll(): Promise<void> {
    while (waiting && !stopping.aborted) {
      const shut = line.shutFor()
      if (shut > 0) await wait(shut, stopping)
      else await callOnce()
    }
    isCalling = false
  }

  async function callOnce(): Promise<void> {
    const calls = waiting!
    waiting = undefined
    if (now() - calls.at > CALL_WITHIN) {
      log.error(
        { calls: calls.lines.length },
        'people were not called on: the group robot was shut for too long',
      )
      return
    }
    const posted = await line.post(textOf(calls.lines.join('\n'), calls.ids))
    if (posted === 'later') waiting = waiting ? together(calls, waiting) : calls
  }

  async function post(content: Content, key: string): Promise<boolean> {
    const losses = lost.get(key) ?? 0
    if (losses >= MOST_LOST || line.shutFor() > 0) return false
    const posted = await line.post(inItsPlace(content))
    if (posted === 'lost') remember(lost.set(key, losses + 1))
    return posted === 'sent'
  }

  return {
    async tell(content, key) {
      if (told.has(key)) return true
      const isTold = await post(content, key)
      if (isTold) remember(told.add(key))
      if (isTold && content.mention) remember(called.add(key))
      return isTold
    },
    call(content, key) {
      const { mention = [] } = content
      if (mention.length === 0 || called.has(key) || stopping.aborted) return
      remember(called.add(key))
      const call = { lines: [callOn(mention, content)], ids: mention.map(({ id }) => id), at: now() }
      waiting = waiting ? together(waiting, call) : call
      if (isCalling) return
      isCalling = true
      calling = callAll()
    },
    trouble: line.trouble,
    stop: () => calling,
  }
}

const remember = (keys: Set<string> | Map<string, unknown>) => keepNewest(keys, REMEMBERED)

function together(older: Calls, newer: Calls): Calls {
  return {
    lines: [...older.lines, ...newer.lines].slice(-MOST_LINES),
    ids: [...new Set([...older.ids, ...newer.ids])],
    at: newer.at,
  }
}
