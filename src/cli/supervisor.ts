import { execFile } from 'node:child_process'
import type { Logger } from '../log.ts'

/** systemd, where it has started us and wants to be told (sd_notify(3)). */
export interface Supervisor {
  /** Assignments such as `READY=1`. They arrive in the order in which they are told. Never rejects. */
  tell(...assignments: string[]): Promise<void>
  /** Within so long it wants a `WATCHDOG=1`, ms; absent where it does not. */
  watchdog?: number
}

/**
 * Node has no datagram sockets of the system's own kind, so each word goes by the program that systemd has for it;
 * the unit must say `NotifyAccess=all`.
 */
export function createSupervisor(env: NodeJS.ProcessEnv, log: Logger): Supervisor {
  if (!env.NOTIFY_SOCKET) return { tell: async () => {} }
  let told: Promise<void> = Promise.resolve()
  let hasFailed = false

  const send = (assignments: string[]) =>
    new Promise<void>((resolve) => {
      execFile('systemd-notify', assignments, { env, timeout: 5000 }, (error) => {
        if (error && !hasFailed)
          log.warn({ error: error.message }, 'systemd could not be told how the service stands')
        hasFailed = error !== null
        resolve()
      })
    })

  const isForUs = env.WATCHDOG_PID === undefined || env.WATCHDOG_PID === `${process.pid}`
  const watchdog = isForUs ? Number(env.WATCHDOG_USEC) / 1000 : Number.NaN
  return {
    tell: (...assignments) => (told = told.then(() => send(assignments))),
    ...(watchdog > 0 && { watchdog }),
  }
}
