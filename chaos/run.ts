import { parseArgs } from 'node:util'
import { type ChaosReport, runChaos } from './chaos.ts'
import { STEPS } from './ledger.ts'

/** Kills the real service again and again while work flows, and says what came of it. Exit code 1: a promise was broken. */
const HELP = 'Usage: node chaos/run.ts [--kills 200] [--trips 1000] [--breakers 100] [--seed N]\n'
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    kills: { type: 'string', default: '200' },
    trips: { type: 'string', default: '1000' },
    breakers: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})

if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}

/** Violations that are shown; all of them stand in the evidence. */
const SHOWN = 20

const say = (line: string) => void process.stdout.write(`${line}\n`)

function table({ ledger, counts, seconds }: ChaosReport): string[] {
  const steps = STEPS.map((step): [string, string] => {
    const kills = ledger.kills.filter((one) => one.step === step)
    return [`kill ${step}`, `${kills.length}, met ${kills.filter((one) => one.met).length}`]
  })
  const rows = [...Object.entries(counts), ...steps, ['seconds', seconds.toFixed(0)]]
  return rows.map(([name, value]) => `  ${String(name).padEnd(50)}${value}`)
}

const [kills, trips, breakers, seed] = [values.kills, values.trips, values.breakers, values.seed].map(Number)
if (![kills, trips, breakers, seed].every((one) => Number.isSafeInteger(one) && one! >= 0)) {
  process.stderr.write('--kills, --trips, --breakers and --seed are whole numbers\n')
  process.exit(1)
}
say(`chaos: ${kills} kills, ${trips} trips, ${breakers} breakers, seed ${seed}`)
const progress = (done: number) => {
  if (done % 20 === 0) say(`  ${done} kills`)
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
const report = await runChaos({ kills: kills!, trips: trips!, breakers: breakers!, seed: seed!, progress })
for (const line of table(report)) say(line)
const { violations, folder } = report
for (const { rule, what } of violations.slice(0, SHOWN)) say(`BROKEN ${rule}: ${what}`)
if (violations.length > SHOWN) say(`… and ${violations.length - SHOWN} more`)
if (folder)
  say(
    `evidence: ${folder}; again: node chaos/run.ts --kills ${kills} --trips ${trips} --breakers ${breakers} --seed ${seed}`,
  )
else say('no promise was broken')
process.exitCode = folder ? 1 : 0
