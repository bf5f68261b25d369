import { expect, test } from 'vitest'
import { tryGroupRobots } from '../../../src/cli/online/robots.ts'
import { read } from '../../config/support.ts'
import { GROUP, startSim } from '../../simulator/wecom/support.ts'
import { closedPort } from '../../support/closed-port.ts'

const tryKey = (baseUrl: string, key: string) =>
  tryGroupRobots(
    read(`thingboot: { appId: app, appSecret: s, pushToken: abcdefgh }
channels: { wecom: { botId: b, secret: s, groupRobot: { baseUrl: "${baseUrl}" } } }
rooms: [{ name: night, wecom: ${GROUP}, wecomGroupRobot: ${key} }]
`),
  )

test('a group robot is asked for without a word in its group', async () => {
  const sim = await startSim()
  const part = 'group robot of night'
  expect(await tryKey(sim.url, 'robot-key')).toEqual([{ part, ok: true, detail: 'its key is right' }])
  expect(await tryKey(sim.url, 'wrong-key')).toEqual([
    { part, ok: false, detail: 'WeCom does not know it (93000); check its key, or add one to the group' },
  ])
  const [unreached] = await tryKey(`http://127.0.0.1:${await closedPort()}`, 'robot-key')
  expect(unreached).toMatchObject({ part, ok: false, detail: expect.stringContaining('ECONNREFUSED') })
  expect(JSON.stringify(unreached)).not.toContain('robot-key')
  expect(sim.messages(GROUP)).toEqual([])
})
