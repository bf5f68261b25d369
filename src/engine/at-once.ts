import type { NewJob } from '../store/store.ts'

/** So many at a time: of a flood, the most is only kept at first, and decided upon later. */
const MOST = 64

/** Decides upon what comes in as it comes, where it need not wait: it is on disk once, with all that follows. */
export interface AtOnce {
  /**
   * True when that was done. False where it has to be kept and to wait for its turn; what came before it of its lane is
   * on disk by then. Never rejects.
   */
  taken(jobs: readonly NewJob[]): Promise<boolean>
}

/** @param decide true when the decision is on disk */
export function createAtOnce(isReady: () => boolean, decide: (job: NewJob) => Promise<boolean>): AtOnce {
  /** By lane. */
  const underWay = new Map<string, Promise<boolean>>()

  async function begin(job: NewJob): Promise<boolean> {
    try {
      return await decide(job)
    } catch {
      // It is kept, and runs as a job, which tells of what is wrong.
      return false
    } finally {
      underWay.delete(job.lane)
    }
  }

  return {
    async taken(jobs) {
      for (const { lane } of jobs) while (underWay.has(lane)) await underWay.get(lane)
      const [job] = jobs
      if (!job || jobs.length > 1 || underWay.size >= MOST || !isReady()) return false
      const decided = begin(job)
      underWay.set(job.lane, decided)
      return decided
    },
  }
}
