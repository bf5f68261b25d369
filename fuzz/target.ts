import type fc from 'fast-check'

/** Something that reads what comes from outside. */
export interface Target<T = unknown> {
  name: string
  /** Part of all inputs that it gets, beside those of the others. */
  weight: number
  inputs: fc.Arbitrary<T>
  /** Reads one input; throws where a promise is broken. An input must be looked at alone: nothing is kept from the one before. */
  probe(input: T): void | Promise<void>
}

/** Makes a target whose input's type stays its own affair. */
export const target = <T>(one: Target<T>): Target => one as Target

/** @throws Error with what is wrong */
export function claim(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}
