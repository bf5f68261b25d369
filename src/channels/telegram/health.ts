import type { ChannelHealth, Log } from '../channel.ts'

export interface Health {
  get(): ChannelHealth
  /** Changes are logged. Nothing follows on `stopped`. */
  set(state: ChannelHealth['state'], detail?: string): void
}

export function createHealth(now: () => number, log: Log): Health {
  let current: ChannelHealth = { state: 'starting', since: now() }
  return {
    get: () => current,
    set(state, detail) {
      if (current.state === 'stopped' || (current.state === state && current.detail === detail)) return
      const since = current.state === state ? current.since : now()
      current = { state, since, ...(detail !== undefined && { detail }) }
      const level = state === 'failed' ? 'error' : state === 'waiting' ? 'warn' : 'info'
      log[level]({ channel: 'telegram', ...current }, `telegram ${state}`)
    },
  }
}
