import type { Measured } from '../domain/summary.ts'

/** Measured values of one breaker at one time. */
export interface Sample extends Measured {
  device: string
}

/** Two samples of one breaker at one time as one: of a value in both, the later one counts. */
export function mergeSample(known: Sample, later: Sample): Sample {
  return { ...known, ...later }
}

/** Two lists in order of time as one. @param later of a value in both, theirs counts */
export function mergeSamples(known: readonly Sample[], later: readonly Sample[]): Sample[] {
  if (known.length === 0 || later.length === 0) return [...known, ...later]
  const merged: Sample[] = []
  let next = 0
  for (const one of later) {
    while (next < known.length && known[next]!.at < one.at) merged.push(known[next++]!)
    const isSame = next < known.length && known[next]!.at === one.at
    merged.push(isSame ? mergeSample(known[next++]!, one) : one)
  }
  for (; next < known.length; next++) merged.push(known[next]!)
  return merged
}
