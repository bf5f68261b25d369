import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { createApp } from './app.ts'
import type { Config } from './config/schema.ts'
import { demoConfig } from './demo/config.ts'
import { type Credentials, newCredentials } from './demo/credentials.ts'
import { type Past, pastBefore, rememberPast } from './demo/past.ts'
import { createPlayground } from './demo/playground.ts'
import {
  followDay,
  pushTo,
  type Sims,
  startDingTalk,
  startTelegram,
  startThingboot,
  startWeCom,
} from './demo/sims.ts'
import { createStage } from './demo/stage.ts'
import { createTrace } from './demo/trace.ts'
import type { Logger } from './log.ts'

export interface Demo {
  /** Where the playground page is. */
  address: string
  /** Stops all parts and removes what was stored. */
  close(): Promise<void>
}

export interface DemoOptions {
  /** TCP ports for the page, tried in turn; 0 is any free one. */
  ports: number[]
  logFor(config: Config): Logger
}

/** How long all chats may take to get ready, ms. */
const READY_WITHIN = 20_000

/** Ways to end what has been started, the last first. */
type Closers = (() => Promise<unknown>)[]

/**
 * The real service on a fresh store, with simulators of the cloud and the three chat platforms, and a page to play
 * with them; all on loopback. Resolves when the chats are ready.
 * @throws with nothing left running, when a part does not start
 */
export async function startDemo({ ports, logFor }: DemoOptions): Promise<Demo> {
  const closers: Closers = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const folder = await makeFolder(closers)
    const credentials = newCredentials()
    const started = Date.now()
    const past = pastBefore(started)
    const sims = await startSims(credentials, past, closers)
    const unfollow = followDay(sims.thingboot, started)
    closers.push(async () => unfollow())
    const port = await freePort()
    const config = demoConfig(sims, credentials, folder, port)
    await rememberPast(config.store, past)
    const trace = createTrace()
    const app = await createApp(config, logFor(config), {}, trace.seen)
    closers.push(() => app.stop())
    const service = await app.start()
    await pushTo(service, sims.thingboot, credentials)
    await chatsReady(service)
    const speak = (locale: Config['locale']) => {
      app.adopt(demoConfig(sims, credentials, folder, port, locale))
    }
    const playground = createPlayground(createStage(sims, trace, speak))
    closers.push(() => playground.close())
    return { address: await listen(playground, ports), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Links to the console need the address before the service listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function makeFolder(closers: Closers): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'breakerbot-demo-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  // Also where the process is made to end before all has stopped.
  process.once('exit', remove)
  closers.push(async () => {
    remove()
    process.off('exit', remove)
  })
  return folder
}

async function startSims(credentials: Credentials, past: Past, closers: Closers): Promise<Sims> {
  const started = <T extends { close(): Promise<void> }>(sim: T): T => {
    closers.push(() => sim.close())
    return sim
  }
  return {
    thingboot: started(await startThingboot(credentials, past.counters)),
    telegram: started(await startTelegram(credentials)),
    dingtalk: started(await startDingTalk(credentials)),
    wecom: started(await startWeCom(credentials)),
  }
}

const readiness = z.object({ channels: z.record(z.string(), z.object({ state: z.string() })) })

async function chatsReady(service: string): Promise<void> {
  const end = performance.now() + READY_WITHIN
  for (;;) {
    const answer = await fetch(`${service}/readyz`)
    const { channels } = readiness.parse(await answer.json())
    const waiting = Object.entries(channels).filter(([, { state }]) => state !== 'ready')
    if (waiting.length === 0) return
    if (performance.now() > end) {
      const states = waiting.map(([name, { state }]) => `${name} is ${state}`)
      throw new Error(`the demo's chats did not get ready: ${states.join(', ')}`)
    }
    await delay(50)
  }
}

async function listen(
  playground: ReturnType<typeof createPlayground>,
  [port = 0, ...others]: number[],
): Promise<string> {
  try {
    return await playground.listen({ host: '127.0.0.1', port })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    if (others.length === 0) throw new Error(`port ${port} is taken; choose another with --port N`)
    return listen(playground, others)
  }
}
