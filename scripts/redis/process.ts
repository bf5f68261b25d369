import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianProgram } from '../debian.ts'
import { freePort } from '../free-port.ts'

/** A real `redis-server` of one's own on loopback, with its data in a folder that outlives its restarts. */
export interface RedisProcess {
  url: string
  port: number
  folder: string
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port and data, after {@link kill}. */
  start(): Promise<void>
  /** Freezes it (SIGSTOP), as a hung machine would, and lets it go on. */
  freeze(): void
  thaw(): void
  /** Ends it for good and takes the folder away. */
  remove(): Promise<void>
}

/** @param more further settings, e.g. `['--maxmemory', '20mb']`; AOF is on and nothing is evicted unless they say otherwise */
export async function startRedis(more: string[] = []): Promise<RedisProcess> {
  const program = debianProgram('redis-server')
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined

  const settings = [
    ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
    ...more,
  ]

  async function start(): Promise<void> {
    const started = spawn(program, settings, { stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    let said = ''
    await new Promise<void>((resolve, reject) => {
      started.stdout.on('data', (chunk) => {
        said += chunk
        if (said.includes('Ready to accept connections')) resolve()
      })
      started.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)))
    })
  }

  async function kill(): Promise<void> {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    running.kill('SIGKILL')
    await once(running, 'exit')
  }

  // Whoever breaks the run off leaves nothing behind.
  const end = () => void child?.kill('SIGKILL')
  process.once('exit', end)
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async remove() {
      await kill()
      process.off('exit', end)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
