import { setImmediate as turn } from 'node:timers/promises'
import type { Flow } from '../../domain/energy-flows.ts'
import { energyIn, sumOf, type Use } from '../../domain/energy-use.ts'
import { HOUR } from '../../domain/local-time.ts'
import { edgesOf, type Stretch } from '../../domain/periods.ts'
import type { BreakerConfig } from '../../domain/policy.ts'
import {
  barEdges,
  barLabel,
  breakerUse,
  comparedWith,
  peakHour,
  type RoomUse,
  reportBars,
  type Usual,
  unusualUse,
  usualOf,
  usualRoom,
  withBreaker,
} from '../../domain/report-energy.ts'
import type { ReportFacts } from '../../domain/report-facts.ts'
import { periodOf, type ReportWish } from '../../domain/report-schedule.ts'
import { costOf } from '../../domain/tariff.ts'
import { usages } from '../energy-reading.ts'
import type { Lookup, Parts } from '../parts.ts'
import { createRates, rateEdges } from '../rates.ts'

/** What was measured so long before and after a period is read with it, ms. */
const AROUND = 24 * HOUR
/** So many hours are reckoned at a time: nothing else runs meanwhile. */
const AT_ONCE = 5000

type EnergyFacts = Pick<ReportFacts, 'breakers' | 'usual' | 'peak' | 'bars' | 'abnormal'>

/** One period of a room, while it is summed up. */
interface Summed {
  edges: number[]
  use?: RoomUse
}

/** Reckons what the breakers of a room used in a period, a few at a time. */
export function createReckoning(
  { store }: Pick<Parts, 'store'>,
  lookup: Pick<Lookup, 'zone' | 'breakersIn'>,
) {
  return async function reckon({ room, every, period }: ReportWish, until: number): Promise<EnergyFacts> {
    const zone = lookup.zone(room)
    const summed = (number: number): Summed => ({
      edges: barEdges(every, periodOf(every, number, zone), zone),
    })
    const present = summed(period)
    const lists = comparedWith(every, period).map((list) => list.map(summed))
    const whole = periodOf(every, period, zone)
    const hours: Summed = { edges: edgesOf({ from: whole.from, to: until }, 'hour', zone) }
    const ratesOf = createRates({ from: whole.from, to: until }, zone)
    const breakers: ReportFacts['breakers'] = []
    const abnormal: ReportFacts['abnormal'] = []

    for (const some of pagesOf(lookup.breakersIn(room), whole)) {
      const flows = await flowsIn(some, present.edges, rateEdges(some, ratesOf))
      const usual = await usualIn(some, lists, whole.to - whole.from)
      for (const one of some) {
        const known = flows.get(one.id) ?? []
        const total = sumOf(energyIn(known, [whole.from, until]))
        add(present, known)
        add(hours, known)
        const cost = one.tariff && costOf(known, ratesOf(one.tariff))
        breakers.push(breakerUse(one, total, usual.get(one.id), cost))
        const reason = until < whole.to ? undefined : unusualUse(total, usual.get(one.id))
        if (reason) abnormal.push({ breaker: one.id, what: one.name, reason })
      }
    }
    return { breakers, abnormal, ...roomFacts(present, hours, lists, until < whole.to) }

    function roomFacts(now: Summed, byHour: Summed, before: Summed[][], isPart: boolean) {
      const used = now.use ?? { bars: [], known: 0, length: 0 }
      const usual = usualRoom(
        used,
        before.map((list) => list.flatMap(({ use }) => use ?? [])),
      )
      const peak = byHour.use && peakHour(byHour.use, byHour.edges)
      const labels = now.edges.slice(0, -1).map((at) => barLabel(every, at, zone))
      return {
        ...(usual && !isPart && { usual: usual.kwh }),
        ...(peak && { peak }),
        bars: reportBars(used, labels, usual?.bars),
      }
    }
  }

  /** What is usual for each; a further list of periods only where those before say too little. */
  async function usualIn(
    some: BreakerConfig[],
    lists: Summed[][],
    length: number,
  ): Promise<Map<string, Usual>> {
    const found = new Map<string, Usual>()
    for (const list of lists) {
      const rest = some.filter(({ id }) => !found.has(id))
      const totals = new Map<string, Use[]>(rest.map(({ id }) => [id, []]))
      for (const one of rest.length > 0 ? list : []) {
        const flows = await flowsIn(rest, one.edges)
        for (const { id } of rest) totals.get(id)!.push(sumOf(add(one, flows.get(id) ?? [])))
      }
      for (const [id, uses] of totals) {
        const usual = usualOf(uses, length)
        if (usual) found.set(id, usual)
      }
    }
    return found
  }

  function add(summed: Summed, flows: readonly Flow[]): Use[] {
    const uses = energyIn(flows, summed.edges)
    summed.use = withBreaker(summed.use, uses)
    return uses
  }

  /**
   * What flowed through some breakers in a period. The energy of its bars is cut within hours only where its zone's hours
   * begin in the midst of others, and is then spread evenly there.
   * @param cuts where it is wanted exactly
   */
  async function flowsIn(
    some: readonly BreakerConfig[],
    edges: readonly number[],
    cuts: readonly number[] = [],
  ): Promise<Map<string, Flow[]>> {
    const [from, to] = [edges[0]!, edges.at(-1)!]
    const flows = new Map<string, Flow[]>()
    for await (const one of usages(store, some, { from, to }, [from, to, ...cuts]))
      flows.set(one.breaker.id, one.flows)
    await turn()
    return flows
  }
}

/** So many breakers together that a period of them is not too much at once. */
function* pagesOf(breakers: readonly BreakerConfig[], { from, to }: Stretch): Generator<BreakerConfig[]> {
  const size = Math.max(1, Math.floor((AT_ONCE * HOUR) / (to - from + 2 * AROUND)))
  for (let index = 0; index < breakers.length; index += size) yield breakers.slice(index, index + size)
}
