import { expect, test } from 'vitest'
import { TIMING } from '../../../src/channels/wecom/timing.ts'

test('C3, C6, C7: what hangs is given up in time', () => {
  expect(TIMING.authWithin).toBeLessThanOrEqual(10_000)
  expect(TIMING.handshakeWithin).toBeLessThanOrEqual(10_000)
  // Documented: every 30 s. The SDK gives the link up after three of them.
  expect(TIMING.pingEvery).toBe(30_000)
})

test('a press is answered long before WeCom stops waiting, and the robot is asked for no more than it may', () => {
  expect(TIMING.answerWithin).toBeLessThanOrEqual(2_500)
  expect(TIMING.robotPause).toBeGreaterThanOrEqual(60_000)
})
