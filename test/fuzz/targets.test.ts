import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzz, shares } from '../../fuzz/fuzz.ts'
import { target } from '../../fuzz/target.ts'
import { TARGETS } from '../../fuzz/targets.ts'

/** A short part of `npm run fuzz`, the same each time. */
const [RUNS, SEED] = [30_000, 9]
const each = shares(TARGETS, RUNS)

test.each(TARGETS.map((one, n) => [one.name, one, each[n]!] as const))(
  '%s: no input breaks its reader',
  async (_name, one, runs) => {
    const { failure } = await fuzz(one, { runs, seed: SEED })
    expect(failure, `${failure?.input}\n${failure?.replay}`).toBeUndefined()
  },
)

const picky = target({
  name: 'picky',
  weight: 1,
  inputs: fc.integer(),
  probe(input: number) {
    if (input > 1000) throw new Error('too much')
  },
})

test('what fails is shown as small as it can be, with the command that shows it again', async () => {
  const { failure } = await fuzz(picky, { runs: 1000, seed: 1 })
  expect(failure).toMatchObject({ input: '1001', why: expect.stringContaining('too much') })
  const path = /--path (\S+)$/.exec(failure!.replay)![1]!
  const again = await fuzz(picky, { runs: 1, seed: 1, path })
  expect(again.failure?.input).toBe('1001')
})

test('all runs are shared out', () => {
  expect(shares([picky, { ...picky, weight: 3 }], 100)).toEqual([25, 75])
})
