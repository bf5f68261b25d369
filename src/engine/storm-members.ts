import type { ChangedMember, StormMember } from '../domain/storm-member.ts'
import type { Store, Versioned, Write } from '../store/store.ts'

/** Read at a time: what comes back is taken over in one go, and nothing else runs meanwhile. */
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
export async function* membersOf(store: Store, storm: string): AsyncGenerator<Versioned<StormMember>[]> {
  let [before, limit] = [Number.POSITIVE_INFINITY, PAGE]
  let seen = new Set<string>()
  for (;;) {
    const found = await store.list<StormMember>({
      kind: kindOf(storm),
      ...(Number.isFinite(before) && { before }),
      limit,
    })
    const fresh = found.filter((one) => !seen.has(one.key))
    if (fresh.length > 0) yield fresh
    if (found.length < limit) return
    // Many join in one moment: the next page begins with that of the last one again, what was seen of it left out.
    const last = found.at(-1)!.value.joinedAt
    const next = last + 1
    limit = next < before ? PAGE : limit * 2
    before = next
    seen = new Set(found.filter((one) => one.value.joinedAt === last).map((one) => one.key))
  }
}

/** Drops members that nobody counts any more. */
export async function dropMembers(store: Store, members: readonly Versioned[]): Promise<void> {
  const writes = members.map(({ key, version }) => ({ key, value: null, version }))
  await store.commit({ writes })
}
