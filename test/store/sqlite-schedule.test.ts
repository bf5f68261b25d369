import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHeap } from '../../src/store/sqlite/heap.ts'
import { createSchedule, type Schedule, type WaitingJob } from '../../src/store/sqlite/schedule.ts'

/** The same, found by looking at everything each time. */
function createPlainSchedule(): Schedule {
  const jobs = new Map<number, WaitingJob>()
  const busy = new Set<string>()
  const pauses: { lane: string; until: number; upTo: number }[] = []
  let time = 0
  const isReady = (job: WaitingJob) =>
    job.dueAt <= time &&
    !busy.has(job.lane) &&
    !pauses.some((one) => one.lane === job.lane && one.until > time && job.priority <= one.upTo)
  const inOrder = () =>
    [...jobs.values()].filter(isReady).sort((a, b) => b.priority - a.priority || a.seq - b.seq)
  const isFirstOfLane = (job: WaitingJob) => inOrder().find(({ lane }) => lane === job.lane) === job
  const isBusy = (lane: string) =>
    busy.has(lane) || [...jobs.values()].some((job) => job.lane === lane && job.dueAt <= time)
  return {
    add: (job) => void jobs.set(job.seq, job),
    all: () => jobs.values(),
    remove: (seq) => void jobs.delete(seq),
    advance: (now) => {
      time = now
    },
    take(queue) {
      const job = inOrder().find((one) => one.queue === queue && isFirstOfLane(one))
      if (!job) return undefined
      jobs.delete(job.seq)
      busy.add(job.lane)
      return job
    },
    occupy: (lane) => void busy.add(lane),
    isBusy,
    isIdle: (lane) => !isBusy(lane) && !pauses.some((one) => one.lane === lane && one.until > time),
    release: (lane) => void busy.delete(lane),
    pause: (lane, until, upTo) => void pauses.push({ lane, until, upTo }),
    nextAt: () =>
      Math.min(...[...jobs.values()].map(({ dueAt }) => dueAt), ...pauses.map(({ until }) => until)),
  }
}

/** Something done to a schedule at a time, in the turn of a number; what it answers must be the same. */
type Step = (schedule: Schedule, time: number, turn: number) => unknown

const lane = fc.constantFrom('a', 'b', 'c')
const queue = fc.constantFrom('q', 'r')
const about = fc.integer({ min: -10, max: 10 })
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ lane, queue, priority: fc.nat(2), due: about }).map(
    ({ due, ...job }): Step =>
      (schedule, time, seq) =>
        schedule.add({ ...job, seq, dueAt: time + due }),
  ),
  queue.map(
    (name): Step =>
      (schedule) =>
        schedule.take(name),
  ),
  lane.map(
    (name): Step =>
      (schedule) =>
        schedule.release(name),
  ),
  lane.map(
    (name): Step =>
      (schedule) => [schedule.isBusy(name), schedule.isIdle(name)],
  ),
  fc.tuple(lane, about, fc.constantFrom(0, 1, Number.POSITIVE_INFINITY)).map(
    ([name, by, upTo]): Step =>
      (schedule, time) =>
        schedule.pause(name, time + by, upTo),
  ),
  fc.nat(10).map(
    (back): Step =>
      (schedule, _, turn) =>
        schedule.remove(turn - back),
  ),
)

describe('the schedule', () => {
  it('takes what a search through everything would take', () => {
    const property = fc.property(
      fc.array(fc.tuple(steps, fc.nat(3)), { maxLength: 80, size: 'max' }),
      (sequence) => {
        const [fast, plain] = [createSchedule(), createPlainSchedule()]
        let time = 0
        for (const [turn, [step, moved]] of sequence.entries()) {
          time += moved
          const [answer, expected] = [fast, plain].map((schedule) => {
            schedule.advance(time)
            return step(schedule, time, turn)
          })
          expect(answer).toEqual(expected)
        }
      },
    )
    fc.assert(property, { numRuns: 300 })
  })

  it('says when something falls due next', () => {
    const schedule = createSchedule()
    expect(schedule.nextAt()).toBe(Number.POSITIVE_INFINITY)
    schedule.add({ seq: 1, lane: 'a', queue: 'q', priority: 0, dueAt: 50 })
    schedule.pause('b', 20, 0)
    expect(schedule.nextAt()).toBe(20)
    schedule.advance(20)
    expect(schedule.nextAt()).toBe(50)
  })
})

describe('the heap', () => {
  it('gives its items in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = createHeap<number>((a, b) => a < b)
        for (const number of numbers) heap.push(number)
        const taken: number[] = []
        for (let next = heap.pop(); next !== undefined; next = heap.pop()) taken.push(next)
        expect(taken).toEqual(numbers.toSorted((a, b) => a - b))
      }),
    )
  })
})
