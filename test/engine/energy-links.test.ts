import { describe, expect, test } from 'vitest'
import { createEnergyLinks, LINK_LASTS, type TableWish } from '../../src/engine/energy-links.ts'

const SECRET = new Uint8Array(32).fill(7)
const NOW = Date.parse('2026-12-10T04:00:00Z')
const WISH: TableWish = {
  breakers: ['820720', 'pump-2'],
  from: NOW - 86_400_000,
  to: NOW,
  by: 'hour',
  room: '夜班 & co',
}
const links = createEnergyLinks(SECRET, 'https://breakers.example.com/')
const queryOf = (link: string | undefined) => Object.fromEntries(new URL(link!).searchParams)

describe('an address of a table', () => {
  const link = links.make(WISH, NOW)

  test('stands for what was wished, for a day', () => {
    expect(link).toMatch(
      /^https:\/\/breakers\.example\.com\/energy\.csv\?breaker=820720%2Cpump-2&from=2026-12-09T04/,
    )
    expect(links.read(queryOf(link), NOW + LINK_LASTS - 1)).toEqual(WISH)
    expect(links.read(queryOf(link), NOW + LINK_LASTS)).toBe('expired')
  })

  test.each([
    ['breaker', '820721'],
    ['from', '2020-01-01T00:00:00.000Z'],
    ['to', '2030-01-01T00:00:00.000Z'],
    ['by', 'day'],
    ['room', 'day'],
    ['expires', String(NOW + 10 * LINK_LASTS)],
    ['sig', 'x'.repeat(43)],
    ['more', '1'],
  ])('stands for nothing with another %s', (name, value) =>
    expect(links.read({ ...queryOf(link), [name]: value }, NOW)).toBeUndefined(),
  )

  test('stands for nothing without its signature, or where another secret is', () => {
    const { sig: _, ...rest } = queryOf(link)
    expect(links.read(rest, NOW)).toBeUndefined()
    expect(links.read({}, NOW)).toBeUndefined()
    const others = createEnergyLinks(new Uint8Array(32).fill(8), 'https://breakers.example.com')
    expect(others.read(queryOf(link), NOW)).toBeUndefined()
  })

  test('cannot be made where nobody said how the service is reached', () =>
    expect(createEnergyLinks(SECRET, undefined).make(WISH, NOW)).toBeUndefined())
})
