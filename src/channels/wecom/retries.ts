import { BAD_CREDENTIALS } from './errors.ts'
import type { End } from './session.ts'

/** All in ms; the last of several pauses repeats. */
export interface RetryTiming {
  /** Longest pause after the first failure; it doubles with each further one. */
  firstPause: number
  longestPause: number
  /** A session that stood so long was a good one: the pauses begin anew. */
  steadyAfter: number
  /** Subscribing is protected against repetition (documented): at most five times in the first minute, then slowly. */
  refusedPauses: readonly number[]
  /** Two clients that always come back only throw each other out: at most three times an hour. */
  kickedPauses: readonly number[]
  /** A session that stood so long after a kick shows that the other client has given up. */
  kicksForgottenAfter: number
}

/** Says how long to wait after each end of a session. */
export interface Retries {
  /** @param stoodFor how long the session was subscribed, ms; undefined if it never was */
  pauseAfter(end: End, stoodFor: number | undefined): number
}

/** @param chance in [0, 1), so that many clients do not come back at once */
export function createRetries(timing: RetryTiming, chance: () => number = Math.random): Retries {
  let failures = 0
  let refusals = 0
  let kicks = 0

  const atLeast = (pauses: readonly number[], times: number) => {
    const pause = pauses[Math.min(times, pauses.length) - 1] ?? timing.longestPause
    return pause * (1 + chance() / 5)
  }

  return {
    pauseAfter(end, stoodFor) {
      if (stoodFor !== undefined) {
        refusals = 0
        if (stoodFor >= timing.steadyAfter) failures = 0
        if (stoodFor >= timing.kicksForgottenAfter) kicks = 0
      }
      if (end.kind === 'kicked') return atLeast(timing.kickedPauses, ++kicks)
      if (isRefusal(end)) return atLeast(timing.refusedPauses, ++refusals)
      const longest = Math.min(timing.longestPause, timing.firstPause * 2 ** failures++)
      return longest * (0.5 + chance() / 2)
    },
  }
}

/** Whether only a person can mend it. */
export const isRefusal = (end: End) => end.kind === 'refused' && end.code === BAD_CREDENTIALS
