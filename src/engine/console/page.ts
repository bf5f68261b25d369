/** A part of a list. */
export interface Slice {
  limit: number
  /** {@link Page.next} of the page before. */
  cursor?: string | undefined
}

export interface Page<T> {
  items: T[]
  /** Asks for what follows; null at the end. */
  next: string | null
}

/** The part of a list that follows a cursor. One whose item is gone begins anew: better twice than never. */
export function page<T>(all: readonly T[], { limit, cursor }: Slice, idOf: (one: T) => string): Page<T> {
  const start = cursor === undefined ? 0 : all.findIndex((one) => idOf(one) === cursor) + 1
  const items = all.slice(start, start + limit)
  const last = items.at(-1)
  return { items, next: last !== undefined && start + limit < all.length ? idOf(last) : null }
}
