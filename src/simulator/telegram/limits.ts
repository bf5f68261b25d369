import type { SimClock } from '../kit/clock.ts'
import type { RateLimits } from './api.ts'
import { tooMany } from './errors.ts'

/** Counts sends and edits; throws 429 when a budget is used up. */
export interface Limiter {
  spend(chat: number): void
}

interface Budget {
  /** Times of the last messages, ms. */
  sent: number[]
  blockedUntil: number
}

interface Window {
  count: number
  ms: number
}

/** The key of the budget over all chats; no chat has this id. */
const OVERALL = 0
const LONGEST_WINDOW = 60_000

export function createLimiter(clock: SimClock, limits: RateLimits | undefined): Limiter {
  const budgets = new Map<number, Budget>()
  const budgetOf = (key: number) => {
    const known = budgets.get(key)
    if (known) return known
    const fresh: Budget = { sent: [], blockedUntil: 0 }
    budgets.set(key, fresh)
    return fresh
  }

  function check(key: number, windows: Window[], penalty: number): Budget {
    const now = clock.now()
    const budget = budgetOf(key)
    if (now < budget.blockedUntil) budget.blockedUntil += penalty * 1000
    else budget.blockedUntil = Math.max(0, ...windows.map((window) => freeAt(budget.sent, window)))
    if (now < budget.blockedUntil) throw tooMany(Math.ceil((budget.blockedUntil - now) / 1000))
    return budget
  }

  return {
    spend(chat) {
      if (!limits) return
      const penalty = limits.earlyPenalty ?? 0
      const spent = [check(chat, windowsOf(chat, limits), penalty)]
      if (limits.overallPerSecond !== undefined) {
        spent.push(check(OVERALL, [{ count: limits.overallPerSecond, ms: 1000 }], penalty))
      }
      for (const budget of spent) remember(budget, clock.now())
    },
  }
}

function windowsOf(chat: number, limits: RateLimits): Window[] {
  const windows: Window[] = []
  if (limits.chatPerSecond !== undefined) {
    const count = limits.burst ?? 3
    windows.push({ count, ms: (count / limits.chatPerSecond) * 1000 })
  }
  if (limits.groupPerMinute !== undefined && chat < 0) {
    windows.push({ count: limits.groupPerMinute, ms: LONGEST_WINDOW })
  }
  return windows
}

function remember(budget: Budget, now: number) {
  budget.sent = [...budget.sent.filter((at) => at > now - LONGEST_WINDOW), now]
}

/** When the oldest of the last `count` messages leaves the window. */
function freeAt(sent: number[], { count, ms }: Window): number {
  const oldest = sent.at(-count)
  return oldest === undefined ? 0 : oldest + ms
}
