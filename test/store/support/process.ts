import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from './world.ts'

/** A child process that has the store open. */
export interface Child {
  /** What it has acknowledged so far. */
  lines(): string[]
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts `child.ts` and waits until it has the store open. */
export async function startChild(task: 'enqueue' | 'work' | 'begin', file: string): Promise<Child> {
  const script = fileURLToPath(new URL('child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, task, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  // What follows the last line break may be half a line.
  const said = () => output.split('\n').slice(0, -1)
  await until(() => said().includes('open'))
  return {
    lines: () => said().slice(1),
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
