import type { Log } from '../channel.ts'
import type { Health } from '../kit/health.ts'
import { readNetworkError } from '../kit/network.ts'
import { orAfter, pause } from '../kit/waiting.ts'
import { GatewayError, type StreamConnection } from './stream-client.ts'

/** All in ms. */
export interface SupervisorTiming {
  /** Longest first pause after a failure; it doubles with each further one. */
  firstPause: number
  longestPause: number
  /** A connection that lived so long was a good one: the pauses begin anew. */
  healthyAfter: number
  /** How long a connection that the server is ending may live on beside the new one. */
  lingerFor: number
}

export interface SupervisorOptions {
  /** Makes one fresh connection. */
  open(signal: AbortSignal): Promise<StreamConnection>
  timing: SupervisorTiming
  health: Health
  log: Log
}

/** Keeps one connection open, for as long as it is wanted. */
export interface Supervisor {
  start(): void
  /** Final. Resolves when all connections have ended. */
  stop(): Promise<void>
}

export function createSupervisor({ open, timing, health, log }: SupervisorOptions): Supervisor {
  const stopping = new AbortController()
  const live = new Set<StreamConnection>()
  let running: Promise<void> = Promise.resolve()

  /** The SDK would open two connections for one that failed; here one loop is the only place that opens any. */
  async function run(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      const attempt = await tryOpen()
      if (stopping.signal.aborted) break
      if ('error' in attempt) {
        await afterFailure(attempt.error, ++failures)
        continue
      }
      const openedAt = performance.now()
      const end = await lifeOf(attempt.connection)
      if (performance.now() - openedAt >= timing.healthyAfter) failures = 0
      if (end === 'closed') failures++
      await afterEnd(end, jittered(failures))
      // An announced end is followed by a new connection at once, unless such ends come thick and fast.
      if (end === 'leaving') failures++
    }
  }

  async function tryOpen(): Promise<{ connection: StreamConnection } | { error: Error }> {
    try {
      const connection = await open(stopping.signal)
      live.add(connection)
      void connection.closed.then(() => live.delete(connection))
      if (stopping.signal.aborted) await connection.close()
      else health.set('ready')
      return { connection }
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  async function lifeOf(connection: StreamConnection): Promise<'leaving' | 'closed'> {
    await connection.leaving
    const end = live.has(connection) ? 'leaving' : 'closed'
    if (end === 'leaving') void retire(connection)
    log.debug({ end }, 'a connection ends')
    return end
  }

  /** The old connection may still bring what was on its way, and takes the ACKs of what it brought. */
  async function retire(connection: StreamConnection): Promise<void> {
    await orAfter(timing.lingerFor, connection.closed, undefined)
    await connection.close()
  }

  /** What only a person can mend is tried again slowly. */
  async function afterFailure(error: Error, failures: number): Promise<void> {
    const rejected = error instanceof GatewayError && error.rejected
    const wait = rejected ? slowPause() : jittered(failures)
    health.set(rejected ? 'failed' : 'waiting', advice(error), wait)
    await pause(wait, stopping.signal)
  }

  async function afterEnd(end: 'leaving' | 'closed', wait: number): Promise<void> {
    if (stopping.signal.aborted) return
    const isRoutine = end === 'leaving' && wait === 0
    health.set('waiting', 'The connection to DingTalk ended.', isRoutine ? undefined : wait)
    await pause(wait, stopping.signal)
  }

  const jittered = (failures: number) =>
    failures === 0
      ? 0
      : Math.random() * Math.min(timing.longestPause, timing.firstPause * 2 ** (failures - 1))
  const slowPause = () => timing.longestPause * (0.5 + Math.random() / 2)

  return {
    start() {
      running = run()
    },
    async stop() {
      stopping.abort()
      await Promise.all([...live].map((connection) => connection.close()))
      await running
      health.set('stopped')
    },
  }
}

function advice(error: Error): string {
  if (!(error instanceof GatewayError) || !error.rejected) {
    const why = error instanceof GatewayError ? error.message : readNetworkError(error).text
    return `No connection to DingTalk (${why}): check the network and channels.dingtalk.apiBase.`
  }
  if (error.code === 'authFailed') {
    return 'DingTalk refuses the credentials: check channels.dingtalk.clientId and channels.dingtalk.clientSecret (open-dev.dingtalk.com, 凭证与基础信息).'
  }
  return (
    `DingTalk gives no connection (${error.message}): publish a version of the app, set its robot to Stream mode, ` +
    'and check its list of allowed IP addresses.'
  )
}
