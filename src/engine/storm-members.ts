import type { ChangedMember, StormMember } from '../domain/storm-member.ts'
import type { Store, Versioned, Write } from '../store/store.ts'
import { pagesOf } from './paging.ts'

/** So many are read at a time. */
const PAGE = 500

const kindOf = (storm: string): string => `storm-${storm}`
const memberKey = (storm: string, incident: string): string => `${kindOf(storm)}/${incident}`

/**
 * The write of a member as a decision left it; undefined where the storm does not keep its members any more.
 * @param isNew it joins by this decision
 */
export async function memberWrite(
  store: Store,
  { storm, member }: ChangedMember,
  isNew: boolean,
): Promise<Write | undefined> {
  const key = memberKey(storm, member.incident)
  const old = isNew ? undefined : await store.get<StormMember>(key)
  if (!old && !isNew) return undefined
  return {
    key,
    value: member,
    version: old?.version ?? 0,
    index: { at: member.joinedAt, open: true },
  }
}

/** All members of a storm, page by page, newest first; each once. */
export const membersOf = (store: Store, storm: string): AsyncGenerator<Versioned<StormMember>[]> =>
  pagesOf<StormMember>(store, { kind: kindOf(storm) }, ({ joinedAt }) => joinedAt, PAGE)

/** Drops members that nobody counts any more. */
export async function dropMembers(store: Store, members: readonly Versioned[]): Promise<void> {
  const writes = members.map(({ key, version }) => ({ key, value: null, version }))
  await store.commit({ writes })
}
