import { describe, expect, test } from 'vitest'
import { readUntil } from '../../src/domain/until.ts'

/** 22:30 in Shanghai, 15:30 in Berlin. */
const NOW = Date.parse('2026-12-01T14:30:00Z')

function read(text: string, zone = 'Asia/Shanghai', now = NOW): string | undefined {
  const found = readUntil(text.split(' '), now, zone)
  if (!found) return undefined
  const [from, until] = [found.from, found.until].map((at) => new Date(at).toISOString().slice(0, 16))
  return [found.from === now ? 'now' : from, until, ...found.rest].join(' ')
}

describe('a time that was typed', () => {
  test.each([
    ['30m', 'now 2026-12-01T15:00'],
    ['30分钟', 'now 2026-12-01T15:00'],
    ['2h', 'now 2026-12-01T16:30'],
    ['2小时', 'now 2026-12-01T16:30'],
    ['3d', 'now 2026-12-04T14:30'],
    ['3天 换 电缆', 'now 2026-12-04T14:30 换 电缆'],
    ['今晚', 'now 2026-12-02T00:00'],
    ['tonight', 'now 2026-12-02T00:00'],
    ['until tonight', 'now 2026-12-02T00:00'],
    ['到明早', 'now 2026-12-02T00:00'],
    ['到 2026-12-03', 'now 2026-12-02T16:00'],
    ['到2026-12-03 08:00 换电缆', 'now 2026-12-03T00:00 换电缆'],
    ['until 2026-12-03T08:00 why', 'now 2026-12-03T00:00 why'],
    ['until 07:15', 'now 2026-12-01T23:15'],
    ['until 23:00', 'now 2026-12-01T15:00'],
    ['到 1-5', 'now 2027-01-04T16:00'],
    ['12-03 20:00 到 12-04 08:00', '2026-12-03T12:00 2026-12-04T00:00'],
    ['23:00 to 06:00', '2026-12-01T15:00 2026-12-01T22:00'],
    ['12-31 20:00 to 01-01 08:00', '2026-12-31T12:00 2027-01-01T00:00'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected))

  test.each(['', 'h', '2', '2x', '到', '到 2026-02-30', 'until noon', '12-03', '25:00', '3号增氧机 2h'])(
    'is none: %s',
    (text) => expect(read(text)).toBeUndefined(),
  )

  test.each([
    ['tonight', 'Europe/Berlin', '2026-03-28T21:00:00Z', 'now 2026-03-29T06:00'],
    ['tonight', 'Europe/Berlin', '2026-10-24T20:00:00Z', 'now 2026-10-25T07:00'],
    ['tonight', 'America/New_York', '2026-03-08T03:00:00Z', 'now 2026-03-08T12:00'],
    ['until 02:30', 'Europe/Berlin', '2026-03-28T21:00:00Z', 'now 2026-03-29T01:30'],
    // After midnight «tonight» is over at eight the same morning.
    ['今晚', 'Asia/Shanghai', '2026-12-01T18:00:00Z', 'now 2026-12-02T00:00'],
  ])('%s in %s, %s', (text, zone, now, expected) => expect(read(text, zone, Date.parse(now))).toBe(expected))
})
