import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Snapshot } from '../../src/demo/snapshot.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export type DemoProcess = Awaited<ReturnType<typeof startDemoProcess>>

/** Runs `breakerbot demo --port 0`; resolves when it has printed its address. `tmp` is where it keeps what it stores. */
export async function startDemoProcess(tmp: string, args: string[] = ['--port', '0']) {
  const child = spawn(process.execPath, [MAIN, 'demo', ...args], { env: { ...process.env, TMPDIR: tmp } })
  const output = { out: '', err: '' }
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text
  })
  const ended = once(child, 'close').then(() => child.exitCode)
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.out += text
      const found = /http:\/\/[\d.]+:\d+/.exec(output.out)
      if (found) resolve(found[0])
    })
    void ended.then((code) => reject(new Error(`the demo ended with ${code}: ${output.err}`)))
  })

  return {
    address,
    output,
    async state(as = 'jia'): Promise<Snapshot> {
      const response = await fetch(`${address}/api/state?as=${as}`)
      return (await response.json()) as Snapshot
    },
    post: (what: 'deed' | 'press' | 'line', body: object) =>
      fetch(`${address}/api/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    /** Resolves with the exit code. */
    end(signal: NodeJS.Signals = 'SIGINT') {
      child.kill(signal)
      return ended
    },
  }
}
