import { expect, test } from 'vitest'
import { createRetries } from '../../../src/channels/wecom/retries.ts'
import type { End } from '../../../src/channels/wecom/session.ts'
import { TIMING } from '../../../src/channels/wecom/timing.ts'

const lost: End = { kind: 'lost', why: 'gone' }
const kicked: End = { kind: 'kicked' }
const refused: End = { kind: 'refused', code: 853000, why: 'invalid' }
const minute = 60_000

/** The moments of so many tries that all end alike, ms after the first. */
function triesOf(end: End, count: number, chance: number, stoodFor?: number): number[] {
  const retries = createRetries(TIMING, () => chance)
  const moments = [0]
  while (moments.length < count) moments.push(moments.at(-1)! + retries.pauseAfter(end, stoodFor))
  return moments
}
const within = (moments: number[], from: number, span: number) =>
  moments.filter((moment) => moment >= from && moment <= from + span).length
const pausesOf = (moments: number[]) => moments.slice(1).map((moment, i) => moment - moments[i]!)

test.for([0, 0.999])('C9: it never gives up; pauses double to a minute, spread by chance (%d)', (chance) => {
  const pauses = pausesOf(triesOf(lost, 40, chance))
  expect(pauses.slice(0, 6).map((pause) => pause / (0.5 + chance / 2))).toEqual(
    [1, 2, 4, 8, 16, 32].map((s) => s * 1_000),
  )
  expect(Math.max(...pauses)).toBeLessThanOrEqual(minute)
  expect(pauses.at(-1)).toBeGreaterThanOrEqual(30_000)
})

test('a session that stood for a while makes the pauses begin anew, one that did not does not', () => {
  const retries = createRetries(TIMING, () => 0)
  for (let i = 0; i < 10; i++) retries.pauseAfter(lost, 1_000)
  expect(retries.pauseAfter(lost, 1_000)).toBe(30_000)
  expect(retries.pauseAfter(lost, 60_000)).toBe(500)
})

test.for([0, 0.999])(
  'C4: refused credentials: at most five tries in the first minute, then every five at most',
  (chance) => {
    const moments = triesOf(refused, 10, chance)
    expect(within(moments, 0, minute)).toBeGreaterThan(1)
    expect(within(moments, 0, minute)).toBeLessThanOrEqual(5)
    expect(Math.min(...pausesOf(moments).slice(2))).toBeGreaterThanOrEqual(5 * minute)
  },
)

test('another refusal is no matter of the credentials', () => {
  expect(
    createRetries(TIMING, () => 0).pauseAfter({ kind: 'refused', code: 45009, why: '' }, undefined),
  ).toBe(500)
})

test.for([0.001, 0.999])('C10: kicked: a minute at least, and three tries in any hour at most', (chance) => {
  const moments = triesOf(kicked, 12, chance, 100).slice(1)
  expect(moments[0]).toBeGreaterThanOrEqual(minute)
  for (const moment of moments) expect(within(moments, moment, 60 * minute)).toBeLessThanOrEqual(3)
})

test('kicks are forgotten when a session has stood for an hour', () => {
  const retries = createRetries(TIMING, () => 0)
  retries.pauseAfter(kicked, 0)
  expect(retries.pauseAfter(kicked, 59 * minute)).toBe(20 * minute)
  expect(retries.pauseAfter(kicked, 60 * minute)).toBe(minute)
})
