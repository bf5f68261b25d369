import { expect, onTestFinished, test } from 'vitest'
import { createBots } from '../../src/app/bots.ts'
import { createLog } from '../../src/log.ts'
import { createDingTalkSim } from '../../src/simulator/dingtalk/index.ts'
import { sampleCards, typeable } from '../support/cards.ts'

test('what is configured of DingTalk reaches its adapter: template, fallback, what a month allows', async () => {
  const sim = await createDingTalkSim()
  onTestFinished(() => sim.close())
  const app = { clientId: 'ding1', clientSecret: 'secret-1' }
  sim.addApp(app)
  sim.addGroup({ conversationId: 'cid1', title: '群', members: [], robots: ['ding1'] })
  const addresses = { apiBase: sim.url, oapiBase: sim.url }
  const monthly = { monthlyCalls: 100, monthlyPushes: 50 }
  const dingtalk = { ...app, ...addresses, ...monthly, fallback: 'markdown', cardTemplateId: 'own' } as const
  const { bots } = await createBots({ channels: { dingtalk }, rooms: [] }, createLog({ level: 'silent' }))
  const bot = bots.get('dingtalk')!
  expect(bot).toMatchObject({ id: 'dingtalk:ding1', quota: { call: 100, push: 50 } })
  const used: string[] = []
  const channel = bot.connect((kind) => used.push(kind))
  const card = typeable(sampleCards('zh-CN').open!)
  await channel.send('cid1', { card }, 'card1')
  const create = sim.calls.find((one) => one.kind === 'request' && one.path.endsWith('createAndDeliver'))
  expect(create).toMatchObject({ body: { cardTemplateId: 'own' } })
  expect(sim.messages('cid1')).toMatchObject([{ type: 'sampleMarkdown' }])
  expect(used).toEqual(['call', 'call'])
  await channel.stop()
})
