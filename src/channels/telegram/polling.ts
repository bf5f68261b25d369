import { z } from 'zod'
import type { Log } from '../channel.ts'
import type { Client } from './client.ts'
import type { ApiFault } from './faults.ts'
import { ALLOWED_UPDATES, PRESS_KEPT, type Take, type Update, updateShape } from './router.ts'
import type { Step, Trouble } from './supervise.ts'

/** A poll that lasts longer than this was held, for there was nothing to give, ms. */
const AT_ONCE = 2000
/** The most that Telegram gives at once (documented). */
const BATCH = 100

const batch = z.array(updateShape)

export interface PollingOptions {
  client: Client
  take: Take
  /** How long Telegram holds a poll open, ms. */
  hold: number
  log: Log
}

/**
 * Long polling. The offset confirms to Telegram all that lies below it, so it moves on only when a whole batch was
 * taken; otherwise the batch comes again. telegraf's own loop would confirm it and die.
 */
export function createPolling({ client, take, hold, log }: PollingOptions): Step {
  let offset: number | undefined
  // After trouble a first poll that does not wait shows at once that all is well again.
  let proven = false
  // When we last had all that there was: nothing that comes now is older. By a clock that nobody sets.
  let hadAllAt = Number.NEGATIVE_INFINITY

  async function step(): Promise<Trouble | undefined> {
    const held = proven ? hold : 0
    const request = { offset, limit: BATCH, timeout: held / 1000, allowed_updates: ALLOWED_UPDATES }
    const askedAt = performance.now()
    const answer = await client.call('getUpdates', request, held)
    if (!answer.ok) return webhookInTheWay(answer.fault) ? removeWebhook() : answer.fault
    const updates = batch.safeParse(answer.result)
    if (!updates.success) return { kind: 'unclear', text: 'getUpdates brought no list of updates' }
    const cameAt = performance.now()
    // What comes only after a while has just happened; what comes at once may have lain there.
    const since = held > 0 && cameAt - askedAt > AT_ONCE ? cameAt : hadAllAt
    const trouble = await takeAll(updates.data, Math.min(Math.ceil(cameAt - since), PRESS_KEPT))
    if (!trouble && updates.data.length < BATCH) hadAllAt = cameAt
    return trouble
  }

  async function takeAll(updates: Update[], lain: number): Promise<Trouble | undefined> {
    const taking = updates.map((update) => take(update, lain))
    const taken = await unlessStopped(Promise.allSettled(taking), client.stopped)
    const failed = taken?.find((result) => result.status === 'rejected')
    if (failed) return { kind: 'hindered', text: `Not stored, will come again: ${failed.reason.message}.` }
    const last = updates.at(-1)
    if (taken && last) offset = last.update_id + 1
    return undefined
  }

  async function removeWebhook(): Promise<Trouble | undefined> {
    log.warn({}, 'a webhook is set for this bot; removing it, since mode is polling')
    const answer = await client.call('deleteWebhook', {})
    return answer.ok ? undefined : answer.fault
  }

  return async () => {
    const trouble = await step()
    proven = trouble === undefined
    return trouble
  }
}

function webhookInTheWay(fault: ApiFault): boolean {
  return fault.kind === 'refused' && fault.code === 409 && /webhook is active/i.test(fault.text)
}

/** What a promise brings, or undefined as soon as all is to stop. */
async function unlessStopped<T>(work: Promise<T>, stopped: AbortSignal): Promise<T | undefined> {
  if (stopped.aborted) return undefined
  const stop = Promise.withResolvers<undefined>()
  const end = () => stop.resolve(undefined)
  stopped.addEventListener('abort', end)
  try {
    return await Promise.race([work, stop.promise])
  } finally {
    stopped.removeEventListener('abort', end)
  }
}
