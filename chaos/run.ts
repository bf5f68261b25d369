import { parseArgs } from 'node:util'
import { type ChaosReport, runChaos } from './chaos.ts'
import { endOnSignals, endOverOption, endWithHelp, say, tellVerdict } from './command.ts'
import { STEPS } from './ledger.ts'
import { STORES } from './store/store.ts'

/** Kills the real service again and again while work flows, and says what came of it. Exit code 1: a promise was broken. */
const HELP =
  'Usage: node chaos/run.ts [--store sqlite|redis] [--instances 1] [--kills 200] [--trips 1000] [--breakers 100] [--seed N]\n'
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    store: { type: 'string', default: 'sqlite' },
    instances: { type: 'string', default: '1' },
    kills: { type: 'string', default: '200' },
    trips: { type: 'string', default: '1000' },
    breakers: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})

if (values.help) endWithHelp(HELP)

function fail(why: string): never {
  return endOverOption(why, HELP)
}

function table({ ledger, counts, seconds }: ChaosReport): string[] {
  const steps = STEPS.map((step): [string, string] => {
    const kills = ledger.kills.filter((one) => one.step === step)
    return [`kill ${step}`, `${kills.length}, met ${kills.filter((one) => one.met).length}`]
  })
  const rows = [...Object.entries(counts), ...steps, ['seconds', seconds.toFixed(0)]]
  return rows.map(([name, value]) => `  ${String(name).padEnd(50)}${value}`)
}

const [instances, kills, trips, breakers, seed] = [
  ...[values.instances, values.kills, values.trips, values.breakers, values.seed],
].map(Number) as [number, number, number, number, number]
const store = STORES.find((one) => one === values.store)

if (!store) fail(`there is no store «${values.store}»`)
if (![instances, kills, trips, breakers, seed].every((one) => Number.isSafeInteger(one) && one >= 0))
  fail('--instances, --kills, --trips, --breakers and --seed are whole numbers')
if (instances < 1 || (instances > 1 && store === 'sqlite'))
  fail('--instances is 1 or, with --store redis, more')

const again = Object.entries({ store, instances, kills, trips, breakers, seed })
  .map(([name, value]) => `--${name} ${value}`)
  .join(' ')
say(`chaos: ${again}`)
const progress = (done: number) => {
  if (done % 20 === 0) say(`  ${done} kills`)
}
endOnSignals()
const report = await runChaos({ store, instances, kills, trips, breakers, seed, progress })
for (const line of table(report)) say(line)
tellVerdict(report, { again: `node chaos/run.ts ${again}`, good: 'no promise was broken' })
