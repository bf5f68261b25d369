import type { ChannelName } from '../channels/channel.ts'
import type { Budget } from '../store/store.ts'

/** What is left of a limit of a platform. */
export interface BudgetLeft {
  channel: ChannelName
  scope: 'bot' | 'chat'
  /** ms. */
  within: number
  /** 0 to 1. */
  left: number
}

/** Shorter spans are over before anybody has looked. */
const LEAST = 60_000

/**
 * What messages sent from here have left of the platforms' limits, for those who watch. What is enforced is counted in
 * the store.
 */
export function createBudgetLeft(now: () => number) {
  const taken = new Map<string, { of: Omit<BudgetLeft, 'left'>; most: number; times: number[] }>()

  /** Those that are still in the span. */
  function recent(times: number[], within: number): number[] {
    const from = now() - within
    const first = times.findIndex((at) => at > from)
    return first < 0 ? [] : times.slice(first)
  }

  return {
    /** Something was taken of these limits. What is kept free for alarms is left too. */
    took(channel: ChannelName, scope: BudgetLeft['scope'], budgets: readonly Budget[]): void {
      for (const { name, most, within } of budgets) {
        if (within < LEAST || name.endsWith(':rest')) continue
        const times = recent(taken.get(name)?.times ?? [], within)
        taken.set(name, { of: { channel, scope, within }, most, times: [...times, now()] })
      }
    },
    /** Of each scope and span the least that is left. */
    *least(): Iterable<BudgetLeft> {
      const least = new Map<string, BudgetLeft>()
      for (const [name, { of, most, times }] of taken) {
        const used = recent(times, of.within).length
        if (used === 0) taken.delete(name)
        const left = Math.max(0, 1 - used / most)
        const key = `${of.channel}:${of.scope}:${of.within}`
        if (left <= (least.get(key)?.left ?? 1)) least.set(key, { ...of, left })
      }
      yield* least.values()
    },
  }
}

export type SendBudgets = ReturnType<typeof createBudgetLeft>
