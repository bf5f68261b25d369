import { AsyncLocalStorage } from 'node:async_hooks'
import type { EventWork } from '../engine/work.ts'
import type { AuditEntry, Commit, Job, JobResult, NewJob, Store } from '../store/store.ts'

/** One thing that came in from outside, and all that followed from it. */
export interface Way {
  /** The id of its job. */
  id: string
  /** ms since 1970: when it was on disk. */
  at: number
  what: Arrived
  steps: Step[]
}

export type Arrived =
  | { from: 'push'; kind: string; device: string; name: string }
  | { from: 'press'; channel: string; action: string; sender: string }
  | { from: 'text'; channel: string; text: string; sender: string }

export interface Step {
  /** When it began, ms. */
  at: number
  /** `decided`: committed as a whole. `ran`: a job was carried out. */
  did: 'decided' | 'ran'
  /** The queue. */
  queue: string
  /** ms. */
  took: number
  /** What became of the job: `done`, or why not. */
  outcome: string
  /** Of a command: the reference by which its call is known. */
  ref?: string
  audit: { who: string; what: string }[]
  jobs: string[]
}

/** Watches what goes through a store. Sees all, changes nothing. */
export interface Trace {
  seen(store: Store): Store
  /** The newest last. */
  ways(): readonly Way[]
  /** The last lines of the audit, oldest first. */
  audit(): readonly AuditEntry[]
}

const [WAYS, STEPS, LINES] = [40, 60, 200]

export function createTrace(now: () => number = Date.now): Trace {
  const ways: Way[] = []
  const lines: AuditEntry[] = []
  /** By the id of a job: the way that it belongs to. */
  const belongs = new Map<string, Way>()
  /** By the reference of a command: what its breaker reports of it belongs there, too. */
  const commanded = new Map<string, Way>()
  const running = new AsyncLocalStorage<Job>()

  function begin({ id, payload }: NewJob): Way | undefined {
    const work = payload as EventWork
    const known = work.from === 'push' ? commanded.get(work.report.extra ?? '') : undefined
    if (known) return known
    const what = arrived(work)
    if (!what) return undefined
    const way: Way = { id, at: now(), what, steps: [] }
    ways.push(way)
    if (ways.length > WAYS) forget(ways[0]!)
    return way
  }

  function forget(way: Way): void {
    ways.splice(ways.indexOf(way), 1)
    for (const map of [belongs, commanded]) for (const [id, of] of map) if (of === way) map.delete(id)
  }

  function follow(jobs: readonly NewJob[], of: Way | undefined): void {
    for (const job of jobs) {
      if (belongs.has(job.id)) continue
      const way = of ?? begin(job)
      if (!way) continue
      belongs.set(job.id, way)
      const ref = refOf(job)
      if (ref !== undefined) commanded.set(ref, way)
    }
  }

  function present(): Way | undefined {
    const job = running.getStore()
    return job && belongs.get(job.id)
  }

  /** What follows may run before the commit is heard of: it is taken down first. */
  function committing({ jobs = [], done, takes }: Commit): Way | undefined {
    if (takes) follow([takes], undefined)
    const way = takes
      ? belongs.get(takes.id)
      : ((done === undefined ? undefined : belongs.get(done)) ?? present())
    follow(jobs, way)
    return way
  }

  function committed({ jobs = [], audit = [], takes }: Commit, way: Way | undefined, began: number): void {
    lines.push(...audit)
    lines.splice(0, lines.length - LINES)
    if (!way) return
    const isPlain = jobs.length + audit.length === 0
    // A reading from which nothing follows is of no interest, nor that a card is noted as shown.
    if (isPlain && way.steps.length === 0) forget(way)
    if (isPlain) return
    const told = {
      audit: audit.map(({ who, what }) => ({ who, what })),
      jobs: jobs.map(({ queue }) => queue),
    }
    const queue = (takes ?? running.getStore())?.queue ?? ''
    add(way, { at: began, did: 'decided', queue, took: now() - began, outcome: 'done', ...told })
  }

  function ran(job: Job, began: number, result: JobResult): void {
    const way = belongs.get(job.id)
    if (!way || job.queue === 'events') return
    const ref = refOf(job)
    const took = now() - began
    add(way, {
      at: began,
      did: 'ran',
      queue: job.queue,
      took,
      outcome: outcomeOf(result),
      ...(ref !== undefined && { ref }),
      audit: [],
      jobs: [],
    })
  }

  return {
    seen: (store) => ({
      ...store,
      enqueue(jobs) {
        follow(jobs, present())
        return store.enqueue(jobs)
      },
      async commit(commit) {
        const [began, way] = [now(), committing(commit)]
        const answer = await store.commit(commit)
        if (answer === 'ok') committed(commit, way, began)
        return answer
      },
      work: (queue, options, handler) =>
        store.work(queue, options, (job) =>
          running.run(job, async () => {
            const began = now()
            const result = await handler(job)
            ran(job, began, result)
            return result
          }),
        ),
    }),
    ways: () => ways.filter(({ steps }) => steps.length > 0),
    audit: () => lines,
  }
}

function refOf({ payload }: Pick<Job, 'payload'>): string | undefined {
  const { ref } = payload as { ref?: unknown }
  return typeof ref === 'string' ? ref : undefined
}

/** In order of time; of one moment what was decided comes first. */
function add({ steps }: Way, step: Step): void {
  if (steps.length >= STEPS) return
  steps.push(step)
  steps.sort((a, b) => a.at - b.at || Number(a.did === 'ran') - Number(b.did === 'ran'))
}

function outcomeOf(result: JobResult): string {
  if (typeof result === 'string') return 'done'
  return 'dead' in result ? result.dead : result.why
}

function arrived(work: EventWork): Arrived | undefined {
  switch (work.from) {
    case 'push': {
      const { kind, device, name, fault } = work.report
      return { from: 'push', kind, device, name: [name, fault?.raw].filter(Boolean).join(' ') }
    }
    case 'press':
      return {
        from: 'press',
        channel: work.channel,
        action: work.pressed.action,
        sender: work.input.sender.id,
      }
    case 'text':
      return { from: 'text', channel: work.channel, text: work.input.text, sender: work.input.sender.id }
    default:
      return undefined
  }
}
