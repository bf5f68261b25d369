import type { SimClock } from '../kit/clock.ts'
import type { Behaviour } from './behaviour.ts'

/** The rate of each API of an app, and what counts toward the month. */
export function createQuota(clock: SimClock, behaviour: Behaviour) {
  const recent = new Map<string, number[]>()
  const months = { calls: new Map<string, number>(), pushes: new Map<string, number>() }
  const month = () => new Date(clock.now()).toISOString().slice(0, 7)

  const take = (kind: 'calls' | 'pushes', limit: number): boolean => {
    const used = months[kind].get(month()) ?? 0
    if (used >= limit) return false
    months[kind].set(month(), used + 1)
    return true
  }
  return {
    /** Counts a call unless it is one too many within a second. */
    withinRate(name: string): boolean {
      const since = clock.now() - 1_000
      const times = (recent.get(name) ?? []).filter((at) => at > since)
      recent.set(name, times)
      if (times.length >= behaviour.callsPerSecond) return false
      times.push(clock.now())
      return true
    },
    /** Counts a call unless the month's are used up. */
    takeCall: () => take('calls', behaviour.callsPerMonth),
    /** Counts a push unless the month's are used up. */
    takePush: () => take('pushes', behaviour.pushesPerMonth),
    monthly: () => ({
      monthlyCalls: months.calls.get(month()) ?? 0,
      monthlyPushes: months.pushes.get(month()) ?? 0,
    }),
  }
}

export type Quota = ReturnType<typeof createQuota>
