import type { Standing } from './chats.ts'
import type { Fleet } from './fleet.ts'
import type { Ledger } from './ledger.ts'
import type { Kept } from './state.ts'

/** A promise that was not kept, with what is known about it. */
export interface Violation {
  rule: string
  what: string
  evidence: unknown
}

/** All that a verdict is formed from. */
export interface Facts {
  fleet: Fleet
  ledger: Ledger
  /** What stands in the chats. */
  standing: Standing[]
  kept: Kept
}

/** How long before a kill a message may have come whose answer was not written down, and how long after one that was on its way, ms. */
const UNDER_WAY = { before: 700, after: 100 }

/** True when a message that arrived at that time may have to be sent once more, for a kill or a mishap came between. */
export function wasUnderWay({ kills, mishaps }: Pick<Ledger, 'kills' | 'mishaps'>, at: number): boolean {
  const cuts = [...kills.map((kill) => ({ at: kill.at, until: kill.at })), ...mishaps]
  return cuts.some((cut) => at > cut.at - UNDER_WAY.before && at < cut.until + UNDER_WAY.after)
}
