import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextQuery } from '../../src/domain/meter-query.ts'
import { EIGHT } from './support/site.ts'

const [MINUTE, HOUR] = [60_000, 3_600_000]

test('each breaker is asked once in every span, at the same moment of it, whenever it is looked', () => {
  const id = fc.stringMatching(/^[0-9]{6}$/)
  fc.assert(
    fc.property(
      id,
      fc.integer({ min: MINUTE, max: 24 * HOUR }),
      fc.nat({ max: 1e9 }),
      (device, every, later) => {
        const now = EIGHT + later
        const at = nextQuery(device, every, now)
        expect(at).toBeGreaterThanOrEqual(now)
        expect(at).toBeLessThan(now + every)
        expect(nextQuery(device, every, at)).toBe(at)
        expect(nextQuery(device, every, at + 1)).toBe(at + every)
      },
    ),
  )
})

test('10,000 breakers with ids one after another are spread evenly: no minute of an hour has much more than its share', () => {
  const minutes = Array.from({ length: 60 }, () => 0)
  for (let device = 820_000; device < 830_000; device++)
    minutes[Math.floor((nextQuery(String(device), HOUR, EIGHT) - EIGHT) / MINUTE)]! += 1
  expect(Math.max(...minutes)).toBeLessThan((10_000 / 60) * 1.3)
  expect(Math.min(...minutes)).toBeGreaterThan((10_000 / 60) * 0.7)
})
