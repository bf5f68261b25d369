import { type Flow, partOf } from './energy-flows.ts'
import { exact } from './summary-join.ts'

/** How the energy of a time is known: by counter, by power, by one here and the other there. */
export type ReckonedBy = 'counter' | 'power' | 'both'

/** What was used in a stretch of time. */
export interface Use {
  from: number
  to: number
  /** What is known of. */
  kwh: number
  /** Absent: nothing is known. */
  by?: ReckonedBy
  /** So much of the time is shared with another stretch by a pause of which only the whole is known, ms. */
  estimated: number
  /** Of so much of the time nothing is known, ms. */
  missing: number
  /** So often the counter began anew, or was replaced. */
  resets: number
}

/**
 * What was used between each two edges that follow each other: all of them together are what was used from the first to
 * the last, whatever edges there are in between.
 *
 * @param flows in order of time, as {@link flowsOf} gives them
 * @param edges in order of time, ms
 */
export function energyIn(flows: readonly Flow[], edges: readonly number[]): Use[] {
  let next = 0
  return edges.slice(0, -1).map((from, i) => {
    const to = edges[i + 1]!
    while (next < flows.length && isOver(flows[next]!, from)) next++
    const use: Use = { from, to, kwh: 0, estimated: 0, missing: to - from, resets: 0 }
    for (let k = next; k < flows.length && flows[k]!.from < to; k++) add(use, flows[k]!)
    return use
  })
}

/** A point in time belongs to the stretch that begins with it. */
const isOver = (flow: Flow, at: number): boolean => flow.to < at || (flow.to === at && flow.from < at)

function add(use: Use, flow: Flow): void {
  if (isOver(flow, use.from)) return
  const part = partOf(flow, use.from, use.to)
  const isCut = part.to - part.from < flow.to - flow.from
  use.kwh = exact(use.kwh + part.kwh)
  if (flow.isLoose && isCut) use.estimated += part.to - part.from
  use.missing -= part.to - part.from - (part.missing ?? 0)
  use.resets += part.resets ?? 0
  if (part.to > part.from || part.kwh > 0)
    use.by = use.by === undefined || use.by === flow.by ? flow.by : 'both'
}

/** What was used in stretches that follow each other, or by several breakers in one. */
export function sumOf(uses: readonly Use[]): Use {
  const [first, ...rest] = uses
  if (!first) return { from: 0, to: 0, kwh: 0, estimated: 0, missing: 0, resets: 0 }
  return rest.reduce((sum, use) => {
    const by = both(sum.by, use.by)
    return {
      from: Math.min(sum.from, use.from),
      to: Math.max(sum.to, use.to),
      kwh: exact(sum.kwh + use.kwh),
      estimated: sum.estimated + use.estimated,
      missing: sum.missing + use.missing,
      resets: sum.resets + use.resets,
      ...(by && { by }),
    }
  }, first)
}

const both = (a: ReckonedBy | undefined, b: ReckonedBy | undefined): ReckonedBy | undefined =>
  a === undefined || b === undefined || a === b ? (a ?? b) : 'both'
