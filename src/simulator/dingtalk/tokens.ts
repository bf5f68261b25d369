import { randomBytes } from 'node:crypto'
import type { SimClock } from '../kit/clock.ts'
import type { Behaviour } from './behaviour.ts'
import type { SimRecord } from './record.ts'

/** Unguessable text for tokens, tickets and sessions. */
export function secret(record: SimRecord): string {
  // Safe in a URL as it is: the official SDK does not encode tickets (seen), so real ones cannot need it.
  const value = randomBytes(24).toString('base64url')
  record.secrets.add(value)
  return value
}

/** Access tokens: one per app, the same and renewed while valid (documented). */
export function createTokens(clock: SimClock, behaviour: Behaviour, record: SimRecord) {
  const tokens = new Map<string, { token: string; until: number }>()
  const valid = (clientId: string) => {
    const held = tokens.get(clientId)
    return held && held.until > clock.now() ? held : undefined
  }
  return {
    issue(clientId: string): string {
      const token = valid(clientId)?.token ?? secret(record)
      tokens.set(clientId, { token, until: clock.now() + behaviour.tokenLifetime })
      return token
    },
    /** Whose token it is, if it is valid. */
    owner(token: string): string | undefined {
      for (const clientId of tokens.keys()) {
        if (valid(clientId)?.token === token) return clientId
      }
      return undefined
    },
    expireAll: () => tokens.clear(),
  }
}

export type Tokens = ReturnType<typeof createTokens>
