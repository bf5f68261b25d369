import { z } from 'zod'
import { type SimClock, unixSeconds } from '../kit/clock.ts'
import { parseJson } from '../kit/json.ts'
import type { Timers } from '../kit/timers.ts'
import type { WebhookPush } from './api.ts'
import type { Settings } from './settings.ts'
import type { QueuedUpdate, UpdateQueue } from './updates.ts'

export interface WebhookTarget {
  url: string
  secret?: string
  maxConnections: number
  ipAddress?: string
}

/** Pushes the updates of one bot, in order for each chat and presser, until each was taken with 2xx or has expired. */
export interface Webhook {
  target(): WebhookTarget | undefined
  set(target: WebhookTarget | undefined): void
  /** The fields of WebhookInfo about errors. */
  lastError(): { last_error_date?: number; last_error_message?: string }
  close(): void
}

interface Deps {
  bot: number
  queue: UpdateQueue
  clock: SimClock
  timers: Timers
  settings: Settings
  pushes: WebhookPush[]
  /** Carries out a call that came in the body of an answer. */
  perform(method: string, parameters: Record<string, unknown>): void
}

interface Outcome {
  status: number
  /** Why it does not count as taken. */
  error?: string
  /** What the receiver asked for, ms. */
  retryAfter?: number
}

const LONGEST_RETRY_AFTER = 3600_000
const GONE_FOR = 23 * 3600_000
/** Methods that an answer may not carry (documented). */
const NOT_BY_ANSWER = /^(get|setwebhook|deletewebhook|close|logout)/i
const AnsweredCall = z.looseObject({ method: z.string() })

export function createWebhook(deps: Deps): Webhook {
  const { queue, clock, timers, settings } = deps
  let target: WebhookTarget | undefined
  let stop = new AbortController()
  let busy = new Set<string>()
  let connections = 0
  let goneSince: number | undefined
  let failure: { at: number; message: string } | undefined

  function pump() {
    if (!target) return
    for (const entry of queue.entries()) {
      if (connections >= target.maxConnections) return
      if (!busy.has(entry.key)) void deliver(entry, target, stop.signal, 0)
    }
  }

  async function deliver(entry: QueuedUpdate, to: WebhookTarget, signal: AbortSignal, failures: number) {
    busy.add(entry.key)
    connections++
    const outcome = await push(entry, to, signal)
    if (signal.aborted) return
    connections--
    deps.pushes.push({
      at: clock.now(),
      bot: deps.bot,
      updateId: entry.json.update_id,
      status: outcome.status,
    })
    if (outcome.error === undefined) return taken(entry)
    failure = { at: clock.now(), message: outcome.error }
    if (isGoneForGood(outcome)) return set(undefined)
    timers.after(outcome.retryAfter ?? pause(failures), () => {
      if (signal.aborted) return
      if (queue.entries().includes(entry)) void deliver(entry, to, signal, failures + 1)
      else released(entry)
    })
    pump()
  }

  function taken(entry: QueuedUpdate) {
    goneSince = undefined
    queue.remove(entry)
    released(entry)
  }

  function released(entry: QueuedUpdate) {
    busy.delete(entry.key)
    pump()
  }

  function pause(failures: number): number {
    const { first, longest } = settings.webhookBackoff
    return failures === 0 ? 0 : Math.min(first * 2 ** (failures - 1), longest)
  }

  function isGoneForGood({ status }: Outcome): boolean {
    if (status !== 410) goneSince = undefined
    else goneSince ??= clock.now()
    return goneSince !== undefined && clock.now() - goneSince >= GONE_FOR
  }

  async function push(entry: QueuedUpdate, to: WebhookTarget, signal: AbortSignal): Promise<Outcome> {
    try {
      const response = await fetch(to.url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          ...(to.secret && { 'x-telegram-bot-api-secret-token': to.secret }),
        },
        body: JSON.stringify(entry.json),
        signal: AbortSignal.any([signal, AbortSignal.timeout(settings.webhookTimeout)]),
      })
      const body = await response.text()
      if (response.ok) performAnswer(body)
      return outcomeOf(response)
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === 'TimeoutError'
      return { status: 0, error: timedOut ? 'Read timeout expired' : 'Connection refused' }
    }
  }

  function performAnswer(body: string) {
    const call = AnsweredCall.safeParse(parseJson(body))
    if (!call.success || NOT_BY_ANSWER.test(call.data.method)) return
    const { method, ...parameters } = call.data
    deps.perform(method, parameters)
  }

  function set(next: WebhookTarget | undefined) {
    stop.abort()
    stop = new AbortController()
    busy = new Set()
    connections = 0
    goneSince = undefined
    failure = undefined
    target = next
    pump()
  }

  const stopListening = queue.onAdded(pump)
  return {
    target: () => target,
    set,
    lastError: () =>
      failure ? { last_error_date: unixSeconds(failure.at), last_error_message: failure.message } : {},
    close() {
      stopListening()
      target = undefined
      stop.abort()
    },
  }
}

function outcomeOf(response: Response): Outcome {
  if (response.ok) return { status: response.status }
  const error = `Wrong response from the webhook: ${response.status} ${response.statusText}`
  const retryAfter = Number(response.headers.get('retry-after')) * 1000
  return retryAfter > 0
    ? { status: response.status, error, retryAfter: Math.min(retryAfter, LONGEST_RETRY_AFTER) }
    : { status: response.status, error }
}
