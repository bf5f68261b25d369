import { parseArgs } from 'node:util'
import { endOnSignals, endOverOption, endWithHelp, say, tellVerdict } from '../chaos/command.ts'
import { runSoak } from './soak.ts'

/** Lets the real service work for long while everything around it goes wrong, and says what came of it. */
const HELP = `Usage: node soak/run.ts [--minutes 30 | --seconds 60] [--seed N]
Exit code 1: a card did not converge, memory grew, something was left over, or another promise was broken.
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})

if (values.help) endWithHelp(HELP)

function fail(why: string): never {
  return endOverOption(why, HELP)
}

if (values.minutes !== undefined && values.seconds !== undefined) fail('either --minutes or --seconds')
const seconds = values.seconds === undefined ? Number(values.minutes ?? 30) * 60 : Number(values.seconds)
const seed = Number(values.seed)
if (!(seconds >= 10)) fail('a soak lasts 10 s at least')
if (!Number.isSafeInteger(seed) || seed < 0) fail('--seed is a whole number')

const again = `--seconds ${seconds} --seed ${seed}`
say(`soak: ${again}`)
endOnSignals()
const progress = (ms: number) => say(`  ${Math.round(ms / 1000)} s`)
const report = await runSoak({ ms: seconds * 1000, seed, progress })
for (const [name, value] of Object.entries(report.counts)) say(`  ${name.padEnd(58)}${value}`)
say(`  ${'seconds in all'.padEnd(58)}${report.seconds.toFixed(0)}`)
tellVerdict(report, {
  again: `node soak/run.ts ${again}`,
  good: 'every card has converged, nothing has grown, nothing is left over',
})
