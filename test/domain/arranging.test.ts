import { describe, expect, test } from 'vitest'
import type { Arrange, Arrangements } from '../../src/domain/arrangement.ts'
import { decideArrange } from '../../src/domain/arranging.ts'
import type { Person } from '../../src/domain/people.ts'
import type { Policy } from '../../src/domain/policy.ts'
import type { Window } from '../../src/domain/window.ts'
import { POLICY, PUMP } from './support/site.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 11, 1)
const NONE: Arrangements = { windows: [], ended: [], covers: [] }

/** Two breakers of one site, in two rooms; 丁 may act at the first alone. */
const breakers = [
  { ...PUMP, id: '1', site: 'pond', room: 'a', groups: ['g'] },
  { ...PUMP, id: '2', site: 'pond', room: 'b', groups: [] },
]
const chief: Person = { name: '站长', role: 'admin', ids: {} }
const local: Person = { name: '丁', roles: [{ role: 'operator', sites: [], groups: ['g'] }], ids: {} }
const policyWith = ({ windows, covers }: Arrangements): Policy => ({ ...POLICY, breakers, windows, covers })

let ids = 0
const decide = (before: Arrangements, ask: Arrange, person = chief) =>
  decideArrange(before, ask, person, {
    policy: policyWith(before),
    now: NOW,
    newId: () => `w${++ids}`,
    room: 'a',
  })
const set = (kind: Window['kind'], from: number, until: number): Arrange => ({
  do: 'set',
  kind,
  scope: { site: 'pond' },
  when: { from: NOW + from * HOUR, until: NOW + until * HOUR },
})
const spans = (one: Arrangements | undefined) =>
  one?.windows.map(({ when }) => 'until' in when && [(when.from - NOW) / HOUR, (when.until - NOW) / HOUR])

/** One after another, by the chief. */
const arranged = (...all: Arrange[]) => all.reduce((before, ask) => decide(before, ask).next ?? before, NONE)

describe('a window that is set beside another of its kind', () => {
  test.each([
    ['a longer maintenance takes the place of the one that stands', 'maintenance', [0, 1], [0, 5], [[0, 5]]],
    [
      'a shorter one does not: somebody works under the other',
      'maintenance',
      [0, 8],
      [0, 1],
      [
        [0, 8],
        [0, 1],
      ],
    ],
    [
      'one that is planned for later stands beside it',
      'maintenance',
      [0, 8],
      [48, 52],
      [
        [0, 8],
        [48, 52],
      ],
    ],
    ['a mute is shortened by a newer one', 'mute', [0, 10], [0, 1], [[0, 1]]],
    [
      'mutes that do not meet both hold',
      'mute',
      [0, 1],
      [5, 6],
      [
        [0, 1],
        [5, 6],
      ],
    ],
  ] as const)('%s', (_, kind, first, second, left) => {
    const both = arranged(set(kind, first[0], first[1]), set(kind, second[0], second[1]))
    expect(spans(both)).toEqual(left)
  })

  test('what is replaced is named, so that its end is told of no more', () => {
    const standing = arranged(set('maintenance', 0, 1))
    expect(decide(standing, set('maintenance', 0, 5)).replaced).toEqual(standing.windows)
    expect(decide(standing, set('maintenance', 48, 50)).replaced).toEqual([])
  })

  test('one for later is told as such', () => {
    expect(decide(NONE, set('maintenance', 48, 50)).notice?.key).toBe('arrange.maintenance-later')
    expect(decide(NONE, set('maintenance', 0, 1)).notice?.key).toBe('arrange.maintenance')
  })
})

describe('ending without a name', () => {
  const room = (name: string, until: number): Arrange => ({
    do: 'set',
    kind: 'maintenance',
    scope: { room: name },
    when: { from: NOW, until: NOW + until * HOUR },
  })

  test('ends what is all theirs, and no more', () => {
    const standing = arranged(set('maintenance', 0, 8), room('a', 3))
    expect(spans(decide(standing, { do: 'end', kind: 'maintenance' }, local).next)).toEqual([[0, 8]])
    expect(spans(decide(standing, { do: 'end', kind: 'maintenance' }).next)).toEqual([])
  })

  test('is refused where nothing is all theirs', () => {
    const { next, reply, audit } = decide(
      arranged(set('maintenance', 0, 8)),
      { do: 'end', kind: 'maintenance' },
      local,
    )
    expect(next).toBeUndefined()
    expect(reply).toMatchObject({ refused: true, text: { key: 'gate.role' } })
    expect(audit).toMatchObject([{ who: '丁', what: 'arrange.refused' }])
  })
})

test('a cover takes out of another what they share, and leaves the rest', () => {
  const cover = (person: string, from: number, until: number): Arrange => ({
    do: 'cover',
    person,
    from: NOW + from * HOUR,
    until: NOW + until * HOUR,
  })
  const { covers } = arranged(cover('甲', 0, 100), cover('乙', 10, 20))
  expect(covers.map((one) => [one.person, (one.from - NOW) / HOUR, (one.until - NOW) / HOUR])).toEqual([
    ['甲', 0, 10],
    ['甲', 20, 100],
    ['乙', 10, 20],
  ])
})
