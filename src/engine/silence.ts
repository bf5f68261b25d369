import type { BreakerState } from '../domain/breaker.ts'
import { message } from '../domain/message.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { silentAt } from '../domain/silence.ts'
import type { NewJob } from '../store/store.ts'
import type { DeviceStatus } from '../thingboot/status.ts'
import { askFor, hasNewer } from './asking.ts'
import { compare } from './comparing.ts'
import { silentJob } from './follow-up.ts'
import { getBreaker, type Parts } from './parts.ts'
import { createRepeating } from './repeating.ts'
import { adminJob } from './send-jobs.ts'
import type { Turn } from './turns.ts'

const LEASE = { name: 'silence', ttl: 30_000 }
const SWEEP_EVERY = 2000
/** A breaker of which it cannot be said yet when it would be silent, or that is, is looked at again after so many. */
const LOOK_AGAIN = 30
/** So many states are read at once. */
const AT_ONCE = 50
/** A push that the cloud is just sending arrives within this; only then do pushes not arrive. ms. */
const ON_ITS_WAY = 10_000
/** So many breakers are named in one text. */
const NAMED = 5

export interface SilenceOptions {
  /** After so many reports that stayed out; 0: never. */
  silentAfter: number
  turn: Turn
  /** Since when pushes could be heard, ms. */
  listening: () => number
  /** True while the cloud itself says nothing. */
  isCloudAway: () => Promise<boolean>
  /** How often is looked, ms; default 2000. */
  every?: number
}

interface Overdue {
  config: BreakerConfig
  known: BreakerState
}

/**
 * Finds breakers of which no word has come for too long. Each is looked at when it would be silent, no earlier. The
 * cloud is asked before it is called so: it may know that the breaker is offline, or have values that no push told.
 */
export function createSilenceWatch(parts: Parts, options: SilenceOptions) {
  const { store, log, now } = parts
  const { silentAfter, turn, listening, isCloudAway, every = SWEEP_EVERY } = options
  const lookAgain = LOOK_AGAIN * every
  const holder = parts.newId()
  const cut = new AbortController()
  const lookAt = new Map<string, number>()
  /** Since when the cloud has newer values of a breaker than any push. */
  const newer = new Map<string, number>()
  let since = listening()

  async function overdue(): Promise<Overdue[]> {
    const found: Overdue[] = []
    // After a gap, or when the clock was set, all times are others.
    if (listening() !== since) lookAt.clear()
    since = listening()
    const due = parts.policy.breakers.filter((one) => (lookAt.get(one.id) ?? 0) <= now())
    for (let start = 0; start < due.length; start += AT_ONCE) {
      const some = due.slice(start, start + AT_ONCE)
      const states = await Promise.all(some.map((one) => getBreaker(store, one.id)))
      some.forEach((config, index) => {
        const known = states[index]?.value
        const at = silentAt(config, known, silentAfter, listening())
        const isOver = known !== undefined && at !== undefined && at <= now()
        if (isOver && !known.silent) found.push({ config, known })
        else newer.delete(config.id)
        lookAt.set(config.id, isOver || at === undefined ? now() + lookAgain : at)
      })
      await new Promise(setImmediate)
    }
    return found
  }

  async function sweep(): Promise<void> {
    const found = await overdue()
    if (found.length > 0 && (await store.lease(LEASE.name, holder, LEASE.ttl))) await judge(found)
  }

  async function judge(found: Overdue[]): Promise<void> {
    const ids = found.map((one) => one.config.id)
    const told = await askFor(parts, ids, turn, cut.signal)
    // It could not be asked, and says nothing of its own accord: then all are silent, and none is.
    if (cut.signal.aborted || (await isCloudAway())) return
    const unpushed = found.filter(({ config, known }) => hasNewer(told.get(config.id), known))
    if (unpushed.length > 0) await suspect(unpushed)
    const rest = found.filter((one) => !unpushed.includes(one))
    await store.enqueue(rest.map((one) => verdict(one, told.get(one.config.id))))
  }

  /** One that the cloud knows to be offline has gone offline; all others are silent. */
  function verdict({ config, known }: Overdue, status: DeviceStatus | undefined): NewJob {
    const found = status?.online === false ? compare(known, status, undefined).job : undefined
    return found ?? silentJob(config, known)
  }

  /** The breakers speak to the cloud, but their pushes do not reach us. One may have been on its way just now. */
  async function suspect(unpushed: Overdue[]): Promise<void> {
    const at = now()
    for (const { config } of unpushed) {
      if (!newer.has(config.id)) newer.set(config.id, at)
      lookAt.set(config.id, newer.get(config.id) === at ? at + ON_ITS_WAY : at + lookAgain)
    }
    const sure = unpushed.filter(({ config }) => newer.get(config.id)! <= at - ON_ITS_WAY)
    if (sure.length === 0) return
    log.warn({ breakers: sure.length }, 'the cloud has newer values than any push told: pushes do not arrive')
    const named = sure.slice(0, NAMED).map((one) => one.config.name)
    const breakers = named.join(', ') + (sure.length > NAMED ? ` … +${sure.length - NAMED}` : '')
    const day = new Date(at).toISOString().slice(0, 10)
    await store.enqueue([adminJob(`pushes-missing:${day}`, message('admin.pushes-missing', { breakers }))])
  }

  const repeating = createRepeating(log, { every, failed: 'looking for silent breakers failed' }, sweep)

  return {
    start(): void {
      if (silentAfter > 0) repeating.start()
    },
    async stop(): Promise<void> {
      cut.abort()
      await repeating.stop()
    },
  }
}
