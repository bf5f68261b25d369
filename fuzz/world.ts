import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createService, type Service } from '../chaos/service.ts'
import type { Sample } from '../soak/probe.ts'
import { takeSample } from '../soak/sampling.ts'
import { closedPort } from '../test/support/closed-port.ts'
import { type StandIns, startStandIns } from './stand-ins.ts'

export const PUSH_TOKEN = 'push-token-of-the-fuzzing'
export const API_TOKEN = 'api-token-of-the-fuzzing-0123456789abcdef'
export const TELEGRAM_TOKEN = '1:token-of-the-fuzzing'

/** The real program as a child, between stand-ins of all far ends. */
export interface FuzzedWorld {
  url: string
  ends: StandIns
  /** What the program holds, at rest. */
  sample(): Promise<Sample>
  /** Resolves when nothing waits to be decided upon. */
  drained(): Promise<void>
  /** Jobs that were given up. */
  dead(): Promise<number>
  /** Lines of the log that speak of a fault of the program's own. */
  faults(): string[]
  /** @returns the exit code */
  close(): Promise<number | null>
}

export async function startWorld(): Promise<FuzzedWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-fuzz-'))
  const ends = await startStandIns()
  const port = await closedPort()
  const child = join(import.meta.dirname, '../soak/child.ts')
  const env = { SOAK_ENDING: join(folder, 'ending.json') }
  const program = { file: child, flags: ['--expose-gc'], ipc: true, env }
  const service = createService(folder, 'service', configText(ends.url, port), port, program)
  await service.start().ready
  const metrics = async () => (await fetch(`${service.url}/metrics`)).text()
  return {
    url: service.url,
    ends,
    sample: () => takeSample(service.child!),
    drained: () => drained(service),
    dead: async () => sum(await metrics(), /breakerbot_jobs\{queue="[^"]+",state="dead"\} (\d+)/g),
    faults: () => faultsIn(readFileSync(join(folder, 'service.log'), 'utf8')),
    async close() {
      const code = await service.stop().finally(() => ends.close())
      rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
}

function configText(far: string, port: number): string {
  return `
server: { host: 127.0.0.1, port: ${port}, publicUrl: "http://127.0.0.1:${port}" }
store: sqlite:./fuzz.db
energy: { tripPictures: false }
thingboot: { appId: demoapp, appSecret: secret-of-the-fuzzing, baseUrl: "${far}", pushToken: ${PUSH_TOKEN}, reconcileEvery: 0s }
channels:
  telegram: { token: "${TELEGRAM_TOKEN}", apiRoot: "${far}", perMinute: 60000, mode: webhook, webhookUrl: "https://bots.example" }
  dingtalk: { clientId: dingapp, clientSecret: secret-of-dingtalk, apiBase: "${far}", oapiBase: "${far}", perMinute: 60000 }
  wecom: { botId: aib1, secret: secret-of-wecom, wsUrl: "${far.replace('http', 'ws')}/wecom", perMinute: 60000 }
api: { tokens: [{ name: fuzz, role: admin, token: ${API_TOKEN}, mayClose: true }] }
rooms: [{ name: 夜班, telegram: -1001234567890, dingtalk: cidXXXX==, wecom: wrXXXX }]
people: [{ name: 甲, role: admin, telegram: 101, dingtalk: manager123, wecom: dianGongJia }]
breakers:
  - { id: 820720, name: 3号增氧机, site: 一号鱼塘, room: 夜班, ratedCurrent: 60, groups: [增氧] }
  - { id: 820721, name: 投饵机, site: 一号鱼塘, room: 夜班, model: generic-2, circuits: { power1: 左, power2: 右 } }
`
}

const sum = (text: string, pattern: RegExp): number =>
  [...text.matchAll(pattern)].reduce((all, [, count]) => all + Number(count), 0)

interface Standing {
  jobs: Record<string, { oldestDue: number }>
}

/** Long enough for what a run leaves behind, ms. */
const DRAIN_WITHIN = 120_000

async function drained(service: Service): Promise<void> {
  const end = Date.now() + DRAIN_WITHIN
  for (;;) {
    const { jobs } = (await (await fetch(`${service.url}/readyz`)).json()) as Standing
    // Others wait for their time to come.
    const late = Object.entries(jobs).filter(([, { oldestDue }]) => oldestDue > 0)
    if (late.length === 0) return
    if (Date.now() > end) throw new Error(`what is due is not done: ${JSON.stringify(late)}`)
    await delay(200)
  }
}

const ERROR = 50
/** Said of an input that telegraf cannot read: to insist on it would block all that follow. */
const EXPECTED = /"msg":"passed over an update"/

function faultsIn(log: string): string[] {
  return log.split('\n').filter((line) => {
    const level = /^\{"level":(\d+)/.exec(line)?.[1]
    // What is no line of the log was printed past it.
    const isFault = level === undefined || Number(level) >= ERROR
    return line !== '' && isFault && !EXPECTED.test(line)
  })
}
