import type { ChannelHealth, Log } from '../channel.ts'

/** How a channel stands, for the health check and the log. */
export interface Health {
  get(): ChannelHealth
  /**
   * Every change is logged once; a further try at the same trouble is only worth a debug line. Nothing follows on
   * `stopped`.
   * @param detail sentences: what is wrong and what to do
   * @param pause ms until the next try; where there is trouble but no pause, it is routine
   */
  set(state: ChannelHealth['state'], detail?: string, pause?: number): void
}

export function createHealth(now: () => number, log: Log): Health {
  let current: ChannelHealth = { state: 'starting', since: now(), connects: 0 }
  let trouble: string | undefined
  let connects = 0
  return {
    get: () => current,
    set(state, detail, pause) {
      const isSame = current.state === state && trouble === detail
      if (current.state === 'stopped' || (isSame && pause === undefined)) return
      const told = detail && pause !== undefined ? `${detail} Next try ${whenAfter(pause)}.` : detail
      const isNew = current.state !== state
      if (isNew && state === 'ready') connects++
      const since = isNew ? now() : current.since
      current = { state, since, connects, ...(told !== undefined && { detail: told }) }
      trouble = detail
      const { since: _, ...fields } = current
      log[isSame ? 'debug' : levelOf(state, pause)](fields, `connection ${state}`)
    },
  }
}

function levelOf(state: ChannelHealth['state'], pause: number | undefined): 'info' | 'warn' | 'error' {
  if (state === 'failed') return 'error'
  return state === 'waiting' && pause !== undefined ? 'warn' : 'info'
}

function whenAfter(pause: number): string {
  return pause < 90_000 ? `in ${Math.ceil(pause / 1_000)} s` : `in ${Math.ceil(pause / 60_000)} min`
}
