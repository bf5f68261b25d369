import { setTimeout as delay } from 'node:timers/promises'
import { message } from '../domain/message.ts'
import type { NewJob, Versioned } from '../store/store.ts'
import type { DeviceStatus } from '../thingboot/status.ts'
import { compare } from './comparing.ts'
import { getBreaker, type Lookup, type Parts } from './parts.ts'
import { adminJob } from './send-jobs.ts'
import type { Turn } from './turns.ts'

/** What is remembered of the last whole round, of whichever instance. */
export interface RoundRecord {
  /** When it began, ms. */
  at: number
  /** The breakers of which it could not say for certain how they stand. */
  uncertain: string[]
  /** Those that the cloud did not list, and those of them that an admin was told of. */
  unlisted: string[]
  told: string[]
}

export const ROUND = 'reconciliation/round'
/** An account with more pages than this is a loop. */
const MAX_PAGES = 2000
/** So many breakers are named in one text. */
const NAMED = 10

export interface RoundOptions {
  turn: Turn
  /** Pauses before a page that could not be read is tried again, ms. */
  pagePauses: readonly number[]
}

/**
 * One comparison of all configured breakers with the cloud's list, page by page: no more than a page is held at once,
 * and differences go to the inbox with each page. A page that cannot be read is tried again, then passed over; the
 * round then counts as not whole, and says nothing of what agrees or is missing.
 */
export async function runRound(
  parts: Parts,
  lookup: Lookup,
  last: Versioned<RoundRecord> | undefined,
  signal: AbortSignal,
  { turn, pagePauses }: RoundOptions,
): Promise<void> {
  const { store, cloud, log, now } = parts
  // Of the policy as it was when the round began.
  const { policy } = parts
  const at = now()
  const before = new Set(last?.value.uncertain)
  const seen = new Set<string>()
  const listed = new Set<string>()
  const certain = new Set<string>()
  let failed: number[] = []

  async function readPage(index: number): Promise<DeviceStatus[] | undefined> {
    for (const pause of [0, ...pagePauses]) {
      if (pause > 0) await delay(pause, undefined, { signal }).catch(() => {})
      if (signal.aborted) return undefined
      const page = await cloud.page(index, { signal, turn: () => turn(signal) })
      if (page.ok) return page.data
      if (!signal.aborted) log.warn({ page: index, why: page.why }, 'a page of the device list is missing')
    }
    return undefined
  }

  async function takePage(page: DeviceStatus[]): Promise<void> {
    const ours = page.filter((one) => lookup.breaker(one.device))
    const jobs = (await Promise.all(ours.map(takeOne))).flat()
    if (jobs.length === 0) return
    log.info({ breakers: jobs.length }, 'the cloud knows something that no push told')
    await store.enqueue(jobs)
  }

  async function takeOne(status: DeviceStatus): Promise<NewJob[]> {
    const { device } = status
    listed.add(device)
    const agreed = before.has(device) ? undefined : last?.value.at
    const compared = compare((await getBreaker(store, device))?.value, status, agreed)
    if (compared.certain) certain.add(device)
    return compared.job ? [compared.job] : []
  }

  for (let index = 1; index <= MAX_PAGES && listed.size < policy.breakers.length; index++) {
    const page = await readPage(index)
    if (signal.aborted) return
    if (page) {
      // A page need not be as long as it was asked for: only one that brings nothing new is the end.
      const fresh = page.filter((one) => !seen.has(one.device))
      if (fresh.length === 0) break
      for (const one of fresh) seen.add(one.device)
      await takePage(fresh)
    } else {
      failed = [...failed, index]
      // Two in a row: it is the cloud, not the page.
      if (failed.includes(index - 1)) break
    }
  }
  if (failed.length > 0) {
    log.warn({ pages: failed }, 'the comparison with the cloud is not whole')
    return
  }
  const ids = policy.breakers.map((one) => one.id)
  const unlisted = ids.filter((id) => !listed.has(id))
  const uncertain = ids.filter((id) => !certain.has(id))
  await store.commit(recordOf(parts, last, { at, uncertain, unlisted }))
}

/**
 * The round's record, with a word to an admin on what the account has not: missing in two rounds running, for a list
 * that changes while it is read may hide one. Told once, until it is listed again.
 */
function recordOf(
  { policy }: Parts,
  last: Versioned<RoundRecord> | undefined,
  round: Omit<RoundRecord, 'told'>,
) {
  const [twice, told] = [new Set(last?.value.unlisted), new Set(last?.value.told)]
  const missing = new Set(round.unlisted.filter((id) => twice.has(id) && !told.has(id)))
  const value: RoundRecord = {
    ...round,
    told: round.unlisted.filter((id) => told.has(id) || missing.has(id)),
  }
  const named = policy.breakers
    .filter((one) => missing.has(one.id))
    .slice(0, NAMED)
    .map((one) => `${one.name} (${one.id})`)
  const rest = missing.size - named.length
  const breakers = named.join(', ') + (rest > 0 ? ` … +${rest}` : '')
  return {
    writes: [{ key: ROUND, value, version: last?.version ?? 0 }],
    jobs: missing.size > 0 ? [adminJob(`unlisted:${round.at}`, message('admin.unlisted', { breakers }))] : [],
  }
}
