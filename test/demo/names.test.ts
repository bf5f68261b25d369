import { expect, test } from 'vitest'
import { BREAKERS, PLAYERS, ROOM } from '../../src/demo/cast.ts'
import { named, siteNamed } from '../../src/demo/names.ts'

/** All that has a name in the demo. */
const CAST = { ROOM: ROOM.name, people: PLAYERS.map(({ name }) => name), breakers: BREAKERS }

test('in English nothing and nobody has a Chinese name, and no two have the same', () => {
  expect(JSON.stringify(named(CAST, 'en'))).not.toMatch(/\p{Script=Han}/u)
  const names = named(
    [...BREAKERS, ...PLAYERS].map(({ name }) => name),
    'en',
  )
  expect(new Set(names).size).toBe(names.length)
  expect(named(CAST, 'zh-CN')).toEqual(CAST)
})

test('a site is found by its name in either language', () => {
  for (const { site } of BREAKERS) {
    expect(siteNamed(site)).toBe(site)
    expect(siteNamed(named(site, 'en'))).toBe(site)
  }
  expect(siteNamed('constructor')).toBeUndefined()
})
