const FIRST_DELAY = 1000
const LONGEST_DELAY = 300_000

/** How long a job waits after its handler threw in the given attempt (1 = the first run): 1 s doubling to 5 min, in ms. */
export function retryDelay(attempt: number): number {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1))
}
