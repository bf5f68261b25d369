import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { type Answers, createAnswers, type Given } from '../../src/engine/answers.ts'

const DONE: Given = { answer: { toast: 'done' }, told: false }

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

/** Two instances that hear each other at once. */
function two(): [Answers, Answers] {
  const listeners = new Set<(word: unknown) => void>()
  const store = {
    broadcast: (_topic: string, word: unknown) => {
      for (const listener of listeners) listener(word)
    },
    hear: (_topic: string, listener: (word: unknown) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const both: [Answers, Answers] = [createAnswers(store), createAnswers(store)]
  for (const one of both) onTestFinished(one.hear())
  return both
}

/** What was answered in time, as far as it was; to be looked at while the time goes on. */
function watch(answers: Answers) {
  const seen: { inTime?: [Given | undefined]; outcome?: Given } = {}
  const { inTime, outcome } = answers.wait('press')
  void inTime.then((given) => (seen.inTime = [given]))
  void outcome.then((given) => (seen.outcome = given))
  return seen
}

test('who presses is answered after 900 ms, no sooner and no later, where nothing is decided by then', async () => {
  const [one] = two()
  const seen = watch(one)
  await vi.advanceTimersByTimeAsync(899)
  expect(seen).toEqual({})
  await vi.advanceTimersByTimeAsync(1)
  expect(seen).toEqual({ inTime: [undefined] })
  one.give('press', DONE.answer)
  await vi.advanceTimersByTimeAsync(0)
  expect(seen).toEqual({ inTime: [undefined], outcome: DONE })
})

test.each([0, 1])('what is decided before then is the answer, at whichever instance (%i)', async (which) => {
  const both = two()
  const seen = watch(both[0])
  await vi.advanceTimersByTimeAsync(899)
  both[which]!.give('press', DONE.answer)
  await vi.advanceTimersByTimeAsync(0)
  expect(seen).toEqual({ inTime: [DONE], outcome: DONE })
})

test('a press that comes again gets the same answer for a minute, and leaves no timer after it', async () => {
  const [one] = two()
  watch(one)
  one.give('press', DONE.answer)
  await vi.advanceTimersByTimeAsync(59_000)
  const again = watch(one)
  await vi.advanceTimersByTimeAsync(0)
  expect(again).toEqual({ inTime: [DONE], outcome: DONE })
  await vi.advanceTimersByTimeAsync(1000)
  expect(vi.getTimerCount()).toBe(0)
  const late = watch(one)
  await vi.advanceTimersByTimeAsync(900)
  expect(late).toEqual({ inTime: [undefined] })
})
