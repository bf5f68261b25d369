import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { endOnSignals, endOverOption, endWithHelp, say } from '../chaos/command.ts'
import { type FuzzOptions, fuzz, type Result, shares } from './fuzz.ts'
import type { Target } from './target.ts'
import { TARGETS } from './targets.ts'
import { checkAfterwards, wholeTargets } from './whole.ts'
import { startWorld } from './world.ts'

/** Feeds all that reads from outside with what nobody should send, and says what came of it. */
const HELP = `Usage: node fuzz/run.ts [--runs 1000000] [--seed N] [--target NAME [--path P]]
--target: one reader alone; --path: the very input that a failure named.
Exit code 1: a reader threw or broke a promise, a route answered 5xx, memory grew, or a job was given up.
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    target: { type: 'string' },
    path: { type: 'string' },
  },
})
if (values.help) endWithHelp(HELP)
const runs = Number(values.runs)
const seed = Number(values.seed)
if (!Number.isSafeInteger(runs) || runs < 1) endOverOption('--runs is a whole number', HELP)
if (!Number.isSafeInteger(seed)) endOverOption('--seed is a whole number', HELP)

/** Of all inputs, those that go through the running service: each is on disk before it is answered. */
const WHOLE = 0.04
/** What may stay in memory, MB: both remember the newest of many things, and code once compiled. */
const MAY_GROW = 32

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const MB = 2 ** 20
function heap(): number {
  collect()
  return process.memoryUsage().heapUsed / MB
}

let failures = 0
function fail(what: string): void {
  failures++
  say(`BROKEN ${what}`)
}

function tell({ target, runs, ms, slowest, failure }: Result): void {
  const rate = Math.round((runs / ms) * 1000)
  say(
    `  ${target.padEnd(20)}${String(runs).padStart(8)} inputs ${String(rate).padStart(7)}/s, slowest ${slowest.ms.toFixed(0)} ms`,
  )
  if (failure) fail(`${target}: ${failure.why}\n  input: ${failure.input}\n  again: ${failure.replay}`)
}

async function feed(targets: readonly Target[], count: number): Promise<number> {
  const each = shares(targets, count)
  let fed = 0
  for (const [index, one] of targets.entries()) {
    const options: FuzzOptions = {
      runs: each[index]!,
      seed,
      ...(values.path !== undefined && { path: values.path }),
    }
    const result = await fuzz(one, options)
    fed += result.runs
    tell(result)
  }
  return fed
}

function growth(what: string, before: number, after: number): void {
  say(`  heap of ${what}: ${before.toFixed(1)} MB before, ${after.toFixed(1)} MB after`)
  if (after - before > MAY_GROW) fail(`the heap of ${what} grew by ${(after - before).toFixed(1)} MB`)
}

async function feedReaders(count: number): Promise<number> {
  say('readers and routes:')
  await Promise.all(TARGETS.map((one) => fuzz(one, { runs: 50, seed })))
  const before = heap()
  const fed = await feed(TARGETS, count)
  growth('the readers', before, heap())
  return fed
}

async function feedService(count: number): Promise<number> {
  say('the running service:')
  const world = await startWorld()
  try {
    const targets = wholeTargets(world)
    // What is loaded and compiled at the first use is no growth.
    await feed(targets, Math.ceil(count / 10))
    await world.drained()
    const before = await world.sample()
    const fed = await feed(targets, count)
    await checkAfterwards(world)
    growth('the service', before.heap, (await world.sample()).heap)
    return fed
  } catch (error) {
    fail(String(error))
    return 0
  } finally {
    const code = await world.close()
    if (code !== 0) fail(`the service ended with exit code ${code}`)
  }
}

async function feedOne(name: string): Promise<number> {
  const one = TARGETS.find((each) => each.name === name)
  if (one) return feed([one], runs)
  const world = await startWorld()
  try {
    const whole = wholeTargets(world).find((each) => each.name === name)
    if (!whole)
      return endOverOption(`there is no target ${name}: ${TARGETS.map((each) => each.name).join(', ')}`, HELP)
    return await feed([whole], runs)
  } finally {
    await world.close()
  }
}

endOnSignals()
say(`fuzz: --runs ${runs} --seed ${seed}`)
const begun = performance.now()
const whole = Math.ceil(runs * WHOLE)
const fed = values.target
  ? await feedOne(values.target)
  : (await feedReaders(runs - whole)) + (await feedService(whole))
say(
  `${fed} inputs in ${((performance.now() - begun) / 1000).toFixed(0)} s; ${failures === 0 ? 'nothing broke' : `${failures} broke`}`,
)
process.exit(failures === 0 ? 0 : 1)
