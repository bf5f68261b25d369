import { expect, test } from 'vitest'
import { createBots } from '../../src/app/bots.ts'
import { createLog } from '../../src/log.ts'
import { read } from '../config/support.ts'

const file = (room: string) => `thingboot: { appId: app, appSecret: s, pushToken: abcdefgh }
channels: { wecom: { botId: b, secret: s } }
rooms: [{ name: r, wecom: wrA${room} }]
`
const canMention = async (text: string) => {
  const { bots } = await createBots(read(text), createLog({ write: () => {} }))
  return bots.get('wecom')!.connect().abilities.mention
}

test('the bot on WeCom gets the group robots of the rooms', async () => {
  expect(await canMention(file(', wecomGroupRobot: key-a'))).toBe(true)
  expect(await canMention(file(''))).toBe(false)
})
