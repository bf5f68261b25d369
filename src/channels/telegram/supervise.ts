import type { ChannelHealth } from '../channel.ts'
import type { Health } from '../kit/health.ts'
import { pause } from '../kit/waiting.ts'
import type { ApiFault } from './faults.ts'

/** What can go wrong with receiving: a call, or something on our own side (`hindered`, in a sentence). */
export type Trouble = ApiFault | { kind: 'hindered'; text: string }

/** One round of receiving. Resolves with what went wrong, if anything did; must end soon after `stopped`. */
export type Step = () => Promise<Trouble | undefined>

/** Pauses in ms. */
export interface RetryTiming {
  /** Longest pause after the first failure; it doubles with each further one. */
  firstPause: number
  longestPause: number
  /** Two pollers that meet again at once only throw each other out. */
  conflictPause: number
  /** For what only a person can mend: it costs one call, and it heals without a restart. */
  refusedPause: number
}

/** Repeats a step until stopped, says in health how it goes, and waits after trouble. */
export async function supervise(
  step: Step,
  health: Health,
  timing: RetryTiming,
  stopped: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!stopped.aborted) {
    const trouble = await step()
    if (stopped.aborted) return
    if (!trouble) {
      failures = 0
      health.set('ready')
      continue
    }
    const { state, detail } = explain(trouble)
    const wait = pauseAfter(trouble, failures++, timing, Math.random())
    health.set(state, detail, wait)
    await pause(wait, stopped)
  }
}

/** How long to wait, ms. `failures` counts those in a row before this one; `chance` is in [0, 1): full jitter. */
export function pauseAfter(trouble: Trouble, failures: number, timing: RetryTiming, chance: number): number {
  const backoff = chance * Math.min(timing.longestPause, timing.firstPause * 2 ** failures)
  if (trouble.kind !== 'refused') return backoff
  if (trouble.code === 429) return trouble.retryAfter ?? backoff
  if (trouble.code === 409) return Math.max(timing.conflictPause, backoff)
  return timing.refusedPause
}

/** What the person who runs the service is told. */
export function explain(trouble: Trouble): { state: ChannelHealth['state']; detail: string } {
  if (trouble.kind === 'hindered') return { state: 'waiting', detail: trouble.text }
  if (trouble.kind !== 'refused') {
    const help = 'check the network, channels.telegram.proxy and channels.telegram.apiRoot.'
    return { state: 'waiting', detail: `Telegram does not answer (${trouble.text}): ${help}` }
  }
  switch (trouble.code) {
    case 401:
      return {
        state: 'failed',
        detail:
          'Telegram refuses the bot token: get the right one from @BotFather into channels.telegram.token.',
      }
    case 404:
      return {
        state: 'failed',
        detail: 'Telegram knows no such bot: check channels.telegram.token and channels.telegram.apiRoot.',
      }
    case 409:
      return {
        state: 'waiting',
        detail: `Another instance is polling with this bot token: stop one of the two (${trouble.text}).`,
      }
    case 429:
      return { state: 'waiting', detail: 'Telegram asks us to slow down.' }
    default:
      return { state: 'failed', detail: `Telegram refuses to start receiving: ${trouble.text}.` }
  }
}
