import { hash } from 'node:crypto'

/** A key made of letters and digits, the same for the same text. */
export function digest(text: string, length = 32): string {
  return hash('sha256', text).slice(0, length)
}
