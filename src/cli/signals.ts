import type { Logger } from '../log.ts'

/** After this the process ends, finished or not: what was begun is on disk. ms. */
const GRACE = 9000

/**
 * Resolves at SIGTERM or SIGINT. From then on the process ends within 10 s even if something hangs; a second signal
 * ends it at once. What nobody caught is logged and ends it too: the supervisor starts it afresh from the disk.
 */
export function untilToldToStop(log: Logger): Promise<void> {
  const fatal = (error: unknown) => {
    log.fatal(
      { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      'a fault nobody caught; ending',
    )
    process.exit(2)
  }
  process.on('uncaughtException', fatal)
  process.on('unhandledRejection', fatal)
  return new Promise((resolve) => {
    let told = false
    const tell = (signal: NodeJS.Signals) => {
      if (told) process.exit(0)
      told = true
      log.info({ signal }, 'stopping')
      setTimeout(() => process.exit(0), GRACE).unref()
      resolve()
    }
    process.on('SIGTERM', tell)
    process.on('SIGINT', tell)
  })
}

/** Calls back at each SIGHUP, one after the other; answers with what ends it. `reload` must not reject. */
export function onReload(reload: () => Promise<void>): () => void {
  let last = Promise.resolve()
  const again = () => {
    last = last.then(reload)
  }
  process.on('SIGHUP', again)
  return () => void process.off('SIGHUP', again)
}
