import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { ChannelName } from '../domain/people.ts'

/** What an id of a platform is bound to: a room's chat, or a person's account. */
export interface BindTarget {
  kind: 'room' | 'person'
  name: string
}

/**
 * One-time codes for binding a chat or a person. Nothing is kept of a code until it is used: whoever has the secret
 * can make one and tell whether one is right, so the command line needs no way into a store that the service holds.
 */
export interface BindCodes {
  /** The code for a target on one platform, and until when it is good, ms. The same within one minute. */
  make(channel: ChannelName, target: BindTarget, now: number): { code: string; until: number }
  /** The target that a code is for, of all there are. */
  read(
    code: string,
    channel: ChannelName,
    targets: readonly BindTarget[],
    now: number,
  ): BindTarget | 'wrong' | 'expired'
}

/** Without 0 and O, 1, I and L, which look alike. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const LENGTH = 10
const MINUTE = 60_000
/** How long a code is good, minutes: less than half of what its first letter can tell apart. */
const LASTS = 15

/** @param secret what the service and the command line both know */
export function createBindCodes(secret: string): BindCodes {
  const key = Buffer.from(hkdfSync('sha256', secret, 'breakerbot', 'bind codes', 32))

  /** Nine letters, 44 bits: with a hundred names, one guess in 260,000 million is right. */
  function seal(channel: ChannelName, { kind, name }: BindTarget, end: number): string {
    const mac = createHmac('sha256', key).update(JSON.stringify([channel, kind, name, end]))
    const number = mac.digest().readBigUInt64BE()
    return Array.from({ length: LENGTH - 1 }, (_, n) =>
      letter(Number((number / 31n ** BigInt(n)) % 31n)),
    ).join('')
  }

  return {
    make(channel, target, now) {
      const end = Math.floor(now / MINUTE) + LASTS
      return { code: letter(end) + seal(channel, target, end), until: (end + 1) * MINUTE }
    },
    read(code, channel, targets, now) {
      const minute = Math.floor(now / MINUTE)
      // One minute more than a code lasts, for a clock that runs ahead: of those 31 minutes the letter names one.
      const last = minute + LASTS + 1
      const end = last - ((last - LETTERS.indexOf(code[0]!)) % LETTERS.length)
      const tail = Buffer.from(code.slice(1))
      const target = targets.find((one) => timingSafeEqual(Buffer.from(seal(channel, one, end)), tail))
      if (!target) return 'wrong'
      return end < minute ? 'expired' : target
    },
  }
}

const letter = (index: number): string => LETTERS[index % LETTERS.length]!

/** A code as it is made, from what somebody typed («k7qp2-xwm9a»); undefined for what cannot be one. */
export function asCode(text: string): string | undefined {
  const code = text.replace(/[\s-]/g, '').toUpperCase()
  const isOne = code.length === LENGTH && [...code].every((one) => LETTERS.includes(one))
  return isOne ? code : undefined
}

/** What a used code is kept as. */
export function usedCodeKey(code: string): string {
  return `bind-code/${createHash('sha256').update(code).digest('hex')}`
}
