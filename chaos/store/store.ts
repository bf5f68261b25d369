import type { BreakerState } from '../../src/domain/breaker.ts'
import type { Store } from '../../src/store/store.ts'
import type { MishapKind } from '../ledger.ts'
import { startRedisUnderTest } from './redis.ts'
import { sqliteUnderTest } from './sqlite.ts'

/** What a run of chaos needs of the store that the service uses. */
export interface StoreUnderTest {
  /** For the configuration. */
  url: string
  /** Calls once, when a decision is next seen to be committed; answers with what ends the watching. */
  onNextCommit(tell: () => void): () => void
  /** How the service believes the breakers to stand, read beside it while it runs. */
  breakers(): Promise<BreakerState[]>
  /** Opens it as the service does, once no service runs. */
  open(): Promise<Store>
  /** Only of a store that is a server of its own: something befalls it; resolves when it is over. */
  befall?(kind: MishapKind): Promise<void>
  /** Ends it for good. What it has kept goes with the run's folder. */
  close(): Promise<void>
}

export const STORES = ['sqlite', 'redis'] as const
export type StoreKind = (typeof STORES)[number]

/** @param folder where it keeps its data */
export async function startStore(kind: StoreKind, folder: string): Promise<StoreUnderTest> {
  return kind === 'redis' ? startRedisUnderTest(folder) : sqliteUnderTest(folder)
}
