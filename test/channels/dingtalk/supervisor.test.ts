import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GatewayError, type StreamConnection } from '../../../src/channels/dingtalk/stream-client.ts'
import { createSupervisor } from '../../../src/channels/dingtalk/supervisor.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'

const TIMING = { firstPause: 4, longestPause: 32, healthyAfter: 500, lingerFor: 10 }

/** Pauses are the longest that chance allows, where a test says nothing else. */
const chance = (...draws: number[]) => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(1)
  for (const draw of draws) random.mockReturnValueOnce(draw)
}
beforeEach(() => chance())
afterEach(() => vi.restoreAllMocks())

/** A connection that ends by itself after so many ms. */
function living(ms: number): StreamConnection {
  const closed = Promise.withResolvers<void>()
  const timer = setTimeout(closed.resolve, ms)
  const close = () => {
    clearTimeout(timer)
    closed.resolve()
    return closed.promise
  }
  return { leaving: closed.promise, closed: closed.promise, ack: () => true, close }
}

/** Runs over attempts, each a life in ms or an error; resolves with the pauses between them. */
async function pausesAfter(attempts: (number | Error)[]): Promise<number[]> {
  const pauses: number[] = []
  let opened = 0
  const open = async () => {
    const attempt = attempts[opened++]
    if (attempt === undefined) return living(60_000)
    if (attempt instanceof Error) throw attempt
    return living(attempt)
  }
  const set = (_state: string, _detail?: string, pause?: number) => {
    if (pause !== undefined) pauses.push(pause)
  }
  const health = { get: () => ({ state: 'ready' as const, since: 0 }), set }
  const supervisor = createSupervisor({ open, timing: TIMING, health, log: createRecorder().log })
  supervisor.start()
  await until(() => opened > attempts.length)
  await supervisor.stop()
  return pauses
}

const down = new Error('down')

test('pauses double up to the longest', async () => {
  expect(await pausesAfter([down, down, down, down, down, down])).toEqual([4, 8, 16, 32, 32, 32])
})

test('connections that end soon count like failures; one that lived for long makes the pauses begin anew', async () => {
  expect(await pausesAfter([down, 1, 1])).toEqual([4, 8, 16])
  expect(await pausesAfter([down, down, down, 700, down])).toEqual([4, 8, 16, 4, 8])
})

test('what only a person can mend is tried at the longest pause from the beginning', async () => {
  const rejected = new GatewayError('HTTP 401: authFailed', true, 'authFailed')
  expect(await pausesAfter([rejected, rejected])).toEqual([32, 32])
})

test('each pause is drawn anew: anything up to the longest after a failure, half of it at least where a person is needed', async () => {
  chance(0, 0.25, 0.5, 0.75)
  expect(await pausesAfter([down, down, down, down, down])).toEqual([0, 2, 8, 24, 32])
  const rejected = new GatewayError('HTTP 401: authFailed', true, 'authFailed')
  chance(0, 0.5)
  expect(await pausesAfter([rejected, rejected, rejected])).toEqual([16, 24, 32])
})

test('two that fail together do not come back together', async () => {
  vi.restoreAllMocks()
  const failing = Array<Error>(6).fill(down)
  const [one, other] = await Promise.all([pausesAfter(failing), pausesAfter(failing)])
  expect(one).not.toEqual(other)
  for (const pauses of [one, other])
    for (const [index, pause] of pauses.entries())
      expect(pause).toBeLessThanOrEqual(Math.min(TIMING.longestPause, TIMING.firstPause * 2 ** index))
})
