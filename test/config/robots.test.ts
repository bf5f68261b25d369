import { expect, test } from 'vitest'
import { needRestart } from '../../src/config/changes.ts'
import { groupRobots } from '../../src/config/robots.ts'
import { secretsOf } from '../../src/config/secrets.ts'
import { faultsOf, read, warningsOf } from './support.ts'

const file = (
  wecom: string,
  ...rooms: string[]
) => `thingboot: { appId: app, appSecret: s, pushToken: abcdefgh }
channels: { wecom: { botId: b, secret: s${wecom} }, telegram: { token: "1:a" } }
people: [{ name: a, role: admin, wecom: a }]
rooms:
${rooms.map((room, index) => `  - { name: r${index}, ${room} }`).join('\n')}
`
const COMMON = ', groupRobot: { key: common-key }'
const keysOf = (text: string) => Object.fromEntries(groupRobots(read(text)).keys)

test('the channel’s robot is that of the only room with a WeCom group', () => {
  expect(keysOf(file(COMMON, 'wecom: wrA', 'telegram: -1'))).toEqual({ wrA: 'common-key' })
  expect(keysOf(file('', 'wecom: wrA'))).toEqual({})
  expect(groupRobots(read(file('', 'wecom: wrA'))).baseUrl).toBe('https://qyapi.weixin.qq.com')
})

test('each room may name its own', () => {
  const text = file(
    '',
    'wecom: wrA, wecomGroupRobot: key-a',
    'wecom: wrB, wecomGroupRobot: key-b',
    'wecom: wrC',
  )
  expect(keysOf(text)).toEqual({ wrA: 'key-a', wrB: 'key-b' })
  expect(warningsOf(text)).toEqual([])
  expect(secretsOf(read(text))).toEqual(expect.arrayContaining(['key-a', 'key-b']))
  const own = file(
    ', groupRobot: { baseUrl: "https://wecom.example.com" }',
    'wecom: wrA, wecomGroupRobot: key-a',
  )
  expect(groupRobots(read(own))).toEqual({
    baseUrl: 'https://wecom.example.com',
    keys: new Map([['wrA', 'key-a']]),
  })
})

test.for([
  ['two rooms have one', ['wecom: wrA', 'wecom: wrB'], 'it is not known which room has it'],
  [
    'one of two has its own',
    ['wecom: wrA', 'wecom: wrB, wecomGroupRobot: key-b'],
    'it is not known which room has it',
  ],
  ['no room has one', ['telegram: -1'], 'it is not known which room has it'],
  [
    'the only one has its own',
    ['wecom: wrA, wecomGroupRobot: key-a'],
    'the room «r0» names a robot of its own',
  ],
] as const)('a robot of the channel that is of no use is warned of: %s', ([, rooms, says]) => {
  const text = file(COMMON, ...rooms)
  expect(warningsOf(text)).toEqual([expect.stringContaining(`channels.wecom.groupRobot.key is not used: `)])
  expect(warningsOf(text)[0]).toContain(says)
  expect(Object.values(keysOf(text))).not.toContain('common-key')
})

test('a key without its group, or in two, is a fault that does not name it', () => {
  expect(faultsOf(file('', 'telegram: -1, wecomGroupRobot: key-a'))).toEqual([
    'f:5 rooms[0].wecomGroupRobot needs wecom beside it: the id of the group that the robot is in',
  ])
  const twice = file('', 'wecom: wrA, wecomGroupRobot: key-a', 'wecom: wrB, wecomGroupRobot: key-a')
  expect(faultsOf(twice)).toEqual([
    'f:6 rooms[1].wecomGroupRobot is the key of rooms[0], too: a robot posts into one group only',
  ])
})

test('the key goes over no plain http, but to this machine', () => {
  const at = (url: string) => file(`, groupRobot: { key: k, baseUrl: "${url}" }`, 'wecom: wrA')
  expect(faultsOf(at('http://wecom.example.com'))).toEqual([
    expect.stringContaining('must begin with https://'),
  ])
  expect(faultsOf(at('http://127.0.0.1:8080'))).toEqual([])
})

test('a running service keeps its robots: what changes them needs a restart', () => {
  const before = read(file('', 'wecom: wrA, wecomGroupRobot: key-a'))
  const changes = (text: string) => needRestart(before, read(text))
  expect(changes(file('', 'wecom: wrA, wecomGroupRobot: key-b'))).toEqual(['rooms[].wecomGroupRobot'])
  expect(changes(file('', 'wecom: wrB, wecomGroupRobot: key-a'))).toEqual(['rooms[].wecomGroupRobot'])
  expect(changes(file(COMMON, 'wecom: wrA, wecomGroupRobot: key-a'))).toEqual(['channels.wecom'])
  expect(changes(file('', 'wecom: wrA, wecomGroupRobot: key-a, locale: en'))).toEqual([])
})
