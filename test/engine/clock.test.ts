import { expect, onTestFinished, test, vi } from 'vitest'
import { message } from '../../src/domain/message.ts'
import { createClockWatch } from '../../src/engine/clock.ts'
import { fakeCloud } from './fakes.ts'

test('a clock that is minutes off is told of, and that it is right again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const cloud = fakeCloud(Date.now)
  const logged: string[] = []
  const say = (_: object, text: string) => void logged.push(text)
  const watch = createClockWatch({
    cloud,
    now: Date.now,
    log: { debug() {}, info: say, warn: say, error: say },
  })
  onTestFinished(watch.stop)
  cloud.ntp = async () => ({ ok: true, data: -185_000 })
  watch.start()
  await vi.waitFor(() => expect(watch.standing()).toMatchObject({ ahead: -185 }))
  expect(watch.standing()?.detail).toContain('185 s behind')
  expect(logged).toHaveLength(1)
  cloud.ntp = async () => ({ ok: false, kind: 'unreachable', why: message('cloud.given-up') })
  await vi.advanceTimersByTimeAsync(300_000)
  expect(watch.standing()?.detail).toContain('185 s behind')
  cloud.ntp = async () => ({ ok: true, data: 2_000 })
  await vi.advanceTimersByTimeAsync(300_000)
  expect(watch.standing()).toEqual({ ahead: 2, at: expect.any(Number) })
  expect(logged.at(-1)).toContain('right again')
})
