import type { Config } from '../config/schema.ts'
import type { Holder } from '../engine/hold.ts'
import type { Spool } from '../engine/intake.ts'
import type { Logger } from '../log.ts'
import { openStore } from '../store/open.ts'
import { fileOf } from '../store/place.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import { createIdentity } from './identity.ts'

/** The store, and the spool for pushes that come while it is away. */
export interface Stores {
  store: Store
  spool?: Spool
  /** Who we are in it. */
  holder: string
  close(): Promise<void>
}

/** @throws StoreError with a plain sentence, and with nothing left open */
export async function openStores(
  { store: url, spool: own, server, energy }: Config,
  log: Logger,
): Promise<Stores> {
  const { id: holder, release } = await createIdentity(`${server.host}:${server.port}`)
  const opened: Store[] = []
  const close = async () => {
    await Promise.all(opened.map((one) => one.close()))
    release()
  }
  try {
    const store = await openStore(url, { holder, log, keep: energy.keep })
    opened.push(store)
    if (!own) return { store, holder, close }
    const aside = await openSqliteStore(own.path, { log })
    opened.push(aside)
    return { store, spool: { store: aside, most: own.most }, holder, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A file is one process's alone. */
export const isAlone = (url: string): boolean => fileOf(url) !== undefined

/**
 * How this instance holds what only one may have. A file is one process's alone: whoever has it open is the holder,
 * however its predecessor ended, and need not write that down all the time.
 */
export function holdingFor({ store: url }: Config, { store, holder }: Stores, log: Logger): Holder {
  const common = { store, log: log.child({ part: 'engine' }), now: Date.now }
  if (!isAlone(url)) return { ...common, holder }
  return { ...common, holder: 'this file', timing: { lasts: 3_600_000, renewEvery: 600_000 } }
}
