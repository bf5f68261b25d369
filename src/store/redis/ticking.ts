import type { Log } from '../../domain/log.ts'
import type { Caller } from './caller.ts'
import type { Connections } from './connection.ts'
import type { Courier } from './courier.ts'
import type { Runner } from './runner.ts'
import { listOf, type Reply } from './scripts.ts'

/** How often an instance gives a sign of life and looks what time has brought, ms; with a clock that tests move. */
const EVERY = 1000
const EVERY_MOVED = 20
/** A pause after a tick that left something to be done, ms: what runs meanwhile needs Redis too. */
const BREATH = 5
/** An instance that gave no sign of life for so long is gone, ms. */
const GONE = 6000
/** What lies in the outbox for so long was forgotten, ms: whoever put it there hands it over at once. */
const FORGOTTEN = 1000
/** How often it is checked that nothing that was handed to BullMQ got lost, ms. */
const REPAIR = 5000

interface Parts {
  caller: Caller
  courier: Courier
  connections: Connections
  instance: string
  /** The name that it came back under, where it has one. */
  heir: string | undefined
  runner: Runner
  now: () => number
  tidy: (at: number) => void
  isMoved: boolean
  log: Pick<Log, 'warn'> | undefined
}

/** The pulse of an instance. */
export interface Ticking {
  start(): void
  /** A script was answered: something may be for the courier, and something may fall due sooner. */
  heard(reply: Pick<Reply, 'next' | 'handing'>): void
  giveBack(lane: string): void
  stop(): Promise<void>
}

export function createTicking(parts: Parts): Ticking {
  const { caller, courier, connections, instance, runner, now, log } = parts
  const every = parts.isMoved ? EVERY_MOVED : EVERY
  let again: string[] = []
  let { heir } = parts
  let regular: NodeJS.Timeout | undefined
  let next: NodeJS.Timeout | undefined
  /** When {@link next} rings, so that nothing later takes its place. */
  let nextAt = Number.POSITIVE_INFINITY
  let running: Promise<void> | undefined
  let repaired = performance.now()

  async function tick(): Promise<void> {
    const since = connections.since()
    if (since === undefined) return
    const lanes = again
    again = []
    // Whoever has just come back cannot know who else has: the others are given time for their sign.
    const mayJudge = performance.now() - since > GONE
    const ask = {
      instance,
      left: FORGOTTEN,
      again: lanes,
      ...(heir && { heir }),
      ...(mayJudge && { reap: GONE }),
    }
    const word = await caller.call('tick', { ...ask, repair: await lostQueues() }).catch((error) => {
      again.push(...lanes)
      throw error
    })
    heir = undefined
    for (const gone of listOf(word.reaped))
      log?.warn({ instance: gone }, 'an instance is gone; its jobs are run again')
  }

  /** Queues with ready jobs of which BullMQ knows nothing. */
  async function lostQueues(): Promise<string[]> {
    if (performance.now() - repaired < REPAIR) return []
    repaired = performance.now()
    return courier.idle(runner.queues())
  }

  function ring(): void {
    nextAt = Number.POSITIVE_INFINITY
    runner.look()
    parts.tidy(now())
    running ??= tick()
      // Redis is away: that is told by its connection.
      .catch(() => {})
      .finally(() => {
        running = undefined
      })
  }

  return {
    start() {
      regular = setInterval(ring, every)
      ring()
    },
    heard({ next: at, handing }) {
      courier.bring(handing)
      if (at < 0 || at >= nextAt || regular === undefined) return
      const wait = Math.max(BREATH, at - now())
      if (wait >= every) return
      clearTimeout(next)
      nextAt = at
      next = setTimeout(ring, wait)
    },
    giveBack(lane) {
      again.push(lane)
    },
    async stop() {
      clearInterval(regular)
      clearTimeout(next)
      regular = undefined
      await running
      if (again.length > 0) await tick().catch(() => {})
    },
  }
}
