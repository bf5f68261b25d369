import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach } from 'vitest'
import { until } from '../support/until.ts'
import { checkLog, createWorld, type World } from './rig.ts'

/** What a command of the program did. */
export interface Ran {
  code: number | null
  out: string
  err: string
}

/** A folder of its own for a configuration and a store. */
export function newFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'breakerbot-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Gives each test of a file a world and a folder of its own, and takes them away after it. */
export function forEachTest(
  take: (own: { world: World; folder: ReturnType<typeof newFolder> }) => void,
): void {
  beforeEach(async () => {
    const [world, folder] = [await createWorld(), newFolder()]
    take({ world, folder })
    return async () => {
      await world.close()
      folder.remove()
    }
  })
}

function launch(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ran: Ran } {
  const main = join(import.meta.dirname, '../../src/main.ts')
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ran: Ran = { code: null, out: '', err: '' }
  child.stdout!.on('data', (chunk) => {
    ran.out += chunk
  })
  child.stderr!.on('data', (chunk) => {
    ran.err += chunk
  })
  return { child, ran }
}

/** Runs a command to its end. */
export async function run(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const { child, ran } = launch(args, cwd, env)
  const [code] = await once(child, 'close')
  return { ...ran, code }
}

/** The running service, seen from outside. */
export interface Program {
  url: string
  ran: Ran
  /** Ends it the way a power cut does. */
  kill(): Promise<void>
  /** Changes its configuration and tells it so (SIGHUP). */
  reload(config: string): void
  /** Stops it in the middle of what it does, as a machine that hangs would, and lets it go on. */
  freeze(): void
  thaw(): void
  /** Ends it the way a supervisor does; resolves with exit code and how long it took, ms. */
  terminate(): Promise<{ code: number | null; took: number }>
}

/** Starts the service on a configuration; resolves once it says that it is ready. */
export async function startProgram(
  folder: string,
  config: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Program> {
  writeFileSync(join(folder, 'breakerbot.yaml'), config)
  const { child, ran } = launch(['start'], folder, env)
  const closed = once(child, 'close').then(([code]) => {
    checkLog(ran.out + ran.err)
    return [code] as [number | null]
  })
  // Whoever ends it hears of it.
  closed.catch(() => {})
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(`the service ended: ${ran.err}`)
    return /^ready on (http:\/\/\S+)$/m.exec(ran.out)?.[1]
  }, 'the ready line')
  return {
    url,
    ran,
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
    reload(changed) {
      writeFileSync(join(folder, 'breakerbot.yaml'), changed)
      child.kill('SIGHUP')
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async terminate() {
      const begun = Date.now()
      child.kill('SIGTERM')
      const [code] = await closed
      return { code, took: Date.now() - begun }
    },
  }
}
