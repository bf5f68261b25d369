import { expect, test } from 'vitest'
import type { Lacks } from './rig.ts'

/** A row that a platform lacks stands among the others with its reason. */
export function notHere(reason: Lacks, deed = 'none'): void {
  test(`${deed}: ${reason}`, () => expect(reason.split(' ').length).toBeGreaterThan(3))
}
