import type { ChannelHealth } from '../channel.ts'
import type { Health } from '../kit/health.ts'
import { pause } from '../kit/waiting.ts'
import type { Reply } from './errors.ts'
import { isRefusal, type Retries } from './retries.ts'
import type { End, Session } from './session.ts'

export interface SupervisorOptions {
  /** Opens one fresh session; `onReady` is called when it is subscribed. */
  open(onReady: () => void): Session
  retries: Retries
  /** A ready session that has been silent for so long, ms, counts as not ready: a ping must have gone unanswered. */
  silentAfter: number
  health: Health
  now(): number
}

/** Keeps one session open, for as long as it is wanted. */
export interface Supervisor {
  start(): void
  health(): ChannelHealth
  /** On the session that there is; `unsent` if there is none. */
  request(cmd: string, body: object): Promise<Reply>
  /** Final. Resolves when the last session has ended. */
  stop(): Promise<void>
}

export function createSupervisor({ open, retries, silentAfter, health, now }: SupervisorOptions): Supervisor {
  const stopping = new AbortController()
  let session: Session | undefined
  let running: Promise<void> = Promise.resolve()

  /** The only place that opens sessions, and never one before the last has ended. */
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let readyAt: number | undefined
      session = open(() => {
        readyAt = performance.now()
        health.set('ready')
      })
      const end = await session.ended
      session = undefined
      if (stopping.signal.aborted) return
      const wait = retries.pauseAfter(end, readyAt === undefined ? undefined : performance.now() - readyAt)
      health.set(stateAfter(end), adviceFor(end), wait)
      await pause(wait, stopping.signal)
    }
  }

  return {
    start() {
      running = run()
    },
    health() {
      const quiet = session?.quietFor() ?? 0
      const told = health.get()
      if (told.state !== 'ready' || quiet < silentAfter) return told
      const detail = `WeCom has answered nothing for ${Math.round(quiet / 1_000)} s; the connection is given up soon.`
      return { state: 'waiting', since: now() - Math.round(quiet - silentAfter), detail }
    },
    request: async (cmd, body) => (session ? session.request(cmd, body) : { kind: 'unsent' }),
    async stop() {
      stopping.abort()
      session?.end('the channel stops')
      await running
      health.set('stopped')
    },
  }
}

const stateAfter = (end: End) => (end.kind === 'kicked' || isRefusal(end) ? 'failed' : 'waiting')

function adviceFor(end: End): string {
  if (end.kind === 'kicked') {
    return (
      'Another instance uses this bot and has taken over its connection: stop that one, or give each a bot of its own ' +
      '(WeCom allows one connection per bot).'
    )
  }
  if (isRefusal(end)) {
    return (
      'WeCom refuses the bot: check channels.wecom.botId and channels.wecom.secret with its page in the console ' +
      '(智能机器人, API 模式, 长连接); the number in the address of that page is not the bot id.'
    )
  }
  return `No connection to WeCom (${end.why}): check the network and channels.wecom.wsUrl.`
}
