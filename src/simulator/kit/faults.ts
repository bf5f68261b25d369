/**
 * A script of faults: each waits for calls that match and says what goes wrong with them.
 * What the faults do is each simulator's own affair; which call meets which fault is decided here.
 */
export interface Fault<Call, Effect> {
  /** Which calls it hits; every one if left out. */
  when?: (call: Call) => boolean
  /** How many matching calls pass unharmed first. Default 0. */
  after?: number
  /** How many calls it hits; default 1. Use Infinity for «until cleared». */
  times?: number
  effect: Effect
}

export interface FaultScript<Call, Effect> {
  /** Adds a fault and returns the way to take it back. */
  add(fault: Fault<Call, Effect>): () => void
  /** The effect that hits this call, if any; counts the call. The earliest added fault wins. */
  hit(call: Call): Effect | undefined
  clear(): void
}

export function createFaultScript<Call, Effect>(): FaultScript<Call, Effect> {
  const active = new Set<{ fault: Fault<Call, Effect>; passed: number; left: number }>()
  return {
    add(fault) {
      const entry = { fault, passed: 0, left: fault.times ?? 1 }
      active.add(entry)
      return () => active.delete(entry)
    },
    hit(call) {
      for (const entry of active) {
        if (entry.fault.when && !entry.fault.when(call)) continue
        if (entry.passed < (entry.fault.after ?? 0)) {
          entry.passed++
          continue
        }
        entry.left--
        if (entry.left <= 0) active.delete(entry)
        return entry.fault.effect
      }
      return undefined
    },
    clear: () => active.clear(),
  }
}
