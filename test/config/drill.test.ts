import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'
import { toPolicy } from '../../src/config/to-policy.ts'
import { ENV } from './support.ts'

const configWith = (drill: string) =>
  parseConfig(
    `thingboot: { appId: a, appSecret: s, pushToken: push-token }
channels: { telegram: { token: "1:t" } }
rooms: [{ name: night, telegram: -100 }]
${drill}`,
    ENV,
  )

test('a weekly drill is a weekday and a time, in all rooms or in some', () => {
  const every = { weekday: 0, hour: 10, minute: 0 }
  const loaded = [
    configWith('drill: { every: "Mon 10:00" }'),
    configWith('drill: { every: "Mon 10:00", rooms: [night] }'),
    configWith(''),
  ]
  expect(loaded.map((one) => one.ok && toPolicy(one.config).drill)).toEqual([
    { every },
    { every, rooms: ['night'] },
    undefined,
  ])
})

test.each([
  ['drill: { every: daily }', 'drill.every', 'must be a weekday and a time such as "Mon 08:00"'],
  ['drill: { every: "Mon 10:00", rooms: [day] }', 'drill.rooms[0]', 'there is no room «day»'],
  ['drill: { every: "Mon 10:00", rooms: [] }', 'drill.rooms', 'needs at least one room'],
])('%s is told with its place', (text, path, problem) => {
  expect(configWith(text)).toMatchObject({ ok: false, faults: [{ path, problem, line: 4 }] })
})
