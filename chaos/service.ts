import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../src/main.ts')
/** The slowest start that is still taken for one, ms. */
const START_WITHIN = 20_000

/** The real program as a child, on one configuration, port and store over all its lives. */
export interface Service {
  readonly url: string
  /** It has said that it takes pushes, and was not killed since. */
  readonly isUp: boolean
  /** Begins a life. `ready` rejects when the program ends by itself or does not get ready; killed, it stays pending. */
  start(): { ready: Promise<void> }
  /** Sends SIGKILL before it returns; the promise resolves when the process is gone. */
  kill(): Promise<void>
  /** Ends the way a supervisor does it; resolves with the exit code. */
  stop(): Promise<number | null>
  /** Runs another command of the program on the same configuration. */
  run(...args: string[]): Promise<{ code: number | null; out: string }>
}

export function createService(folder: string, config: string, port: number): Service {
  writeFileSync(join(folder, 'breakerbot.yaml'), config)
  const log = join(folder, 'service.log')
  let child: ChildProcess | undefined
  let isUp = false

  // Whoever breaks the run off leaves nothing behind.
  process.once('exit', () => child?.kill('SIGKILL'))

  const launch = (...args: string[]) =>
    spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })

  function start(): { ready: Promise<void> } {
    const life = launch('start')
    child = life
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(
      () => reject(new Error(`the service did not get ready; see ${log}`)),
      START_WITHIN,
    )
    let said = ''
    life.stdout.on('data', (chunk) => {
      said += chunk
      if (isUp || life !== child || !said.includes('ready on ')) return
      isUp = true
      clearTimeout(late)
      resolve()
    })
    life.stderr.on('data', (chunk) => appendFileSync(log, chunk))
    life.once('exit', (code) => {
      clearTimeout(late)
      if (life !== child) return
      isUp = false
      reject(new Error(`the service ended by itself with exit code ${code}; see ${log}`))
    })
    // A life that ends by itself after it was ready is noticed at the next look at it.
    promise.catch(() => {})
    return { ready: promise }
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const life = child
    child = undefined
    isUp = false
    if (!life) return null
    if (life.exitCode !== null) throw new Error(`the service has ended by itself; see ${log}`)
    life.kill(signal)
    const [code] = await once(life, 'close')
    return code
  }

  return {
    url: `http://127.0.0.1:${port}`,
    get isUp() {
      return isUp
    },
    start,
    async kill() {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
    async run(...args) {
      const other = launch(...args)
      let out = ''
      for (const stream of [other.stdout, other.stderr]) {
        stream.on('data', (chunk) => {
          out += chunk
        })
      }
      const [code] = await once(other, 'close')
      return { code, out }
    },
  }
}
