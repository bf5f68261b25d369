import { abnormalOf } from '../../src/domain/abnormal/abnormal.ts'
import type { Draw } from '../../src/domain/abnormal/draw.ts'
import { DRAW_KINDS, USUAL_DRAW_RULES } from '../../src/domain/abnormal/rules.ts'
import { usualOf } from '../../src/domain/abnormal/usual.ts'
import { HOUR, MINUTE } from '../../src/domain/local-time.ts'
import { fleet, precision, recall, type Score, score } from '../abnormal/score.ts'
import type { Bench } from '../bench.ts'
import { table } from '../figures.ts'

/** Those whose outcome the thresholds were chosen by, and those that nobody had looked at then. */
const SEEDS = { 'looked at while choosing the thresholds': [1, 2], 'not looked at': [101, 102, 103] }

/** How often alarms about the draw are right, and how many faults they find, on fleets whose faults are known. */
export async function abnormal({ isQuick }: Bench): Promise<void> {
  for (const [title, seeds] of Object.entries(SEEDS)) {
    const breakers = seeds.flatMap((seed) => fleet(seed, isQuick ? 1 : 4))
    const scores = score(breakers)
    const rows = [...DRAW_KINDS, 'all' as const].map((kind) => row(kind, scores[kind]))
    console.log(`Seeds ${seeds.join(', ')} (${title}): ${breakers.length} breakers, 12 weeks each\n`)
    const head = ['kind', 'faults', 'found', 'recall', 'alarms', 'right', 'precision', 'besides']
    console.log(`${table(head, rows)}\n`)
  }
  console.log(cost())
}

function row(name: string, one: Score): string[] {
  const { faults, found, alarms, right, besides } = one
  const rates = [recall(one), precision(one)].map((rate) => rate.toFixed(2))
  return [name, ...[faults, found, rates[0]!, alarms, right, rates[1]!, besides].map(String)]
}

/** What it takes to judge, without the store: for ten thousand breakers, s. */
function cost(times = 300): string {
  const now = Date.UTC(2026, 5, 10)
  const draws = (span: number, count: number): Draw[] =>
    Array.from({ length: count }, (_, i) => {
      const power = 1000 + ((i * 7919) % 400)
      return { at: now - (count - i) * span, power, peak: power * 1.2, voltage: 222, current: power / 222 }
    })
  const [weeks, days, minutes] = [draws(HOUR, 56 * 24), draws(HOUR, 48), draws(MINUTE, 20)]
  const learn = () => usualOf(weeks, 'Asia/Shanghai', USUAL_DRAW_RULES)
  const usual = learn()
  const look = (hours: Draw[]) => () =>
    abnormalOf({
      ...{ breaker: 'b', now, timezone: 'Asia/Shanghai', rules: USUAL_DRAW_RULES, usual, hours, minutes },
      ...{ contacts: { isClosed: true, since: 0 }, ratedCurrent: 60, nominalVoltage: 220 },
      ...{ accepted: [], standing: [] },
    })
  const tried: [string, () => unknown][] = [
    ['a look, every five minutes', look([])],
    ['a look after a full hour', look(days)],
    ['learning what is usual, once a day', learn],
  ]
  const rows = tried.map(([name, work]) => [name, secondsFor(work, times).toFixed(2)])
  return table(['for 10,000 breakers, without the store', 's'], rows)
}

function secondsFor(work: () => unknown, times: number): number {
  for (let i = 0; i < times; i++) work()
  const begin = performance.now()
  for (let i = 0; i < times; i++) work()
  return (((performance.now() - begin) / times) * 10_000) / 1000
}
