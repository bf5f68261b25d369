import { setImmediate as turn } from 'node:timers/promises'
import { type Flow, flowLimits, flowsOf, rhythmOf } from '../domain/energy-flows.ts'
import { HOUR } from '../domain/local-time.ts'
import type { Stretch } from '../domain/periods.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Summary } from '../domain/summary.ts'
import type { Store } from '../store/store.ts'

/** How far beyond a stretch a reading is looked for that it can be counted from, ms. */
const NEARBY = 24 * HOUR
/** So many breakers are read at a time, and where minutes are read too; after each others have their turn. */
const [AT_ONCE, CLOSELY] = [20, 4]

/** What is known of the energy of one breaker. */
export interface Usage {
  breaker: BreakerConfig
  flows: Flow[]
  /** By hour, and by minute where an edge lies within one. */
  summaries: Summary[]
  /** A pause longer than this is a gap, ms. */
  gap: number
}

/**
 * Reads what was measured of breakers, one after the other.
 * @param edges that their energy will be cut at: an hour that holds one is read by minute, as far as that is kept
 */
export async function* usages(
  store: Pick<Store, 'summaries'>,
  breakers: readonly BreakerConfig[],
  { from, to }: Stretch,
  edges: readonly number[],
): AsyncGenerator<Usage> {
  const spans = cutHours(edges.filter((edge) => edge < to + NEARBY))
  const step = spans.length === 0 ? AT_ONCE : CLOSELY
  for (let i = 0; i < breakers.length; i += step) {
    const some = breakers.slice(i, i + step)
    const ids = some.map(({ id }) => id)
    const hours = await store.summaries(ids, 'hour', from - NEARBY, to + NEARBY)
    const minutes = []
    for (const span of spans) minutes.push(await store.summaries(ids, 'minute', span.from, span.to))
    for (const [n, breaker] of some.entries()) {
      const summaries = refined(
        [...hours[n]!],
        minutes.flatMap((of) => [...of[n]!]),
      )
      const limits = flowLimits(breaker, breaker.reportEvery || rhythmOf(summaries))
      yield { breaker, flows: flowsOf(summaries, limits), summaries, gap: limits.gap }
      await turn()
    }
  }
}

/** The hours that edges lie within; those that follow each other as one. */
function cutHours(edges: readonly number[]): Stretch[] {
  const cut = new Set(edges.filter((edge) => edge % HOUR !== 0).map((edge) => Math.floor(edge / HOUR) * HOUR))
  const spans: Stretch[] = []
  for (const from of [...cut].sort((a, b) => a - b)) {
    const last = spans.at(-1)
    if (last?.to === from) last.to += HOUR
    else spans.push({ from, to: from + HOUR })
  }
  return spans
}

/** An hour is known by its minutes where there are any. */
function refined(hours: readonly Summary[], minutes: readonly Summary[]): Summary[] {
  const finer = new Set(minutes.map(({ start }) => Math.floor(start / HOUR) * HOUR))
  const others = hours.filter(({ start }) => !finer.has(start))
  return [...others, ...minutes].sort((a, b) => a.start - b.start)
}
