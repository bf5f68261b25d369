import { randomBytes } from 'node:crypto'
import type { Store } from '../store/store.ts'

const KEY = 'secret/buttons'

/** The secret that buttons are sealed with: made at the first start, the same for all instances and ever after. */
export async function buttonSecret(store: Pick<Store, 'get' | 'commit'>): Promise<Uint8Array> {
  const kept = await store.get<string>(KEY)
  if (kept) return Buffer.from(kept.value, 'base64url')
  const secret = randomBytes(32)
  const write = { key: KEY, value: secret.toString('base64url'), version: 0 }
  // Another instance may have been first.
  return (await store.commit({ writes: [write] })) === 'ok' ? secret : buttonSecret(store)
}
