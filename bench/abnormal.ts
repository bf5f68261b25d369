import { DRAW_KINDS } from '../src/domain/abnormal/rules.ts'
import { fleet, precision, recall, type Score, score } from './abnormal/score.ts'

/** Those whose outcome the thresholds were chosen by, and those that nobody had looked at then. */
const SEEDS = { 'looked at while choosing the thresholds': [1, 2], 'not looked at': [101, 102, 103] }

/** How often alarms about the draw are right, and how many faults they find, on fleets whose faults are known. */
export function abnormal(each: number): string {
  return Object.entries(SEEDS)
    .map(([title, seeds]) => {
      const breakers = seeds.flatMap((seed) => fleet(seed, each))
      const scores = score(breakers)
      const rows = [...DRAW_KINDS, 'all' as const].map((kind) => row(kind, scores[kind]))
      return [
        `Seeds ${seeds.join(', ')} (${title}): ${breakers.length} breakers, 12 weeks each\n`,
        '| kind | faults | found | recall | alarms | right | precision | besides |',
        '| --- | --- | --- | --- | --- | --- | --- | --- |',
        ...rows,
      ].join('\n')
    })
    .join('\n\n')
}

function row(name: string, one: Score): string {
  const { faults, found, alarms, right, besides } = one
  const cells = [faults, found, recall(one).toFixed(2), alarms, right, precision(one).toFixed(2), besides]
  return `| ${name} | ${cells.join(' | ')} |`
}
