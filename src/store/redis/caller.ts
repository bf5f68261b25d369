import { StoreError } from '../errors.ts'
import type { Connections } from './connection.ts'
import { explained } from './errors.ts'
import { type Reply, runScript, type ScriptName } from './scripts.ts'

/** By whose clock a script goes: the service's, or that of Redis, which all instances share. */
export type Clock = 'own' | 'shared'

/** The way to Redis: scripts and plain reads, until closed. */
export interface Caller {
  /** Answers the script's word; passes on what else it says. @throws StoreError */
  call(name: ScriptName, ask: object, clock?: Clock, bytes?: readonly Buffer[]): Promise<Reply['word']>
  /** @throws StoreError */
  read<T>(reading: (redis: Connections['main']) => Promise<T>): Promise<T>
  /** Refuses everything more; resolves when what is under way has ended. */
  close(): Promise<void>
  isClosed(): boolean
}

export interface CallerParts {
  url: string
  prefix: string
  connections: Connections
  now: (clock: Clock) => number | 'server'
  /** Told of each script's reply besides its word. */
  heard: (reply: Pick<Reply, 'next' | 'handing'>) => void
}

export function createCaller({ url, prefix, connections, now, heard }: CallerParts): Caller {
  const underWay = new Set<Promise<unknown>>()
  let closed = false

  async function track<T>(work: () => Promise<T>): Promise<T> {
    if (closed) throw new StoreError('closed', 'The store is closed.')
    const running = work()
    underWay.add(running)
    try {
      return await running
    } catch (error) {
      throw explained(url, error)
    } finally {
      underWay.delete(running)
    }
  }

  return {
    call: (name, ask, clock = 'own', bytes) =>
      track(async () => {
        const reply = await runScript(connections.main, name, prefix, now(clock), ask, bytes)
        heard(reply)
        return reply.word
      }),
    read: (reading) => track(() => reading(connections.main)),
    isClosed: () => closed,
    async close() {
      closed = true
      await Promise.allSettled(underWay)
    },
  }
}
