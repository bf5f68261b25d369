import fc from 'fast-check'
import type { Target } from './target.ts'

export interface Result {
  target: string
  runs: number
  ms: number
  /** The slowest input, ms, and its beginning. */
  slowest: { ms: number; input: string }
  /** What failed, the input as small as it could be made, and how to see it again. */
  failure?: { why: string; input: string; replay: string }
}

export interface FuzzOptions {
  runs: number
  seed: number
  /** Goes to this very input, as a failure names it. */
  path?: string
}

/** As JSON, for a person and for a test of its own. */
const shown = (input: unknown): string => JSON.stringify(input) ?? 'nothing'

/** So much is shown of an input, characters. */
const SHOWN = 2000

/** Feeds a target; the same runs and seed give the same inputs. */
export async function fuzz(target: Target, { runs, seed, path }: FuzzOptions): Promise<Result> {
  let slowest: { ms: number; input: unknown } = { ms: 0, input: undefined }
  const property = fc.asyncProperty(target.inputs, async (input) => {
    const begun = performance.now()
    await target.probe(input)
    const ms = performance.now() - begun
    if (ms > slowest.ms) slowest = { ms, input }
  })
  const begun = performance.now()
  const details = await fc.check(property, { numRuns: runs, seed, ...(path !== undefined && { path }) })
  const result = {
    target: target.name,
    runs: details.numRuns,
    ms: performance.now() - begun,
    slowest: { ms: slowest.ms, input: shown(slowest.input).slice(0, SHOWN) },
  }
  if (!details.failed) return result
  const { counterexamplePath, errorInstance: error } = details
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const replay = `npm run fuzz -- --target ${target.name} --seed ${seed} --path ${counterexamplePath}`
  return { ...result, failure: { why, input: shown(details.counterexample?.[0]), replay } }
}

/** How many of all runs each target gets, at least one. */
export function shares(targets: readonly Target[], runs: number): number[] {
  const all = targets.reduce((sum, { weight }) => sum + weight, 0)
  return targets.map(({ weight }) => Math.max(1, Math.ceil((runs * weight) / all)))
}
