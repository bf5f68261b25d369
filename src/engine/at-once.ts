import type { NewJob } from '../store/store.ts'

/**
 * While more come in at a time, all are only kept at first, and decided upon later, many together: that costs less, and
 * of a flood all is on disk soon.
 */
const MOST = 8
/** What has not been decided upon within this is kept, for it must be on disk soon, ms. */
const WITHIN = 500

/** Decides upon what comes in as it comes, where it need not wait: then it is on disk once, with all that follows. */
export interface AtOnce {
  /**
   * Resolves when they are on disk, what came before them of their lanes too, with how many of them were new. Rejects as
   * keeping them does.
   */
  take(jobs: readonly NewJob[]): Promise<number>
  /** Something of the lane has come in and is not on disk yet. */
  isUnderWay(lane: string): boolean
}

export interface AtOnceParts {
  isReady: () => boolean
  /** True when the decision is on disk, and the job with it; else nothing is. Never both it and what was kept. */
  decide(job: NewJob): Promise<boolean>
  /** Lets them wait for their turn; answers how many were new. */
  keep(jobs: readonly NewJob[]): Promise<number>
}

export function createAtOnce({ isReady, decide, keep }: AtOnceParts): AtOnce {
  /** By lane; they never reject. */
  const underWay = new Map<string, Promise<unknown>>()
  let taking = 0

  /** Without a decision it is kept, and runs as a job, which tells of what is wrong. */
  async function decided(job: NewJob): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(resolve, WITHIN, false)
    decide(job).then(resolve, () => resolve(false))
    const isDone = await promise
    clearTimeout(timer)
    return isDone
  }

  async function takeOne(job: NewJob): Promise<number> {
    try {
      return (await decided(job)) ? 1 : await keep([job])
    } finally {
      underWay.delete(job.lane)
    }
  }

  async function take(jobs: readonly NewJob[]): Promise<number> {
    for (const { lane } of jobs) while (underWay.has(lane)) await underWay.get(lane)
    const [job] = jobs
    if (!job || jobs.length > 1 || taking > MOST || !isReady()) return keep(jobs)
    const taken = takeOne(job)
    underWay.set(
      job.lane,
      taken.catch(() => {}),
    )
    return taken
  }

  return {
    isUnderWay: (lane) => underWay.has(lane),
    take(jobs) {
      taking++
      return take(jobs).finally(() => taking--)
    },
  }
}
