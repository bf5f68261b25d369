import type { Log } from '../domain/log.ts'
import { openSqliteStore } from './sqlite/open.ts'
import type { Store, StoreOptions } from './store.ts'

export interface OpenOptions extends StoreOptions {
  /** Who opens it: the same after a restart, and nobody else's meanwhile. */
  holder?: string
  log?: Pick<Log, 'info' | 'warn' | 'error'>
}

/**
 * Opens the store that the configuration names: `sqlite:FILE` or `redis://…`.
 * @throws StoreError with a plain sentence
 */
export async function openStore(url: string, options: OpenOptions = {}): Promise<Store> {
  if (/^rediss?:/.test(url)) {
    // Loaded only where it is used: it is most of what the service has to load.
    const { openRedisStore } = await import('./redis/open.ts')
    return openRedisStore(url, options)
  }
  return openSqliteStore(url.replace(/^sqlite:/, ''), options)
}
