import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a table of energy is to hold. */
export interface TableWish {
  /** Device ids. */
  breakers: string[]
  /** ms. */
  from: number
  to: number
  by: 'hour' | 'day'
  /** The room by whose clock and in whose language it is written; absent: those of all. */
  room?: string
}

/** Addresses under which tables can be had for a while: nobody can guess or change one. */
export interface EnergyLinks {
  /** Undefined where nobody has said under which address the service can be reached. */
  make(wish: TableWish, now: number): string | undefined
  read(query: Record<string, string>, now: number): TableWish | 'expired' | undefined
}

export const TABLE_PATH = '/energy.csv'
/** ms. */
export const LINK_LASTS = 24 * 3_600_000

/** @param secret at least 32 random bytes @param publicUrl where people reach the service; undefined: not known */
export function createEnergyLinks(secret: Uint8Array, publicUrl: string | undefined): EnergyLinks {
  const key = createHmac('sha256', secret).update('energy table').digest()
  const signature = (fields: Record<string, string>) => {
    const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
    return createHmac('sha256', key).update(new URLSearchParams(sorted).toString()).digest('base64url')
  }
  return {
    make({ breakers, from, to, by, room }, now) {
      if (publicUrl === undefined) return undefined
      const fields = {
        breaker: breakers.join(','),
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        by,
        ...(room !== undefined && { room }),
        expires: String(now + LINK_LASTS),
      }
      const query = new URLSearchParams({ ...fields, sig: signature(fields) })
      return `${publicUrl.replace(/\/+$/, '')}${TABLE_PATH}?${query}`
    },
    read({ sig = '', ...fields }, now) {
      const [given, wanted] = [sig, signature(fields)].map((text) => Buffer.from(text))
      if (given!.length !== wanted!.length || !timingSafeEqual(given!, wanted!)) return undefined
      const { breaker = '', from = '', to = '', by, room, expires } = fields
      if (Number(expires) <= now) return 'expired'
      return {
        breakers: breaker.split(','),
        from: Date.parse(from),
        to: Date.parse(to),
        by: by === 'day' ? 'day' : 'hour',
        ...(room !== undefined && { room }),
      }
    },
  }
}
