import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { createBench, type Part } from './bench.ts'
import { abnormal } from './parts/abnormal.ts'
import { answers } from './parts/answers.ts'
import { beside } from './parts/beside.ts'
import { energy } from './parts/energy.ts'
import { instances } from './parts/instances.ts'
import { memory } from './parts/memory.ts'
import { pictures } from './parts/pictures.ts'
import { start } from './parts/start.ts'
import { storm } from './parts/storm.ts'
import { accept, latency, rows, whole } from './parts/taking.ts'
import { trips } from './parts/trips.ts'

/**
 * Measures the service on this machine: `node bench/run.ts [--quick] [PART…]`. Absolute times are only worth something
 * beside each other, from one run: load generator, stubs, Redis and service share the processors.
 */
const PARTS: Record<string, Part> = {
  accept,
  latency,
  whole,
  rows,
  beside,
  trips,
  answers,
  storm,
  start,
  memory,
  instances,
  pictures,
  energy,
  abnormal,
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; there are: ${Object.keys(PARTS).join(' ')}`)
  process.exit(2)
}

const bench = createBench(values.quick)
try {
  const chip = `${cpus().length} × ${cpus()[0]?.model}`
  const today = new Date().toISOString().slice(0, 10)
  console.log(`Node ${process.versions.node}, Linux ${release()}, ${chip}, ${today}`)
  for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
    console.log(`\n## ${name}\n`)
    const began = performance.now()
    await PARTS[name]!(bench)
    console.log(`\n(${((performance.now() - began) / 1000).toFixed(0)} s)`)
  }
} finally {
  bench.clear()
}
