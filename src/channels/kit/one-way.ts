import type { Log } from '../../domain/log.ts'
import { rememberNewest } from '../../domain/newest.ts'
import type { Handed, Notice, Way, WayName } from '../way.ts'
import { createCuts } from './cuts.ts'
import { excerpt } from './text.ts'
import { orAfter } from './waiting.ts'

/** What a means of its own has to bring. */
export interface OneWayOptions {
  name: WayName
  /**
   * @param signal the time is over, or the way stops: what is under way must end soon, and say what may have become
   *   of it
   */
  send(to: string, notice: Notice, key: string, signal: AbortSignal): Promise<Handed>
  /** Ends what is kept open. */
  close?(): void
  /** What no `why` may tell. */
  secrets?: readonly string[]
  /** ms for one notice as a whole, however slowly its answer drips. */
  within: number
  log: Log
}

/** How many delivered notices are remembered: none of them goes out again from this instance. */
const REMEMBERED = 1_000
/** How long what is under way may take to end when the way stops, ms. */
const STOP_WITHIN = 2_000

/**
 * A way that keeps what the port promises of all of them: it never rejects, tells no secret, carries the same key to
 * the same recipient once (what was delivered is not sent again, what is under way is waited for), and stops.
 */
export function createOneWay({ name, send, close, secrets = [], within, log }: OneWayOptions): Way {
  let isEnding = false
  const cuts = createCuts()
  const delivered = new Map<string, Handed>()
  const underWay = new Map<string, Promise<Handed>>()
  let stopped: Promise<void> | undefined

  async function attempt(to: string, notice: Notice, key: string): Promise<Handed> {
    const cut = cuts.begin(within)
    try {
      const handed = await send(to, notice, key, cut.signal)
      return handed.outcome === 'delivered' ? handed : { ...handed, why: excerpt(handed.why, ...secrets) }
    } catch (error) {
      const why = excerpt(String(error), ...secrets)
      log.error({ why }, 'a way failed in a manner that nobody thought of')
      return { outcome: 'unknown', why }
    } finally {
      cut.done()
    }
  }

  async function once(id: string, to: string, notice: Notice, key: string): Promise<Handed> {
    const handed = await attempt(to, notice, key)
    underWay.delete(id)
    if (handed.outcome === 'delivered') rememberNewest(delivered, id, handed, REMEMBERED)
    return handed
  }

  async function shut(): Promise<void> {
    isEnding = true
    cuts.abort()
    await orAfter(STOP_WITHIN, Promise.all(underWay.values()), undefined)
    close?.()
  }

  return {
    name,
    async send(to, notice, key) {
      if (isEnding) return { outcome: 'later', why: 'the service is stopping' }
      const id = `${key} ${to}`
      const known = delivered.get(id) ?? underWay.get(id)
      if (known) return known
      const running = once(id, to, notice, key)
      underWay.set(id, running)
      return running
    },
    stop: () => (stopped ??= shut()),
  }
}
