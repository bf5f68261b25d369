import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** How long an event loop was held up, where there is one, and how long the process had a processor, ms. */
export interface Usage {
  p99?: number
  max?: number
  processor: number
}

/** A process under measurement. */
export interface Subject {
  url: string
  pid: number
  /** What it takes, where it is no push of ours. */
  takes?: { path: string; body(): string }
  /** Resolves when everything that it has taken is done; without it, it is done when it is answered. */
  drain?(): Promise<void>
  /** Since it was asked last. */
  usage(): Promise<Usage>
  stop(): Promise<void>
}

/** Lines of a log that tell of no fault. */
const ORDINARY = /^\{"level":[1-4]0,/
const WATCH = join(import.meta.dirname, 'watch-loop.ts')

/** Starts a script and waits for its line `ready on URL`. */
export async function startScript(args: string[], cwd = process.cwd(), env = {}): Promise<Subject> {
  const child = spawn(process.execPath, ['--import', WATCH, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  createInterface(child.stderr!).on('line', (line) => {
    if (!ORDINARY.test(line)) process.stderr.write(`${line}\n`)
  })
  const url = await new Promise<string>((resolve, reject) => {
    let out = ''
    child.stdout!.on('data', (chunk) => {
      out += chunk
      const ready = /ready on (\S+)/.exec(out)?.[1]
      if (ready) resolve(ready)
    })
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)))
  })
  return {
    url,
    pid: child.pid!,
    async usage() {
      child.send('usage')
      const [usage] = await once(child, 'message')
      return usage as Usage
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
