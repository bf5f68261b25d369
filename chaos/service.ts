import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const MAIN = join(import.meta.dirname, '../src/main.ts')
/** The slowest start that is still taken for one, ms. */
const START_WITHIN = 60_000
/** How long a supervisor waits before it starts again what did not get ready, ms. */
const START_AGAIN = 300

/** What is run: the program's own file, or one that does more and then the same. */
export interface Program {
  file: string
  /** Of Node. */
  flags: readonly string[]
  /** It can be spoken to. */
  ipc: boolean
  /** Beside the runner's own. */
  env: Record<string, string>
}

const SERVICE: Program = { file: MAIN, flags: [], ipc: false, env: {} }

/** The real program as a child, on one configuration, port and store over all its lives. */
export interface Service {
  readonly url: string
  /** It has said that it takes pushes, and was not killed since. */
  readonly isUp: boolean
  /** There is a process, ready or not. */
  readonly isAlive: boolean
  /** The process of its present life. */
  readonly child: ChildProcess | undefined
  /**
   * Begins a life. One that ends before it was ready is begun again, as a supervisor would. `ready` rejects when it
   * does not get ready for long; killed, it stays pending.
   */
  start(): { ready: Promise<void> }
  /** Sends SIGKILL before it returns; the promise resolves when the process is gone. */
  kill(): Promise<void>
  /** Ends the way a supervisor does it; resolves with the exit code. */
  stop(): Promise<number | null>
  /** Runs another command of the program on the same configuration. */
  run(...args: string[]): Promise<{ code: number | null; out: string }>
}

/** @param name for its configuration and its log in the folder */
export function createService(
  folder: string,
  name: string,
  config: string,
  port: number,
  program = SERVICE,
): Service {
  const configFile = join(folder, `${name}.yaml`)
  writeFileSync(configFile, config)
  const log = join(folder, `${name}.log`)
  let child: ChildProcess | undefined
  let isUp = false
  let late: NodeJS.Timeout | undefined

  // Whoever breaks the run off leaves nothing behind.
  process.once('exit', () => child?.kill('SIGKILL'))

  const launch = ({ file, flags, ipc, env }: Program, ...args: string[]) =>
    spawn(process.execPath, [...flags, file, ...args, '--config', configFile], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
    })

  function start(): { ready: Promise<void> } {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    late = setTimeout(() => reject(new Error(`${name} did not get ready; see ${log}`)), START_WITHIN)
    promise.catch(() => {})
    live(resolve)
    return { ready: promise }
  }

  function live(ready: () => void): void {
    const life = launch(program, 'start')
    child = life
    let said = ''
    life.stdout!.on('data', (chunk) => {
      said += chunk
      if (isUp || life !== child || !said.includes('ready on ')) return
      isUp = true
      clearTimeout(late)
      ready()
    })
    life.stderr!.on('data', (chunk) => appendFileSync(log, chunk))
    life.once('exit', async () => {
      // One that ends by itself after it was ready is noticed at the next look at it.
      if (life !== child || isUp) return
      await delay(START_AGAIN)
      if (life === child) live(ready)
    })
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const life = child
    const wasUp = isUp
    child = undefined
    isUp = false
    clearTimeout(late)
    if (!life) return null
    if (life.exitCode !== null) {
      if (!wasUp) return null
      throw new Error(`${name} has ended by itself with exit code ${life.exitCode}; see ${log}`)
    }
    life.kill(signal)
    const [code] = await once(life, 'close')
    return code
  }

  return {
    url: `http://127.0.0.1:${port}`,
    get isUp() {
      return isUp
    },
    get isAlive() {
      return child !== undefined
    },
    get child() {
      return child
    },
    start,
    async kill() {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
    async run(...args) {
      const other = launch(SERVICE, ...args)
      let out = ''
      for (const stream of [other.stdout, other.stderr]) {
        stream!.on('data', (chunk) => {
          out += chunk
        })
      }
      const [code] = await once(other, 'close')
      return { code, out }
    },
  }
}
