import { expect, test } from 'vitest'
import { pressResponse } from '../../../src/channels/dingtalk/answer.ts'
import { createLanes } from '../../../src/channels/dingtalk/lanes.ts'
import { createPressIds } from '../../../src/channels/dingtalk/press-ids.ts'
import { renderCard } from '../../../src/channels/dingtalk/render.ts'
import { createSessions } from '../../../src/channels/dingtalk/sessions.ts'
import { createTokens } from '../../../src/channels/dingtalk/token.ts'
import { sampleCards } from '../../support/cards.ts'

test.for([
  ['https://oapi.dingtalk.com/robot/sendBySession?session=1', true],
  ['https://oapi.dingtalk.io/robot/sendBySession?session=1', true],
  ['http://127.0.0.1:7/robot/sendBySession?session=1', true],
  ['http://oapi.dingtalk.com/x', false],
  ['https://dingtalk.com.evil.example/x', false],
  ['https://evildingtalk.com/x', false],
  ['https://oapi.dingtalk.com@evil.example/x', false],
  ['https://oapi.dingtalk.com:8443/x', false],
  ['http://127.0.0.1:8/x', false],
  ['file:///etc/passwd', false],
  ['', false],
] as const)('a reply goes to DingTalk alone: %s', ([url, trusted]) => {
  const sessions = createSessions('http://127.0.0.1:7', () => 0)
  sessions.remember('chat', url, 3_600_000)
  expect(sessions.fresh('chat')).toBe(trusted ? url : undefined)
})

test('a reply address is forgotten before it ends', () => {
  let now = 0
  const sessions = createSessions('http://127.0.0.1:7', () => now)
  sessions.remember('chat', 'http://127.0.0.1:7/x', 90 * 60_000)
  now = 88 * 60_000
  expect(sessions.fresh('chat')).toBeDefined()
  now = 89 * 60_000
  expect(sessions.fresh('chat')).toBeUndefined()
})

test('a press keeps its id until it is acknowledged, and others have their own', () => {
  let now = 0
  const ids = createPressIds(() => now)
  const press = { message: 'card', sender: 'li', data: 'v1:energy' }
  const first = ids.idOf(press, 'm1')
  expect(ids.idOf(press, 'm2')).toBe(first)
  expect(ids.idOf({ ...press, sender: 'wang' }, 'm3')).not.toBe(first)
  ids.acknowledged(press)
  const second = ids.idOf(press, 'm4')
  expect(second).not.toBe(first)
  now = 6 * 60_000
  expect(ids.idOf(press, 'm5')).not.toBe(second)
})

test('many who need a token share one call for it; a dropped one is not used again', async () => {
  let now = 0
  let calls = 0
  const answer = () => ({ accessToken: `t${++calls}`, expireIn: 7_200 })
  const tokens = createTokens(
    async () => ({ kind: 'answer', status: 200, body: answer(), html: false }),
    () => now,
  )
  expect(await Promise.all([tokens.get(), tokens.get()])).toEqual([{ token: 't1' }, { token: 't1' }])
  tokens.drop('t1')
  tokens.drop('t1')
  expect(await tokens.get()).toEqual({ token: 't2' })
  now = 6_900_000
  expect(await tokens.get()).toEqual({ token: 't2' })
  now = 7_000_000
  expect(await tokens.get()).toEqual({ token: 't3' })
})

test('without a token nothing can have been sent', async () => {
  const tokens = createTokens(async () => ({ kind: 'lost', why: 'no answer' }), Date.now)
  expect(await tokens.get()).toMatchObject({ failure: { how: 'unsent' } })
})

test('work of one lane keeps its order, whatever becomes of it', async () => {
  const lanes = createLanes()
  const done: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = lanes.run('a', async () => {
    await gate.promise
    throw new Error('failed')
  })
  const second = lanes.run('a', async () => done.push('second'))
  await lanes.run('b', async () => done.push('other lane'))
  gate.resolve()
  await expect(first).rejects.toThrow('failed')
  await second
  expect(done).toEqual(['other lane', 'second'])
  await Promise.resolve()
  expect(lanes.busy('b')).toBe(false)
})

const card = sampleCards('zh-CN').acknowledged!

test('what an answer shows, and to whom', () => {
  expect(pressResponse({})).toEqual({})
  const open = pressResponse({ card, toast: '已确认' })
  expect(open.cardData?.cardParamMap).toMatchObject({ tips: '已确认' })
  expect(open.userPrivateData).toEqual({ cardParamMap: {} })
  const alert = pressResponse({ card, toast: '不可合闸', alert: true })
  expect(alert.cardData?.cardParamMap).toMatchObject({ tips: '' })
  expect(alert.userPrivateData).toEqual({ cardParamMap: { tips: '不可合闸' } })
  const refusal = pressResponse({ toast: '无权操作' })
  expect(refusal).not.toHaveProperty('cardData')
  expect(refusal.userPrivateData).toEqual({ cardParamMap: { tips: '无权操作' } })
  const own = { ...card, buttons: [] }
  const step = pressResponse({ card, own, toast: '请确认', privately: true })
  expect(step.cardData).toEqual({ cardParamMap: renderCard(card) })
  expect(step.userPrivateData?.cardParamMap).toEqual({
    tips: '请确认',
    sys_full_json_obj: JSON.stringify({ msgButtons: [] }),
  })
  const alone = pressResponse({ card, toast: '今日 3 kWh', privately: true })
  expect(alone).not.toHaveProperty('cardData')
  // A card of one's own would stand still when the card changes for all.
  expect(alone.userPrivateData).toEqual({ cardParamMap: { tips: '今日 3 kWh' } })
})
