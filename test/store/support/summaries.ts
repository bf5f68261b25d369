import type { Summary } from '../../../src/domain/summary.ts'
import type { Store } from '../../../src/store/store.ts'

/** What a store tells of breakers, one after the other. */
export async function summaries(store: Store, ...asked: Parameters<Store['summaries']>): Promise<Summary[]> {
  return (await store.summaries(...asked)).flatMap((all) => [...all])
}
