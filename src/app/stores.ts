import type { Config } from '../config/schema.ts'
import type { Spool } from '../engine/intake.ts'
import type { Logger } from '../log.ts'
import { openStore } from '../store/open.ts'
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
