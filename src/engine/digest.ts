import { createHash } from 'node:crypto'

/** A key made of letters and digits, the same for the same text. */
export function digest(text: string, length = 32): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}
