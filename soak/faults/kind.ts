import type { Fleet, Platform, Room } from '../../chaos/fleet.ts'
import type { Random } from '../../chaos/random.ts'

/** Whose end something goes wrong at. */
export type Side = Platform | 'cloud'
export const SIDES = ['telegram', 'dingtalk', 'wecom', 'cloud'] as const satisfies readonly Side[]

/** Where and with which dice a fault happens. */
export interface Place {
  fleet: Fleet
  room: Room
  random: Random
  /** How many calls have met the fault; absent for one that is not met by calls. */
  tally: { met?: number }
}

/** Says of about so many of the calls it is asked about that they meet the fault, and counts them. */
export function sometimes({ random, tally }: Place, share: number): () => boolean {
  tally.met = 0
  return () => {
    const meets = random.chance(share)
    if (meets) tally.met!++
    return meets
  }
}

/** Something that goes wrong at one end, for a while. */
export interface FaultKind {
  /** Unlike any other's of its side. */
  name: string
  /** Begins; gives the way to end it. */
  begin(place: Place): () => void
  /** What was done may not be known to be done: it may be done again. */
  losesAnswers?: true
  /** It throws the WeCom bot's connection out, as a second instance does. */
  kicks?: true
  /** The room's group refuses for good while it lasts. */
  shuts?: true
  /** A card is taken away in the room's chat: if nothing changes after that, nothing brings it back. */
  deletes?: true
  /**
   * The service stays away from the platform for a minute and more after it, as it should: only in long runs, not near
   * their end, and once.
   */
  grave?: true
}

/** A fault that strikes at once and is over. */
export const over = (): void => {}
