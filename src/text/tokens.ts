import { createCipheriv, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { BUTTON_ACTIONS, type ButtonAction } from '../domain/card-text.ts'

/** Stands where a card is about no one breaker. */
export const NO_BREAKER = '@'

/** What a button asks for, and of which card. */
export interface Pressed {
  action: ButtonAction
  /** Device id, at most 24 letters, digits, - or _; or {@link NO_BREAKER}. */
  breaker: string
  /** Incident or operation: at most 12 letters or digits. */
  id: string
  /** The version of the card that it stood on. */
  version: number
  /** Of a confirming step: the word of the asking, at most 6 letters or digits. */
  nonce?: string
}

/**
 * What stands on a button: sealed with a secret of the service's own, so that nobody can read, change or make one.
 * There is no row for each: all that a token stands for is in it, and whether that is still so is in the state.
 */
export interface Tokens {
  /** 64 characters at most, ASCII; the same each time for the same button. */
  seal(pressed: Pressed): string
  /** Undefined for anything that was not sealed with this secret. */
  open(token: string): Pressed | undefined
}

/** All that is sealed is of this alphabet, so four of its letters pack into three bytes. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Bytes. With the longest ids 39 are left of the 48 that make 64 characters (Telegram's limit). */
const TAG = 9

/** @param secret at least 32 random bytes */
export function createTokens(secret: Uint8Array): Tokens {
  // Made into keys once: that takes several times as long as using them.
  const [sealing, hiding] = ['seal', 'hide'].map((use) =>
    createSecretKey(createHmac('sha256', secret).update(use).digest()),
  )
  const tagOf = (plain: Uint8Array) => createHmac('sha256', sealing!).update(plain).digest().subarray(0, TAG)
  /** The tag is the start value too (as in SIV): the same button is the same token, and no two share a key stream. */
  const hide = (bytes: Uint8Array, tag: Uint8Array) =>
    createCipheriv('aes-256-ctr', hiding!, Buffer.concat([tag, Buffer.alloc(16 - TAG)])).update(bytes)

  return {
    seal(pressed) {
      const plain = pack(pressed)
      const tag = tagOf(plain)
      return Buffer.concat([tag, hide(plain, tag)]).toString('base64url')
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url')
      // Only the one spelling: the decoder would pass over what it does not know.
      if (bytes.length <= TAG || bytes.toString('base64url') !== token) return undefined
      const tag = bytes.subarray(0, TAG)
      const plain = hide(bytes.subarray(TAG), tag)
      return timingSafeEqual(tagOf(plain), tag) ? unpack(plain) : undefined
    },
  }
}

/** Each part with its length before it, all in {@link LETTERS}; filled up with A to whole bytes. */
function pack({ action, breaker, id, version, nonce = '' }: Pressed): Buffer {
  const parts = [breaker === NO_BREAKER ? '' : breaker, id, version.toString(36), nonce]
  const text =
    LETTERS[BUTTON_ACTIONS.indexOf(action)]! + parts.map((one) => LETTERS[one.length]! + one).join('')
  return Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4, 'A'), 'base64url')
}

function unpack(plain: Buffer): Pressed | undefined {
  const text = plain.toString('base64url')
  const action = BUTTON_ACTIONS[LETTERS.indexOf(text[0]!)]
  let at = 1
  const [breaker, id, version, nonce] = Array.from({ length: 4 }, () => {
    const start = at + 1
    at = start + LETTERS.indexOf(text[at] ?? 'A')
    return text.slice(start, at)
  })
  if (!action || !id || !version) return undefined
  return {
    action,
    breaker: breaker || NO_BREAKER,
    id,
    version: Number.parseInt(version, 36),
    ...(nonce && { nonce }),
  }
}
