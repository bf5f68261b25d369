import type { CounterSpan, LoadSpan, Summary } from './summary.ts'
import { exact, following, GAP, mostIn, stepBetween, trapezoid } from './summary-join.ts'

/** What flowed through a breaker between two moments. */
export interface Flow {
  from: number
  to: number
  kwh: number
  /** By the breaker's own counter, or by its power. */
  by: 'counter' | 'power'
  /** The breaker was silent for longer than it usually is: when within this time it flowed is not known. */
  isLoose?: true
  /** So much of the time is not known of, ms. */
  missing?: number
  /** So often the counter began anew within it, or was replaced. */
  resets?: number
}

/** What is usual of a breaker. */
export interface FlowLimits {
  /** A pause longer than this is a gap, ms. */
  gap: number
  /** W: more than it can carry. Absent: not known. */
  watts?: number
}

/** The shortest pause that is a gap, ms. */
const SHORTEST_GAP = 300_000

/** @param rhythm how often it reports, ms; 0 or absent: not known */
export function flowLimits(
  { ratedCurrent, nominalVoltage = 220 }: { ratedCurrent?: number; nominalVoltage?: number },
  rhythm = 0,
): FlowLimits {
  const gap = Math.max(SHORTEST_GAP, 3 * rhythm)
  // Three phases, or a start with three times the current.
  return ratedCurrent === undefined ? { gap } : { gap, watts: 3 * ratedCurrent * nominalVoltage }
}

/** How often a breaker was heard, ms: the median over its spans. 0: not known. */
export function rhythmOf(summaries: readonly Summary[]): number {
  const pauses = summaries.flatMap(({ count, firstAt, lastAt }, i) => {
    const before = summaries[i - 1]
    if (count > 1) return [(lastAt - firstAt) / (count - 1)]
    return before ? [firstAt - before.lastAt] : []
  })
  return pauses.sort((a, b) => a - b)[Math.floor(pauses.length / 2)] ?? 0
}

/**
 * How energy flowed through a breaker, in order of time: by its counter wherever there is one that can be believed, in
 * the time that is left by its power; what neither tells of is left out.
 *
 * @param summaries of one breaker, in order of time
 */
export function flowsOf(summaries: readonly Summary[], limits: FlowLimits): Flow[] {
  const counted = counterFlows(summaries, {
    ...limits,
    gap: Math.max(limits.gap, 3 * counterRhythm(summaries)),
  })
  const rest = outside(powerFlows(summaries), counted)
  return [...counted, ...rest].sort((a, b) => a.from - b.from || a.to - b.to)
}

/** A counter that is asked for now and then is heard less often than the power: the median of its steps, ms. */
function counterRhythm(summaries: readonly Summary[]): number {
  const counters = summaries.flatMap(({ counter }) => counter ?? [])
  const steps = counters.slice(1).map(({ first }, i) => first.at - counters[i]!.last.at)
  // A pause or two are no rhythm.
  return steps.length < 3 ? 0 : steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)]!
}

function counterFlows(summaries: readonly Summary[], limits: FlowLimits): Flow[] {
  const flows: Flow[] = []
  let last: CounterSpan['last'] | undefined
  for (const summary of summaries) {
    if (!summary.counter) continue
    const counter = last ? following(last, summary.counter) : summary.counter
    if (last) flows.push(...stepFlow(last, counter.first, limits))
    flows.push(...withinFlow(counter, limits))
    last = counter.last
  }
  return flows
}

/** A counter that fell counts what it shows since. */
function stepFlow(from: CounterSpan['last'], to: CounterSpan['first'], limits: FlowLimits): Flow[] {
  const { kwh, fell } = stepBetween(from.energy, to.energy)
  const most = mostIn(to.at - from.at, limits.watts)
  return counted(from.at, to.at, kwh, fell ? 1 : 0, most, limits.gap)
}

/** Its steps were looked at when it was summed up, but for what this very breaker can carry. */
function withinFlow({ first, last, used, resets }: CounterSpan, { gap, watts }: FlowLimits): Flow[] {
  const most = watts === undefined ? Number.POSITIVE_INFINITY : mostIn(last.at - first.at, watts)
  return counted(first.at, last.at, used, resets, most, gap)
}

/** More than it can carry is another counter: of the time until then it tells nothing, and only the change itself is left. */
function counted(from: number, to: number, kwh: number, resets: number, most: number, gap: number): Flow[] {
  if (kwh > most) return [{ from, to: from, kwh: 0, by: 'counter', resets: resets || 1 }]
  if (to === from && kwh === 0 && resets === 0) return []
  const isLoose = to - from > gap
  return [{ from, to, kwh, by: 'counter', ...(isLoose && { isLoose }), ...(resets > 0 && { resets }) }]
}

function powerFlows(summaries: readonly Summary[]): Flow[] {
  const flows: Flow[] = []
  let last: LoadSpan['last'] | undefined
  const add = (from: number, to: number, { energy, covered }: { energy: number; covered: number }) => {
    const missing = to - from - covered
    if (covered > 0) flows.push({ from, to, kwh: energy, by: 'power', ...(missing > 0 && { missing }) })
  }
  for (const { load } of summaries) {
    if (!load) continue
    if (last && load.first.at - last.at <= GAP) add(last.at, load.first.at, trapezoid(last, load.first))
    add(load.first.at, load.last.at, load)
    last = load.last
  }
  return flows
}

/** What of flows lies in none of the others. Both are in order of time, and none overlaps another of its kind. */
function outside(flows: readonly Flow[], others: readonly Flow[]): Flow[] {
  const left: Flow[] = []
  let next = 0
  for (const flow of flows) {
    while (next < others.length && others[next]!.to <= flow.from) next++
    let { from } = flow
    for (let i = next; i < others.length && others[i]!.from < flow.to; i++) {
      const other = others[i]!
      if (other.from > from && other.to > other.from) left.push(partOf(flow, from, other.from))
      if (other.to > other.from) from = Math.max(from, other.to)
    }
    if (from < flow.to) left.push(partOf(flow, from, flow.to))
  }
  return left
}

/** Spread evenly; parts that make up the whole add up to it. */
export function partOf(flow: Flow, from: number, to: number): Flow {
  if (from <= flow.from && to >= flow.to) return flow
  const [begin, end] = [Math.max(from, flow.from), Math.min(to, flow.to)]
  const until = (total: number, at: number) => (total * (at - flow.from)) / (flow.to - flow.from)
  const missing =
    flow.missing && Math.round(until(flow.missing, end)) - Math.round(until(flow.missing, begin))
  const { resets, ...rest } = flow
  return {
    ...rest,
    from: begin,
    to: end,
    kwh: exact(exact(until(flow.kwh, end)) - exact(until(flow.kwh, begin))),
    ...(missing !== undefined && { missing }),
    // It began anew at the end of the flow, as far as anybody knows.
    ...(resets !== undefined && end === flow.to && { resets }),
  }
}
