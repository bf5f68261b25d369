import type { Log } from '../domain/log.ts'
import type { Tier } from './tiers.ts'

/** A block that could not be read, and why. */
export interface Unreadable {
  tier: Tier
  device: string
  start: number
  why: string
}

/** Tells the log of blocks that cannot be read, of each once. */
export function createUnreadableLog(log: Pick<Log, 'error'> | undefined): (blocks: Unreadable[]) => void {
  const told = new Set<string>()
  return (blocks) => {
    for (const block of blocks) {
      const place = `${block.tier}:${block.device}:${block.start}`
      if (told.has(place)) continue
      told.add(place)
      log?.error(block, 'a block of measured values cannot be read; it counts as if it were not there')
    }
  }
}
