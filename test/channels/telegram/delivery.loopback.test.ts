import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TelegramFault } from '../../../src/simulator/telegram/api.ts'
import { sampleCards } from '../../support/cards.ts'
import { createRig, delivered, GROUP, hurt, LI, type Rig, refuse } from './rig.ts'

const cards = sampleCards('zh-CN')
const chat = String(GROUP)
let rig: Rig

beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.close())

const send = (to = chat) => rig.channel.send(to, { card: cards.open! }, 'k1')

describe('lost access', () => {
  test('the bot was thrown out', async () => {
    rig.sim.kickBot(GROUP)
    expect(await send()).toMatchObject({ outcome: 'refused', code: '403', gone: 'chat' })
  })

  test('a person blocked the bot', async () => {
    rig.sim.kickBot(LI.id)
    expect(await send(String(LI.id))).toMatchObject({
      outcome: 'refused',
      gone: 'chat',
      why: expect.stringContaining('blocked'),
    })
  })

  test('no such chat', async () => {
    expect(await send('-1009')).toMatchObject({ outcome: 'refused', code: '400', gone: 'chat' })
  })

  test('the group became a supergroup', async () => {
    rig.sim.addChat({ id: -77, type: 'group', title: 'Old', members: [LI.id] })
    rig.sim.migrate(-77, -10077)
    expect(await send('-77')).toMatchObject({ outcome: 'refused', movedTo: '-10077' })
  })
})

describe('faults of a send and of an update', () => {
  const html = { contentType: 'text/html', body: '<html><h1>502</h1></html>' }
  const rows: [string, TelegramFault, send: object, update: object][] = [
    [
      '429',
      refuse(429, 'Too Many Requests: retry after 30', { retry_after: 30 }),
      { outcome: 'later', retryAfter: 30_000, wholeChat: true },
      { outcome: 'later', retryAfter: 30_000, wholeChat: true },
    ],
    ['500 of Telegram', refuse(500, 'Internal Server Error'), { outcome: 'later' }, { outcome: 'later' }],
    ['502 of a proxy', { kind: 'body', status: 502, ...html }, { outcome: 'later' }, { outcome: 'later' }],
    [
      '404 of a wrong root',
      { kind: 'body', status: 404, ...html },
      { outcome: 'later' },
      { outcome: 'later' },
    ],
    [
      '200 of a captive portal',
      { kind: 'body', status: 200, ...html },
      { outcome: 'later' },
      { outcome: 'later' },
    ],
    ['half an answer', { kind: 'truncated' }, { outcome: 'unknown' }, { outcome: 'later' }],
    ['reset before', { kind: 'reset', when: 'before' }, { outcome: 'unknown' }, { outcome: 'later' }],
    ['reset after', { kind: 'reset', when: 'after' }, { outcome: 'unknown' }, { outcome: 'later' }],
    ['no answer', { kind: 'hang', done: true }, { outcome: 'unknown' }, { outcome: 'later' }],
    [
      'an answer that drips',
      { kind: 'slow', ms: 3000, drip: true },
      { outcome: 'unknown' },
      { outcome: 'later' },
    ],
    ['revoked token', refuse(401, 'Unauthorized'), { outcome: 'later' }, { outcome: 'later' }],
    [
      'no rights',
      refuse(400, 'Bad Request: not enough rights to send text messages to the chat'),
      { outcome: 'refused', gone: 'chat' },
      { outcome: 'refused', gone: 'chat' },
    ],
    [
      'not ours',
      refuse(400, "Bad Request: message can't be edited"),
      { outcome: 'refused' },
      { outcome: 'refused', gone: 'message' },
    ],
  ]
  test.each(rows)('%s', async (_, fault, sent, updated) => {
    hurt(rig.sim, 'sendMessage', fault)
    expect(await send()).toMatchObject(sent)
    const message = String(delivered(await send()))
    hurt(rig.sim, 'editMessageText', fault)
    expect(await rig.channel.update(chat, message, cards.closed!)).toMatchObject(updated)
  })

  test('nobody listens', async () => {
    await rig.sim.goOffline()
    expect(await send()).toMatchObject({ outcome: 'later' })
    await rig.sim.goOnline()
    expect(await send()).toMatchObject({ outcome: 'delivered' })
  })
})
