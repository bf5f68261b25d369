import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Delivery } from '../../../src/channels/channel.ts'
import type { TelegramFault } from '../../../src/simulator/telegram/api.ts'
import { telegramFaults as faults } from '../../../src/simulator/telegram/index.ts'
import { sampleCards } from '../../support/cards.ts'
import { createRig, delivered, GROUP, hurt, type Rig, refuse } from './rig.ts'

const cards = sampleCards('zh-CN')
const chat = String(GROUP)
let rig: Rig

beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.close())

const send = (to = chat) => rig.channel.send(to, { card: cards.open! }, 'k1')

type Becomes = Partial<Delivery>
const later: Becomes = { outcome: 'later' }
const unknown: Becomes = { outcome: 'unknown' }
const refused: Becomes = { outcome: 'refused', code: '400' }
const messageGone: Becomes = { outcome: 'refused', code: '400', gone: 'message' }
const chatGone = (code: string): Becomes => ({ outcome: 'refused', gone: 'chat', code })
const throttled = (seconds: number): Becomes => ({
  outcome: 'later',
  retryAfter: seconds * 1000,
  wholeChat: true,
  code: '429',
})
const moved: Becomes = { outcome: 'refused', code: '400', movedTo: '-10077' }
const { slow } = faults

/** Every answer to a message: what becomes of a card that is sent, and of one that is changed. */
const ROWS: [answer: string, TelegramFault, sent: Becomes, changed: Becomes][] = [
  ['429, 1 s', faults.tooMany(1), throttled(1), throttled(1)],
  ['429, 30 s', faults.tooMany(30), throttled(30), throttled(30)],
  ['429, an hour', faults.tooMany(3600), throttled(3600), throttled(3600)],
  ['kicked from the supergroup', faults.kicked(), chatGone('403'), chatGone('403')],
  ['kicked from the group', faults.kicked('group'), chatGone('403'), chatGone('403')],
  ['kicked from the channel', faults.kicked('channel'), chatGone('403'), chatGone('403')],
  ['not a member', faults.notMember(), chatGone('403'), chatGone('403')],
  ['group deleted', faults.groupDeleted(), chatGone('403'), chatGone('403')],
  ['blocked', faults.blocked(), chatGone('403'), chatGone('403')],
  ['person deactivated', faults.deactivated(), chatGone('403'), chatGone('403')],
  ['no rights', faults.noRights(), chatGone('400'), chatGone('400')],
  ['no write access', faults.noWriteAccess(), chatGone('400'), chatGone('400')],
  ['chat not found', faults.chatNotFound(), chatGone('400'), chatGone('400')],
  ['migrated', faults.migrated(-10077), moved, moved],
  ['token revoked', faults.unauthorized(), { ...later, code: '401' }, { ...later, code: '401' }],
  ['500 in JSON', faults.internal(), later, later],
  ['502 in HTML', faults.badGateway(), later, later],
  ['504 in HTML, work left', faults.gatewayTimeout(), unknown, later],
  ['504 in HTML, work done', faults.gatewayTimeout(true), unknown, later],
  ['404 in HTML (a wrong root)', faults.notFoundPage(), later, later],
  ['200 in HTML (a captive portal)', faults.portal(), later, later],
  ['200, torn', faults.truncated(), unknown, later],
  ['200, no JSON', { kind: 'body', status: 200, body: 'OK' }, unknown, later],
  ['reset before the work', faults.reset('before'), unknown, later],
  ['reset after the work', faults.reset('after'), unknown, later],
  ['no answer, work left', faults.hang(), unknown, later],
  ['no answer, work done', faults.hang(true), unknown, later],
  ['an answer that drips', slow(3000, true), unknown, later],
  ['not modified', notModified(), refused, { outcome: 'delivered' }],
  ['message to edit not found', faults.editNotFound(), refused, messageGone],
  ['not ours', refuse(400, "Bad Request: message can't be edited"), refused, messageGone],
  ['data too long', refuse(400, 'Bad Request: BUTTON_DATA_INVALID'), refused, refused],
]

function notModified(): TelegramFault {
  return refuse(400, 'Bad Request: message is not modified: specified new message content and reply markup …')
}

describe.each(ROWS)('%s', (_, fault, sent, changed) => {
  test('for a card that is sent', async () => {
    hurt(rig.sim, 'sendMessage', fault)
    expect(await send()).toEqual({ why: expect.any(String), ...sent })
    delivered(await send())
  })

  test('for one that is changed', async () => {
    const message = String(delivered(await send()))
    hurt(rig.sim, 'editMessageText', fault)
    const why = changed.outcome === 'delivered' ? { message } : { why: expect.any(String) }
    expect(await rig.channel.update(chat, message, cards.closed!)).toEqual({ ...why, ...changed })
  })
})

/** What a server that refuses a part gets instead: the rest. */
describe('a concession', () => {
  test.each([
    ["can't parse entities", faults.cannotParse(), { entities: [] }],
    ['message thread not found', faults.threadNotFound(), {}],
    ['topic closed', refuse(400, 'Bad Request: TOPIC_CLOSED'), {}],
  ])('%s', async (_, fault, seen) => {
    rig.sim.setTopic(-100300, 12, 'open')
    hurt(rig.sim, 'sendMessage', fault)
    delivered(await send('-100300/12'))
    expect(rig.sim.messages(-100300)).toHaveLength(1)
    expect(rig.sim.messages(-100300)[0]).toMatchObject(seen)
    expect(rig.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1)
  })
})
