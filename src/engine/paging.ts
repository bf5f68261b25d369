import type { ListQuery, Store, Versioned } from '../store/store.ts'

/**
 * All documents of a kind, newest first and each once, page by page: what comes back is taken over in one go, and nothing
 * else runs meanwhile.
 * @param atOf the time that a document is indexed by, ms
 * @param size of a page
 */
export async function* pagesOf<T>(
  store: Pick<Store, 'list'>,
  query: Pick<ListQuery, 'kind' | 'open'>,
  atOf: (value: T) => number,
  size: number,
): AsyncGenerator<Versioned<T>[]> {
  let before: number | undefined
  let seen = new Set<string>()
  for (let limit = size; ; ) {
    const page = await store.list<T>({ ...query, limit, ...(before !== undefined && { before }) })
    const fresh = page.filter(({ key }) => !seen.has(key))
    if (fresh.length > 0) yield fresh
    const last = page.at(-1)
    if (!last || page.length < limit) return
    // Many may be of one moment: the next page begins with that of the last one again, what was seen of it left out.
    const next = atOf(last.value) + 1
    limit = next === before ? limit * 2 : size
    seen = new Set(page.map(({ key }) => key))
    before = next
  }
}
