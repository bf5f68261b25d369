import { setTimeout as delay } from 'node:timers/promises'
import type { Fleet } from '../chaos/fleet.ts'
import { createRandom } from '../chaos/random.ts'
import type { FaultKind, Place, Side } from './faults/kind.ts'
import type { PlannedFault } from './plan.ts'

/** From when to when, ms; to infinity while it lasts. */
export interface Span {
  from: number
  to: number
}

/** A fault that happened. */
export interface Befallen {
  side: Side
  kind: FaultKind
  when: Span
  /** The same by the clock of its own side, which may have jumped. */
  there: Span
  /** The chat that it concerns; absent at the cloud. */
  chat?: string
  /** How many calls have met it; absent for one that is not met by calls. */
  met?: number
}

/** Lets the planned faults happen, each at its time; resolves when the last has ended, soon after `stop`. */
export async function letHappen(
  fleet: Fleet,
  plan: readonly PlannedFault[],
  seed: number,
  stop: AbortSignal,
): Promise<Befallen[]> {
  const begun = performance.now()
  const befallen: Befallen[] = []

  async function one({ side, kind, at, lasts, room: number }: PlannedFault, index: number): Promise<void> {
    const wait = (ms: number) => delay(ms, undefined, { signal: stop }).catch(() => {})
    await wait(Math.max(0, begun + at - performance.now()))
    if (stop.aborted) return
    const room = fleet.rooms[number]!
    const { clock } = fleet[side]
    const befalls: Befallen = {
      ...{ side, kind },
      when: { from: Date.now(), to: Infinity },
      there: { from: clock.now(), to: Infinity },
      ...(side !== 'cloud' && { chat: String(room[side]) }),
    }
    befallen.push(befalls)
    const tally: Place['tally'] = {}
    const end = kind.begin({ fleet, room, tally, random: createRandom(seed, `fault ${index}`) })
    await wait(lasts)
    end()
    Object.assign(befalls, tally)
    befalls.when.to = Date.now()
    befalls.there.to = clock.now()
  }

  await Promise.all(plan.map(one))
  return befallen
}
