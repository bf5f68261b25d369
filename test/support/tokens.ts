import { createTokens } from '../../src/text/tokens.ts'

/** Tokens of a secret that never changes. */
export const TOKENS = createTokens(new Uint8Array(32).fill(7))
