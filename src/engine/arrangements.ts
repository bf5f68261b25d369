import type { Arrangements } from '../domain/arrangement.ts'
import type { Policy } from '../domain/policy.ts'
import type { Store, Versioned, Write } from '../store/store.ts'
import type { Parts } from './parts.ts'

const KEY = 'arrangements/all'
const NONE: Arrangements = { windows: [], ended: [], covers: [] }

/** What was set in chats for a time: one document, the same for all instances, read anew for each decision. */
export async function readArrangements(store: Pick<Store, 'get'>): Promise<Versioned<Arrangements>> {
  return (await store.get<Arrangements>(KEY)) ?? { key: KEY, version: 0, value: NONE }
}

/** What has passed is left out. */
export function arrangementsWrite(
  { key, version }: Versioned<Arrangements>,
  { windows, ended, covers }: Arrangements,
  now: number,
): Write {
  const value: Arrangements = {
    windows: windows.filter(({ when }) => !('until' in when) || when.until > now),
    ended: ended.filter((one) => one.until > now),
    covers: covers.filter((one) => one.until > now),
  }
  return { key, version, value }
}

/** The policy with what was set in chats laid over it; the same object where nothing was. */
export async function arrangedPolicy(parts: Pick<Parts, 'policy' | 'store' | 'now'>): Promise<Policy> {
  return layOver(parts.policy, (await readArrangements(parts.store)).value, parts.now())
}

export function layOver(policy: Policy, { windows, ended, covers }: Arrangements, now: number): Policy {
  if (windows.length + ended.length + covers.length === 0) return policy
  const isEnded = (id: string) => ended.some((one) => one.window === id && now < one.until)
  return {
    ...policy,
    windows: [...(policy.windows ?? []).filter(({ id }) => !isEnded(id)), ...windows],
    covers: [...(policy.covers ?? []), ...covers],
  }
}
