import { type BreakerState, circuitState } from './breaker.ts'
import { isAsked, isBusy } from './operation.ts'

/**
 * When a breaker is next to be asked for its counter, ms, not before `now`: each breaker at a moment of its own within
 * `every`, the same at each instance and after each restart, so that questions are spread evenly.
 */
export function nextQuery(device: string, every: number, now: number): number {
  const offset = Math.floor(shareOf(device) * every)
  return Math.ceil((now - offset) / every) * every + offset
}

/** True where the question might get in the way of somebody's command: one is under way, or is to be confirmed. */
export function isSwitching(breaker: BreakerState, now: number): boolean {
  return Object.keys(breaker.circuits).some((circuit) => {
    const { operation } = circuitState(breaker, circuit)
    return isBusy(operation, now) || isAsked(operation, now)
  })
}

/** A number from 0 to below 1 that ids with little difference have far apart (FNV-1a, then mixed). */
function shareOf(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
