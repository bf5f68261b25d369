import { describe, expect, test } from 'vitest'
import { explain, pauseAfter, type Trouble } from '../../../src/channels/telegram/supervise.ts'
import { TIMING } from '../../../src/channels/telegram/timing.ts'

const unreached: Trouble = { kind: 'unreached', text: 'HTTP 502 Bad Gateway' }
const refused = (code: number, retryAfter?: number): Trouble => ({
  kind: 'refused',
  code,
  text: 'no',
  ...(retryAfter !== undefined && { retryAfter }),
})

describe('the pause after trouble', () => {
  const rows: [string, Trouble, failures: number, chance: number, ms: number][] = [
    ['first failure, longest chance', unreached, 0, 1, 1000],
    ['grows twofold', unreached, 3, 1, 8000],
    ['up to a minute', unreached, 50, 1, 60_000],
    ['full jitter: anything below', unreached, 3, 0.25, 2000],
    ['not stored', { kind: 'hindered', text: 'disk full' }, 1, 1, 2000],
    ['an answer that got lost', { kind: 'unclear', text: 'half' }, 0, 0.5, 500],
    ['429 as told', refused(429, 33_000), 0, 0, 33_000],
    ['429 without a time', refused(429), 2, 1, 4000],
    ['409 never at once', refused(409), 0, 0, 5000],
    ['409 that goes on', refused(409), 9, 1, 60_000],
    ['401', refused(401), 0, 0, 180_000],
    ['404', refused(404), 9, 1, 180_000],
    ['a refused webhook address', refused(400), 0, 0, 180_000],
  ]
  test.each(rows)('%s', (_, trouble, failures, chance, ms) => {
    expect(pauseAfter(trouble, failures, TIMING, chance)).toBe(ms)
  })
})

describe('what the operator is told', () => {
  const rows: [Trouble, state: string, detail: RegExp][] = [
    [refused(401), 'failed', /refuses the bot token.*channels\.telegram\.token/],
    [refused(404), 'failed', /channels\.telegram\.apiRoot/],
    [refused(400), 'failed', /refuses to start receiving: no/],
    [refused(409), 'waiting', /Another instance is polling/],
    [refused(429, 1000), 'waiting', /slow down/],
    [unreached, 'waiting', /does not answer \(HTTP 502 Bad Gateway\).*proxy/],
    [{ kind: 'hindered', text: 'disk full' }, 'waiting', /disk full/],
  ]
  test.each(rows)('%o', (trouble, state, detail) => {
    expect(explain(trouble).state).toBe(state)
    expect(explain(trouble).detail).toMatch(detail)
  })
})
