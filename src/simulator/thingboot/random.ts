/** Repeatable «chance» (mulberry32): the same seed gives the same simulation. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number
  /** Lower-case letters and digits. */
  text(length: number): string
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const letter = () => Math.floor(next() * 36).toString(36)
  return { next, text: (length) => Array.from({ length }, letter).join('') }
}
