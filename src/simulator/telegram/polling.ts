import type { SimClock } from '../kit/clock.ts'
import type { Timers } from '../kit/timers.ts'
import { ApiError } from './errors.ts'
import type { Settings } from './settings.ts'
import type { UpdateJson, UpdateQueue } from './updates.ts'

export interface PollRequest {
  offset: number
  limit: number
  /** Seconds. */
  timeout: number
  allowedUpdates?: string[]
}

/** `getUpdates` of one bot: one call hangs at a time. */
export interface Polling {
  poll(request: PollRequest, signal: AbortSignal): Promise<UpdateJson[]>
  /** Fails the hanging call. */
  interrupt(error: ApiError): void
  /** A 409, which comes late if the last one was a moment ago (seen in the official server). */
  conflict(message: string): Promise<ApiError>
}

/** Seconds. */
const MAX_TIMEOUT = 50
/** Ms in which the same offset gets a single update only. */
const SINGLE_WITHIN = 500

const OTHER_POLLER = 'Terminated by other getUpdates request; make sure that only one bot instance is running'

export function createPolling(
  queue: UpdateQueue,
  { clock, timers, settings }: { clock: SimClock; timers: Timers; settings: Settings },
): Polling {
  let hanging: { fail(error: Promise<ApiError>): void } | undefined
  let nextConflictAt = 0
  let last = { offset: Number.NaN, at: 0 }

  async function conflict(message: string): Promise<ApiError> {
    if (clock.now() < nextConflictAt) {
      await timers.sleep(settings.conflictDelay)
    } else {
      nextConflictAt = clock.now() + settings.conflictDelay
    }
    return new ApiError(409, message)
  }

  /** Slows down a client that asks for the same batch again and again (seen in the official server). */
  function damped({ offset, limit, timeout }: PollRequest) {
    const since = offset === last.offset ? clock.now() - last.at : Number.POSITIVE_INFINITY
    last = { offset, at: clock.now() }
    const least = since < settings.sameOffsetDelay ? settings.sameOffsetDelay : 0
    return {
      limit: least > 0 && since < SINGLE_WITHIN ? 1 : limit,
      wait: Math.max(Math.min(timeout, MAX_TIMEOUT) * 1000, least),
    }
  }

  function hang(limit: number, wait: number, signal: AbortSignal): Promise<UpdateJson[]> {
    return new Promise((resolve, reject) => {
      const end = () => {
        cancelTimer()
        stopListening()
        signal.removeEventListener('abort', answer)
        if (hanging === self) hanging = undefined
      }
      const answer = () => {
        end()
        resolve(signal.aborted ? [] : queue.take(limit))
      }
      const self = {
        fail(error: Promise<ApiError>) {
          end()
          error.then(reject)
        },
      }
      const cancelTimer = timers.after(wait, answer)
      const stopListening = queue.onAdded(answer)
      signal.addEventListener('abort', answer)
      hanging = self
    })
  }

  return {
    conflict,
    interrupt: (error) => hanging?.fail(Promise.resolve(error)),
    async poll(request, signal) {
      hanging?.fail(conflict(OTHER_POLLER))
      if (request.allowedUpdates) queue.allow(request.allowedUpdates)
      queue.confirm(request.offset)
      const { limit, wait } = damped(request)
      const ready = queue.take(limit)
      return ready.length > 0 || wait === 0 ? ready : hang(limit, wait, signal)
    },
  }
}
