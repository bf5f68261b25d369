import { createHeap, type Heap } from './heap.ts'

/** What must be known of a waiting job to say when it may run. */
export interface WaitingJob {
  /** Its place in the order of arrival. */
  seq: number
  queue: string
  lane: string
  priority: number
  dueAt: number
}

/**
 * Which job runs next: an index in memory over the waiting jobs on disk, so that finding the next one
 * costs the same whatever waits. A lane runs one job at a time, by priority, then in the order of arrival, whichever
 * queues its jobs belong to.
 */
export interface Schedule {
  add(job: WaitingJob): void
  /** All that wait, due or not. */
  all(): Iterable<WaitingJob>
  /** Takes out a job that must no longer run. */
  remove(seq: number): void
  /** Makes ready what fell due. */
  advance(now: number): void
  /** Takes the next ready job of a queue; its lane is busy until released. */
  take(queue: string): WaitingJob | undefined
  occupy(lane: string): void
  /** A job of the lane runs, or one was due at the last {@link advance}. */
  isBusy(lane: string): boolean
  /** Neither is it busy, nor is it paused. */
  isIdle(lane: string): boolean
  release(lane: string): void
  /** Nothing of the lane with a priority up to this one runs before. */
  pause(lane: string, until: number, upTo: number): void
  /** When {@link advance} has something to do next; Infinity if never. */
  nextAt(): number
}

interface Lane {
  busy: boolean
  pauses: { until: number; upTo: number }[]
  due: Heap<WaitingJob>
}

/** Something that happens at a time: a job falls due, or, without a job, a pause of a lane ends. */
interface Timer {
  at: number
  lane: string
  job?: WaitingJob
}

const runsBefore = (a: WaitingJob, b: WaitingJob) =>
  a.priority === b.priority ? a.seq < b.seq : a.priority > b.priority

export function createSchedule(): Schedule {
  /** Heaps are left alone when a job goes: an entry counts only while it is found here. */
  const waiting = new Map<number, WaitingJob>()
  const lanes = new Map<string, Lane>()
  /** By queue: the first jobs of free lanes, and outdated entries that are passed over. */
  const ready = new Map<string, Heap<WaitingJob>>()
  const timers = createHeap<Timer>((a, b) => a.at < b.at)

  const isWaiting = (job: WaitingJob) => waiting.get(job.seq) === job
  const mayRun = (lane: Lane, { priority }: WaitingJob) =>
    !lane.busy && lane.pauses.every(({ upTo }) => priority > upTo)

  function laneNamed(name: string): Lane {
    let lane = lanes.get(name)
    if (!lane) {
      lane = { busy: false, pauses: [], due: createHeap(runsBefore) }
      lanes.set(name, lane)
    }
    return lane
  }

  function first(lane: Lane): WaitingJob | undefined {
    for (let job = lane.due.peek(); job; job = lane.due.peek()) {
      if (isWaiting(job)) return job
      lane.due.pop()
    }
    return undefined
  }

  /** Puts a free lane's first job forward; forgets a lane that has none. */
  function offer(name: string) {
    const lane = lanes.get(name)
    if (!lane || lane.busy) return
    const job = first(lane)
    if (!job && lane.pauses.length === 0) lanes.delete(name)
    if (!job || !mayRun(lane, job)) return
    const heads = ready.get(job.queue) ?? createHeap(runsBefore)
    ready.set(job.queue, heads)
    heads.push(job)
  }

  function fire({ at, lane: name, job }: Timer) {
    if (job && !isWaiting(job)) return
    const lane = laneNamed(name)
    if (job) lane.due.push(job)
    else lane.pauses = lane.pauses.filter(({ until }) => until > at)
    if (!job || first(lane) === job) offer(name)
  }

  function isBusy(name: string): boolean {
    const lane = lanes.get(name)
    return lane !== undefined && (lane.busy || first(lane) !== undefined)
  }

  return {
    add(job) {
      waiting.set(job.seq, job)
      timers.push({ at: job.dueAt, lane: job.lane, job })
    },
    all: () => waiting.values(),
    remove(seq) {
      const job = waiting.get(seq)
      waiting.delete(seq)
      if (job) offer(job.lane)
    },
    advance(now) {
      for (let timer = timers.peek(); timer && timer.at <= now; timer = timers.peek()) {
        timers.pop()
        fire(timer)
      }
    },
    take(queue) {
      const heads = ready.get(queue)
      for (let job = heads?.pop(); job; job = heads?.pop()) {
        const lane = lanes.get(job.lane)
        if (!lane || first(lane) !== job || !mayRun(lane, job)) continue
        lane.due.pop()
        lane.busy = true
        waiting.delete(job.seq)
        return job
      }
      return undefined
    },
    occupy(lane) {
      laneNamed(lane).busy = true
    },
    isBusy,
    isIdle: (name) => !isBusy(name) && (lanes.get(name)?.pauses.length ?? 0) === 0,
    release(name) {
      laneNamed(name).busy = false
      offer(name)
    },
    pause(name, until, upTo) {
      laneNamed(name).pauses.push({ until, upTo })
      timers.push({ at: until, lane: name })
    },
    nextAt: () => timers.peek()?.at ?? Number.POSITIVE_INFINITY,
  }
}
