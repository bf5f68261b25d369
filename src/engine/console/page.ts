import type { BreakerConfig } from '../../domain/policy.ts'

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

/** Which breakers are asked for; what is left out leaves out none. */
export interface Wanted {
  site?: string | undefined
  room?: string | undefined
  group?: string | undefined
  /** Stands in the name, site, room or id, in capitals or not. */
  search?: string | undefined
}

export function fits(breaker: BreakerConfig, { site, room, group, search }: Wanted): boolean {
  const wanted = search?.trim().toLowerCase() ?? ''
  return (
    (site === undefined || breaker.site === site) &&
    (room === undefined || breaker.room === room) &&
    (group === undefined || breaker.groups.includes(group)) &&
    [breaker.id, breaker.name, breaker.site, breaker.room].some((one) => one.toLowerCase().includes(wanted))
  )
}
