import { parseArgs } from 'node:util'
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

if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}

function fail(why: string): never {
  process.stderr.write(`${why}\n${HELP}`)
  process.exit(1)
}

/** Violations that are shown; all of them stand in the evidence. */
const SHOWN = 20

const say = (line: string) => void process.stdout.write(`${line}\n`)

if (values.minutes !== undefined && values.seconds !== undefined) fail('either --minutes or --seconds')
const seconds = values.seconds === undefined ? Number(values.minutes ?? 30) * 60 : Number(values.seconds)
const seed = Number(values.seed)
if (!(seconds >= 10)) fail('a soak lasts 10 s at least')
if (!Number.isSafeInteger(seed) || seed < 0) fail('--seed is a whole number')

const again = `--seconds ${seconds} --seed ${seed}`
say(`soak: ${again}`)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
const progress = (ms: number) => say(`  ${Math.round(ms / 1000)} s`)
const report = await runSoak({ ms: seconds * 1000, seed, progress })
for (const [name, value] of Object.entries(report.counts)) say(`  ${name.padEnd(58)}${value}`)
say(`  ${'seconds in all'.padEnd(58)}${report.seconds.toFixed(0)}`)
const { violations, folder } = report
for (const { rule, what } of violations.slice(0, SHOWN)) say(`BROKEN ${rule}: ${what}`)
if (violations.length > SHOWN) say(`… and ${violations.length - SHOWN} more`)
if (folder) say(`evidence: ${folder}; again: node soak/run.ts ${again}`)
else say('every card has converged, nothing has grown, nothing is left over')
process.exitCode = folder ? 1 : 0
