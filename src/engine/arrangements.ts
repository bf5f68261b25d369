import type { Policy } from '../domain/policy.ts'
import type { Window } from '../domain/window.ts'
import type { Store, Versioned, Write } from '../store/store.ts'
import type { Parts } from './parts.ts'

/** What was set in chats for a time: one document, the same for all instances, read anew for each decision. */
export interface Arrangements {
  windows: Window[]
}

const KEY = 'arrangements/all'
const NONE: Arrangements = { windows: [] }

export async function readArrangements(store: Pick<Store, 'get'>): Promise<Versioned<Arrangements>> {
  return (await store.get<Arrangements>(KEY)) ?? { key: KEY, version: 0, value: NONE }
}

/** What has passed is left out. */
export function arrangementsWrite(
  { key, version }: Versioned<Arrangements>,
  next: Arrangements,
  now: number,
): Write {
  const windows = next.windows.filter(({ when }) => !('until' in when) || when.until > now)
  return { key, version, value: { windows } }
}

/** The policy with what was set in chats laid over it. */
export async function arrangedPolicy({ policy, store }: Pick<Parts, 'policy' | 'store'>): Promise<Policy> {
  const { windows } = (await readArrangements(store)).value
  return windows.length === 0 ? policy : { ...policy, windows: [...(policy.windows ?? []), ...windows] }
}
