import type { ChannelName } from '../channels/channel.ts'
import { message } from '../domain/message.ts'
import type { NewJob } from '../store/store.ts'
import type { Parts } from './parts.ts'
import { adminJob } from './send-jobs.ts'

/** What a platform counts by the month: calls that we make, and what it pushes to us. */
export type Use = 'call' | 'push'
const USES = ['call', 'push'] as const

/** So many a month; 0: not counted. */
export type MonthlyQuota = Record<Use, number>

/** An adapter tells it of each use; `usedUp`: the platform says that there is nothing left. */
export type OnUse = (use: Use, usedUp?: boolean) => void

/** What was used in one month, and which words about it an admin has had. */
export interface MonthlyUse extends Record<Use, number> {
  told: string[]
}

/** Shares of the quota at which an admin gets a word, %. */
const STEPS = [80, 100]
/** What was counted is written down so often, ms: a crash loses no more than this. */
const WRITE_EVERY = 5_000
/** The platforms that count are China's, and so are their months. */
const CHINA = 8 * 3_600_000

/** The calendar month in China, e.g. `2026-01`. */
export const monthOf = (at: number): string => new Date(at + CHINA).toISOString().slice(0, 7)

export const quotaKey = (bot: string, month: string): string => `quota/${bot}:${month}`

/** Counts what one bot uses of its monthly quota, for all instances and across restarts, and warns in time. */
export interface QuotaCounter {
  onUse: OnUse
  start(): void
  /** Writes down what is not yet. Never rejects. */
  stop(): Promise<void>
}

export interface CountedBot {
  name: ChannelName
  /** As for all instances, e.g. `dingtalk:<client id>`. */
  id: string
  quota: MonthlyQuota
}

/** The counters of all bots whose platforms count. */
export function createQuotas(needs: Needs, bots: Bots) {
  const counters = new Map(
    [...bots].flatMap(([name, { id, quota }]) =>
      quota ? [[name, createQuotaCounter(needs, { name, id, quota })] as const] : [],
    ),
  )
  return {
    onUse: (name: ChannelName): OnUse | undefined => counters.get(name)?.onUse,
    start(): void {
      for (const counter of counters.values()) counter.start()
    },
    async stop(): Promise<void> {
      await Promise.all([...counters.values()].map((counter) => counter.stop()))
    },
  }
}

/** What was counted in one month and is not written down yet. */
interface Counted extends Record<Use, number> {
  month: string
  usedUp: Set<Use>
}

type Bots = ReadonlyMap<ChannelName, { id: string; quota?: MonthlyQuota }>
type Needs = Pick<Parts, 'store' | 'metrics' | 'log' | 'now'>

/** @param every how often it is written, ms; tests shorten it */
export function createQuotaCounter(
  { store, metrics, log, now }: Needs,
  bot: CountedBot,
  every = WRITE_EVERY,
): QuotaCounter {
  const uses = USES.filter((use) => bot.quota[use] > 0)
  const fresh = (): Counted => ({ month: monthOf(now()), call: 0, push: 0, usedUp: new Set() })
  let counted = fresh()
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  function onUse(use: Use, isUsedUp = false): void {
    if (!uses.includes(use)) return
    if (monthOf(now()) !== counted.month) void flush()
    if (isUsedUp) counted.usedUp.add(use)
    else counted[use]++
    plan()
  }

  function plan(): void {
    if (!stopped) timer ??= setTimeout(flush, every).unref()
  }

  /** One write after the other; what could not be written is counted again with the next, in its month. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const part = counted
    counted = fresh()
    writing = writing
      .then(() => write(part))
      .catch((error) => {
        log.warn(
          { bot: bot.id, why: String(error) },
          'the use of the monthly quota cannot be written down yet',
        )
        if (part.month !== counted.month) return
        for (const use of USES) counted[use] += part[use]
        for (const use of part.usedUp) counted.usedUp.add(use)
        plan()
      })
    return writing
  }

  async function write(part: Counted): Promise<void> {
    const key = quotaKey(bot.id, part.month)
    const old = await store.get<MonthlyUse>(key)
    const before = old?.value ?? { call: 0, push: 0, told: [] }
    const sums = { call: before.call + part.call, push: before.push + part.push }
    const words = uses.flatMap((use) => wordsOf(part, use, sums[use], before.told))
    const told = [...before.told, ...words.flatMap((one) => one.told)]
    const index = { at: now(), open: false }
    const value: MonthlyUse = { ...sums, told }
    const document = { key, value, version: old?.version ?? 0, index }
    const committed = await store.commit({ writes: [document], jobs: words.map((one) => one.job) })
    if (committed === 'conflict') return write(part)
    for (const use of uses) metrics.quota.set({ channel: bot.name, use }, sums[use] / bot.quota[use])
  }

  /** One word for the highest step that is new; lower ones are no longer needed. */
  function wordsOf(
    { month, usedUp }: Counted,
    use: Use,
    used: number,
    before: string[],
  ): { told: string[]; job: NewJob }[] {
    const most = bot.quota[use]
    const share = usedUp.has(use) ? 100 : (100 * used) / most
    const told = STEPS.filter((step) => share >= step)
      .map((step) => `${use}:${step}`)
      .filter((step) => !before.includes(step))
    const newest = told.at(-1)
    if (newest === undefined) return []
    const values = { channel: message(`channel.${bot.name}`), used, most, month }
    const text = message(usedUp.has(use) ? `admin.quota-${use}-used-up` : `admin.quota-${use}`, values)
    return [{ told, job: adminJob(`quota:${bot.id}:${month}:${newest}`, text) }]
  }

  return {
    onUse,
    start: () => void flush(),
    stop() {
      stopped = true
      return flush()
    },
  }
}
