import { percentile, ratio } from './figures.ts'
import { saturateFor } from './load.ts'
import { PUSH_PATH, statePush } from './pushes.ts'
import type { Subject } from './subject.ts'

/** How long and how often each is measured. */
export interface Extent {
  rounds: number
  ms: number
}

export interface Rate {
  name: string
  /** Requests a second: of all rounds, the one in the middle. */
  rate: number
  /** Processor time of all its threads for each request, µs. */
  processor: number
  /** How long its event loop was held up, ms: the longest of all rounds; undefined where it has none. */
  loop?: { p99: number; max: number }
}

/**
 * Measures several subjects by turns, so that what else goes on on the machine falls on all of them; the first round is
 * for warming up.
 */
export async function compare(
  subjects: ReadonlyMap<string, Subject>,
  { rounds, ms }: Extent,
  body: () => string = statePush,
): Promise<Rate[]> {
  const found = [...subjects].map(([name, subject]) => ({
    name,
    subject,
    rates: [] as number[],
    costs: [] as number[],
    loops: [] as { p99: number; max: number }[],
  }))
  for (let round = 0; round <= rounds; round++) {
    for (const one of found) {
      await one.subject.usage()
      const { path, body: next } = one.subject.takes ?? { path: PUSH_PATH, body }
      const { count, took } = await saturateFor(one.subject.url + path, next, round === 0 ? 2000 : ms)
      const draining = performance.now()
      await one.subject.drain?.()
      const rate = (count * 1000) / (took + performance.now() - draining)
      const { p99, max, processor } = await one.subject.usage()
      if (round === 0) continue
      one.rates.push(rate)
      one.costs.push((processor * 1000) / count)
      if (p99 !== undefined && max !== undefined) one.loops.push({ p99, max })
    }
  }
  return found.map(({ name, rates, costs, loops }) => ({
    name,
    rate: percentile(rates, 50),
    processor: percentile(costs, 50),
    ...(loops.length > 0 && { loop: longest(loops) }),
  }))
}

const longest = (loops: readonly { p99: number; max: number }[]) => ({
  p99: Math.max(...loops.map(({ p99 }) => p99)),
  max: Math.max(...loops.map(({ max }) => max)),
})

/** As a table, each beside the first. */
export function rateTable(rates: readonly Rate[]): string {
  const [first] = rates
  const rows = rates.map(
    ({ name, rate, processor, loop }) =>
      `| ${name} | ${rate.toFixed(0)} | ${ratio(rate, first!.rate)} | ${processor.toFixed(0)} | ${loop?.p99.toFixed(1) ?? '–'} | ${loop?.max.toFixed(1) ?? '–'} |`,
  )
  return [
    '| | a second | ratio | processor, µs each | event loop held up, p99, ms | longest |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
