import type { RetryTiming } from './retries.ts'
import type { RobotTiming } from './robot-line.ts'
import type { SessionTiming } from './session.ts'

/** All in ms. */
export interface WeComTiming extends SessionTiming, RetryTiming, RobotTiming {
  /** How long the answer to a press may take. */
  answerWithin: number
}

const MINUTE = 60_000

/** As in production. */
export const TIMING: WeComTiming = {
  handshakeWithin: 10_000,
  authWithin: 10_000,
  pingEvery: 30_000,
  firstPause: 1_000,
  longestPause: MINUTE,
  steadyAfter: MINUTE,
  refusedPauses: [5_000, 15_000, 5 * MINUTE],
  kickedPauses: [MINUTE, 20 * MINUTE],
  kicksForgottenAfter: 60 * MINUTE,
  answerWithin: 2_300,
  robotWithin: 5_000,
  robotPause: MINUTE,
  robotRefusedPause: 10 * MINUTE,
}
