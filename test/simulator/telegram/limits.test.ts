import { expect, it } from 'vitest'
import { createClock } from '../../../src/simulator/kit/clock.ts'
import type { RateLimits } from '../../../src/simulator/telegram/api.ts'
import { createLimiter } from '../../../src/simulator/telegram/limits.ts'

function limiter(limits: RateLimits) {
  const clock = createClock()
  const { spend } = createLimiter(clock, limits)
  const refusal = (chat: number) => {
    try {
      spend(chat)
      return undefined
    } catch (error) {
      return error
    }
  }
  return { clock, refusal }
}

it('lets a group have so many messages a minute', () => {
  const { clock, refusal } = limiter({ groupPerMinute: 20 })
  for (let n = 0; n < 20; n++) expect(refusal(-1)).toBeUndefined()
  expect(refusal(-1)).toMatchObject({ code: 429, parameters: { retry_after: 60 } })
  expect(refusal(-2)).toBeUndefined()
  clock.advance(60_000)
  expect(refusal(-1)).toBeUndefined()
})

it('lets a chat have a burst and then one a second', () => {
  const { clock, refusal } = limiter({ chatPerSecond: 1, burst: 2 })
  expect([refusal(7), refusal(7)]).toEqual([undefined, undefined])
  expect(refusal(7)).toMatchObject({ parameters: { retry_after: 2 } })
  clock.advance(2000)
  expect(refusal(7)).toBeUndefined()
})

it('counts all chats together', () => {
  const { refusal } = limiter({ overallPerSecond: 2 })
  expect([refusal(1), refusal(2)]).toEqual([undefined, undefined])
  expect(refusal(3)).toMatchObject({ code: 429, parameters: { retry_after: 1 } })
})

it('makes the wait longer for those who come too early', () => {
  const { clock, refusal } = limiter({ groupPerMinute: 1, earlyPenalty: 10 })
  expect(refusal(-1)).toBeUndefined()
  expect(refusal(-1)).toMatchObject({ parameters: { retry_after: 60 } })
  clock.advance(1000)
  expect(refusal(-1)).toMatchObject({ parameters: { retry_after: 69 } })
  clock.advance(60_000)
  expect(refusal(-1)).toMatchObject({ parameters: { retry_after: 19 } })
})
