import type { Job, JobHandler, JobResult, NewJob, Store } from '../store/store.ts'
import { carriedOn, clock, noteSpan, type Tracing, traced } from '../tracing/trace.ts'
import type { Metrics } from './metrics.ts'

/**
 * The same store, through which what began with one event keeps its id: a job carries it to whichever instance runs it
 * later. How long writes take is measured.
 */
export function tracingStore(store: Store, { written }: Pick<Metrics, 'written'>, tracing?: Tracing): Store {
  async function timed<T>(write: 'commit' | 'enqueue', act: Promise<T>): Promise<T> {
    const start = clock()
    const answer = await act
    written.observe({ write }, (clock() - start) / 1000)
    noteSpan(write, start)
    return answer
  }

  const enqueue: Store['enqueue'] = (jobs) => timed('enqueue', store.enqueue(carrying(jobs)))
  const commit: Store['commit'] = (all) =>
    timed('commit', store.commit(all.jobs ? { ...all, jobs: carrying(all.jobs) } : all))
  const work: Store['work'] = (queue, options, handler) =>
    store.work(queue, options, (job) => carriedOut(job, handler, tracing))
  // All else is the store's own, also where somebody puts another in its place.
  return Object.assign(Object.create(store) as Store, { enqueue, commit, work })
}

/** The jobs with the id of what is being done, to be carried to whoever runs them. */
export function carrying(jobs: NewJob[]): NewJob[] {
  const trace = jobs[0] && carriedOn(jobs[0].id)
  if (trace === undefined) return jobs
  return jobs.map((job) => ({ ...job, payload: { ...(job.payload as object), trace } }))
}

/** Runs a job under the id that it carries, or under its own. */
export function carriedOut(job: Job, handler: JobHandler, tracing: Tracing | undefined): Promise<JobResult> {
  const { id, queue, attempt, payload, createdAt } = job
  const { trace } = (payload ?? {}) as { trace?: string }
  const attributes = { job: id, attempt, waited: Date.now() - createdAt }
  return traced({ name: queue, root: id, carried: trace, attributes }, tracing, () => handler(job))
}
