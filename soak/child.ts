import { writeFileSync } from 'node:fs'
import { ASK, ENDING_FILE, type Ending, type Sample } from './probe.ts'

/**
 * The service, and a look into its process: run in place of `src/main.ts` with `--expose-gc` and an IPC channel. The
 * product itself knows nothing of it.
 */
const MB = 2 ** 20

function counted(): Record<string, number> {
  const kinds = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind)
  return Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]))
}

function sample(): Sample {
  if (!globalThis.gc) throw new Error('the process has to be started with --expose-gc')
  globalThis.gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  const sizes = { heap: heapUsed / MB, external: external / MB, resident: rss / MB }
  return { at: Date.now(), ...sizes, resources: counted() }
}

process.on('message', (word) => {
  if (word === ASK) process.send!(sample())
})
// Being spoken to must not keep the process from ending.
process.channel?.unref()

let byItself = false
process.once('beforeExit', () => {
  byItself = true
})
process.once('exit', () => {
  const ending: Ending = { byItself, left: counted() }
  writeFileSync(process.env[ENDING_FILE]!, JSON.stringify(ending))
})

await import('../src/main.ts')
