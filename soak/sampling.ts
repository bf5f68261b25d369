import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { ASK, type Sample } from './probe.ts'

/** A loaded machine may take its time, ms. */
const ANSWER_WITHIN = 30_000

/** Asks the service's process what it holds. @throws when it does not answer */
export async function takeSample(child: ChildProcess): Promise<Sample> {
  const answer = once(child, 'message', { signal: AbortSignal.timeout(ANSWER_WITHIN) })
  child.send(ASK)
  return (await answer)[0] as Sample
}

/** Takes a sample each so many ms until told to stop; gives what was taken. */
export async function keepSampling(child: ChildProcess, every: number, stop: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = []
  while (!stop.aborted) {
    samples.push(await takeSample(child))
    await delay(every, undefined, { signal: stop }).catch(() => {})
  }
  return samples
}

/** A sample at rest, or the last one that was taken within so many ms. */
export async function sampleAtRest(
  child: ChildProcess,
  isAtRest: (sample: Sample) => boolean,
  within: number,
): Promise<Sample> {
  const end = Date.now() + within
  for (;;) {
    const sample = await takeSample(child)
    if (isAtRest(sample) || Date.now() > end) return sample
    await delay(500)
  }
}
