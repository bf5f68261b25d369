import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHealth, Log } from '../channel.ts'
import { orAfter } from './or-after.ts'
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
  now(): number
  log: Log
}

/** Keeps one connection open, for as long as it is wanted. */
export interface Supervisor {
  start(): void
  health(): ChannelHealth
  /** Final. Resolves when all connections have ended. */
  stop(): Promise<void>
}

export function createSupervisor({ open, timing, now, log }: SupervisorOptions): Supervisor {
  const stopping = new AbortController()
  const live = new Set<StreamConnection>()
  let health: ChannelHealth = { state: 'starting', since: now() }
  let running: Promise<void> = Promise.resolve()

  function become(state: ChannelHealth['state'], detail?: string): void {
    const since = state === health.state ? health.since : now()
    health = { state, since, ...(detail === undefined ? {} : { detail }) }
  }

  /** The SDK would open two connections for one that failed; here one loop is the only place that opens any. */
  async function run(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      const attempt = await tryOpen()
      if (stopping.signal.aborted) break
      if ('error' in attempt) {
        failures++
        await pause(noteFailure(attempt.error) ? slowPause() : jittered(failures))
        continue
      }
      const openedAt = performance.now()
      const end = await lifeOf(attempt.connection)
      if (performance.now() - openedAt >= timing.healthyAfter) failures = 0
      if (end === 'closed') failures++
      await pause(jittered(failures))
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
      become('ready')
      log.info({ channel: 'dingtalk' }, 'connected')
      return { connection }
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  async function lifeOf(connection: StreamConnection): Promise<'leaving' | 'closed'> {
    await connection.leaving
    const end = live.has(connection) ? 'leaving' : 'closed'
    if (end === 'leaving') void retire(connection)
    if (!stopping.signal.aborted)
      become('waiting', 'The connection to DingTalk ended; a new one is being made.')
    log.info({ channel: 'dingtalk', end }, 'connection ends')
    return end
  }

  /** The old connection may still bring what was on its way, and takes the ACKs of what it brought. */
  async function retire(connection: StreamConnection): Promise<void> {
    await orAfter(timing.lingerFor, connection.closed, undefined)
    await connection.close()
  }

  /** Tells whether only a person can mend it. */
  function noteFailure(error: Error): boolean {
    const rejected = error instanceof GatewayError && error.rejected
    become(rejected ? 'failed' : 'waiting', advice(error))
    log.warn({ channel: 'dingtalk', reason: error.message }, 'connecting failed')
    return rejected
  }

  /** Ends early when it is stopped. */
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {})
  const jittered = (failures: number) =>
    failures === 0
      ? 0
      : Math.random() * Math.min(timing.longestPause, timing.firstPause * 2 ** (failures - 1))
  const slowPause = () => timing.longestPause * (0.5 + Math.random() / 2)

  return {
    start() {
      running = run()
    },
    health: () => health,
    async stop() {
      stopping.abort()
      await Promise.all([...live].map((connection) => connection.close()))
      await running
      become('stopped')
    },
  }
}

function advice(error: Error): string {
  if (!(error instanceof GatewayError) || !error.rejected) {
    return `No connection to DingTalk (${error.message}); trying again.`
  }
  if (error.code === 'authFailed') {
    return 'DingTalk refuses the credentials: check clientId and clientSecret (open-dev.dingtalk.com, 凭证与基础信息).'
  }
  return (
    `DingTalk gives no connection (${error.message}): publish a version of the app, set its robot to Stream mode, ` +
    'and check its list of allowed IP addresses.'
  )
}
