import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const PUSH_TOKEN = 'push-token-of-the-bench'
export const FIRST_BREAKER = 100_000

/** A process under measurement. */
export interface Subject {
  url: string
  pid: number
  stop(): Promise<void>
}

/** Starts a script and waits for its line `ready on URL`. */
export async function startScript(args: string[], cwd: string): Promise<Subject> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
      const ready = /ready on (\S+)/.exec(out)?.[1]
      if (ready) resolve(ready)
    })
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)))
  })
  return {
    url,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** The real service on a fresh store on disk, with so many breakers and one Telegram room. */
export async function startService(telegramUrl: string, breakers: number): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-bench-'))
  const list = Array.from({ length: breakers }, (_, index) => {
    const id = FIRST_BREAKER + index
    return `  - { id: ${id}, name: 机${id}, site: 池塘, room: bench, ratedCurrent: 60 }`
  })
  const config = `
server: { host: 127.0.0.1, port: 0 }
store: sqlite:${folder}/bench.db
thingboot: { appId: bench, appSecret: bench-secret, baseUrl: "http://127.0.0.1:9", pushToken: ${PUSH_TOKEN}, reconcileEvery: 0s, silentAfter: 0 }
channels: { telegram: { token: "1:bench-token", apiRoot: "${telegramUrl}" } }
rooms: [{ name: bench, telegram: -100 }]
people: [{ name: 甲, role: admin, telegram: 1 }]
breakers:
${list.join('\n')}
`
  writeFileSync(join(folder, 'breakerbot.yaml'), config)
  const subject = await startScript([join(import.meta.dirname, '../src/main.ts'), 'start'], folder)
  return {
    ...subject,
    async stop() {
      await subject.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
