import { z } from 'zod'
import type { Limit, Log } from '../channel.ts'
import { callJson, type HttpOutcome } from '../kit/http.ts'
import { redact } from './errors.ts'
import type { RobotText } from './robot-text.ts'

/** All in ms. */
export interface RobotTiming {
  /** How long a group robot may take to answer. */
  robotWithin: number
  /** After «too often», whose limit is one of a minute (documented), and where a text may have arrived or not. */
  robotPause: number
  /** Until the next try where the key is refused. */
  robotRefusedPause: number
}

export interface RobotLineOptions {
  /** `https://qyapi.weixin.qq.com`, or that of a private deployment. */
  baseUrl: string
  /** The robot's, a secret. */
  key: string
  /** The robot's group, for people to know which one is meant. */
  chat: string
  timing: RobotTiming
  /** Ends what is under way. */
  stopping: AbortSignal
  /** A clock that nobody sets, ms. */
  now(): number
  log: Log
}

/** `lost`: it may stand in the group or not. `later` and `refused`: it does not, and may another time or never. */
export type Posted = 'sent' | 'later' | 'lost' | 'refused'

/** The way into the group of one robot. */
export interface RobotLine {
  /** How long nothing may be posted, ms: the robot's minute is full, or it asked for a pause. */
  shutFor(): number
  /** One attempt. Never rejects. */
  post(body: RobotText): Promise<Posted>
  /** A sentence on what to do where the robot itself is at fault. */
  trouble(): string | undefined
}

/** Documented: 20 a minute for each robot. */
export const ROBOT_LIMIT: Limit = { most: 18, within: 60_000 }

/** Until the next try where nothing was written. */
const UNREACHED_PAUSE = 5_000
/** Documented: busy, too many at a time. */
const BUSY = [-1, 45033]
const BUSY_PAUSE = 2_000
const TOO_OFTEN = 45009
/** Reported: no such key; robot removed or stopped. */
export const NO_ROBOT = [93000, 93004]

/** Where a robot is posted to: a secret, as it holds the key. */
export const robotUrl = (baseUrl: string, key: string) =>
  `${baseUrl.replace(/\/+$/, '')}/cgi-bin/webhook/send?key=${encodeURIComponent(key)}`

const answer = z.object({ errcode: z.number(), errmsg: z.string().catch('') })

export function createRobotLine(options: RobotLineOptions): RobotLine {
  const { baseUrl, key, chat, timing, stopping: signal, now, log } = options
  const url = robotUrl(baseUrl, key)
  let postedAt: number[] = []
  let shutUntil = 0
  let trouble: string | undefined

  return {
    shutFor() {
      postedAt = postedAt.filter((at) => at > now() - ROBOT_LIMIT.within)
      const first = postedAt.at(-ROBOT_LIMIT.most)
      const full = first === undefined ? 0 : first + ROBOT_LIMIT.within - now()
      return Math.max(0, full, shutUntil - now())
    },
    async post(body) {
      postedAt.push(now())
      const outcome = await callJson({ method: 'POST', url, body, timeout: timing.robotWithin, signal })
      const { posted, why, pause, noRobot } = judge(outcome, timing)
      const said = redact(why, key)
      shutUntil = Math.max(shutUntil, now() + pause)
      const before = trouble
      if (posted === 'sent') trouble = undefined
      if (noRobot) trouble = adviceFor(chat, said)
      if (posted !== 'sent')
        log[noRobot && !before ? 'error' : 'warn']({ chat, why: said }, 'the group robot did not post')
      return posted
    },
    trouble: () => trouble,
  }
}

interface Verdict {
  posted: Posted
  why: string
  /** ms */
  pause: number
  noRobot?: true
}

function judge(outcome: HttpOutcome, { robotPause, robotRefusedPause }: RobotTiming): Verdict {
  if (outcome.kind === 'unsent') return { posted: 'later', why: outcome.why, pause: UNREACHED_PAUSE }
  if (outcome.kind !== 'answer') return { posted: 'lost', why: outcome.why, pause: robotPause }
  const { data } = answer.safeParse(outcome.body)
  if (!data) {
    const why = `HTTP ${outcome.status} without an errcode`
    return { posted: outcome.status >= 500 ? 'lost' : 'later', why, pause: robotPause }
  }
  const { errcode, errmsg } = data
  const why = `${errcode}: ${errmsg}`
  if (errcode === 0) return { posted: 'sent', why, pause: 0 }
  if (errcode === TOO_OFTEN) return { posted: 'later', why, pause: robotPause }
  if (NO_ROBOT.includes(errcode)) return { posted: 'refused', why, pause: robotRefusedPause, noRobot: true }
  return BUSY.includes(errcode)
    ? { posted: 'later', why, pause: BUSY_PAUSE }
    : { posted: 'refused', why, pause: 0 }
}

const adviceFor = (chat: string, why: string) =>
  `The group robot of WeCom chat ${chat} is refused (${why}): it was removed from the group, or its key is wrong. ` +
  'Add one in the group (消息推送) and put its key at rooms[].wecomGroupRobot or channels.wecom.groupRobot.key.'
