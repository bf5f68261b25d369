import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleCards } from '../../support/cards.ts'
import { callsOf, createRig, delivered, FORUM, GROUP, hurt, LI, type Rig, refuse, TOKEN } from './rig.ts'

const cards = sampleCards('zh-CN')
const chat = String(GROUP)
let rig: Rig

beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.close())

const send = (to = chat) => rig.channel.send(to, { card: cards.open! }, 'k1')

describe('a card', () => {
  test('appears as it was meant, with names as they are', async () => {
    const id = delivered(await send())
    const [seen] = rig.sim.messages(GROUP)
    expect(seen).toMatchObject({ id, kind: 'text' })
    expect(seen?.text).toContain('过载跳闸 · 3号<增氧机>&_泵*')
    expect(seen?.entities.map(({ type }) => type)).toContain('bold')
    expect(seen?.keyboard).toEqual([
      [
        { text: '确认', data: 'v1:ack:inc7k2m9qx4t', style: 'success' },
        { text: '合闸', data: 'v1:reclose:inc7k2m9qx4t', style: 'danger' },
      ],
      [{ text: '电量', data: 'v1:energy:inc7k2m9qx4t' }],
    ])
  })

  test('changes in place, and loses its buttons with the last version only', async () => {
    const message = String(delivered(await send()))
    expect(await rig.channel.update(chat, message, cards.closed!)).toEqual({ outcome: 'delivered', message })
    expect(rig.sim.messages(GROUP)[0]?.keyboard).toHaveLength(1)
    await rig.channel.update(chat, message, cards.final!)
    const seen = rig.sim.messages(GROUP)
    expect(seen).toHaveLength(1)
    expect(seen[0]?.keyboard).toEqual([])
    expect(seen[0]?.entities.at(-1)?.type).toBe('expandable_blockquote')
  })

  test('that already stands so counts as delivered', async () => {
    const message = String(delivered(await send()))
    expect(await rig.channel.update(chat, message, cards.open!)).toEqual({ outcome: 'delivered', message })
    expect(callsOf(rig.sim, 'editMessageText')[0]?.description).toContain('message is not modified')
  })

  test('that somebody deleted has to be sent anew', async () => {
    const id = delivered(await send())
    rig.sim.deleteMessage(GROUP, id)
    const delivery = await rig.channel.update(chat, String(id), cards.closed!)
    expect(delivered(await send())).not.toBe(id)
    expect(delivery).toMatchObject({ outcome: 'refused', gone: 'message' })
  })

  test('goes into its topic; General is no topic', async () => {
    delivered(await send(`${FORUM}/12`))
    delivered(await send(`${FORUM}/1`))
    expect(rig.sim.messages(FORUM).map(({ thread }) => thread)).toEqual([12, undefined])
  })

  test.each(['deleted', 'closed'] as const)('whose topic is %s goes to the chat itself', async (state) => {
    rig.sim.setTopic(FORUM, 12, state)
    delivered(await send(`${FORUM}/12`))
    expect(rig.sim.messages(FORUM).map(({ thread }) => thread)).toEqual([undefined])
  })
})

test('a plain text arrives as written', async () => {
  delivered(await rig.channel.send(String(LI.id), { text: '<b>1 & 2</b>\n状态' }, 'k1'))
  expect(rig.sim.messages(LI.id)[0]).toMatchObject({ text: '<b>1 & 2</b>\n状态', entities: [] })
})

describe('what cannot be addressed is refused without a call', () => {
  test.each(['', 'night-shift', '12/x', 'user:52'])('%s', async (to) => {
    expect(await send(to)).toMatchObject({ outcome: 'refused', gone: 'chat' })
    expect(rig.sim.calls).toHaveLength(0)
  })

  test('a message that is none', async () => {
    expect(await rig.channel.update(chat, 'x1', cards.open!)).toMatchObject({
      outcome: 'refused',
      gone: 'message',
    })
  })
})

describe('a server that refuses a part gets the rest', () => {
  test('formatting: once, as plain text', async () => {
    const fault = refuse(
      400,
      'Bad Request: can\'t parse entities: Unsupported start tag "b" at byte offset 5',
    )
    hurt(rig.sim, 'sendMessage', fault)
    delivered(await send())
    const [seen] = rig.sim.messages(GROUP)
    expect(seen?.text).toContain('3号<增氧机>&_泵*')
    expect(seen?.entities).toEqual([])
    expect(seen?.keyboard).toHaveLength(2)
  })

  test('formatting: no endless repetition', async () => {
    hurt(rig.sim, 'sendMessage', refuse(400, "Bad Request: can't parse entities"), 5)
    expect(await send()).toMatchObject({ outcome: 'refused' })
    expect(callsOf(rig.sim, 'sendMessage')).toHaveLength(2)
  })

  test('coloured buttons: remembered', async () => {
    const old = "Bad Request: can't parse inline keyboard button: invalid button style specified"
    const coloured = JSON.stringify({ style: 'danger' }).slice(1, -1)
    rig.sim.faults.add({
      when: ({ payload }) => JSON.stringify(payload).includes(coloured),
      times: Number.POSITIVE_INFINITY,
      effect: refuse(400, old),
    })
    const message = String(delivered(await send()))
    expect(await rig.channel.update(chat, message, cards.confirming!)).toMatchObject({ outcome: 'delivered' })
    expect(callsOf(rig.sim, 'sendMessage')).toHaveLength(2)
    expect(callsOf(rig.sim, 'editMessageText')).toHaveLength(1)
    expect(rig.sim.messages(GROUP)[0]?.keyboard[0]?.[0]).not.toHaveProperty('style')
  })
})

test('a revoked token shows in health at once', async () => {
  rig.sim.revokeToken(TOKEN)
  const delivery = await send()
  expect(delivery).toMatchObject({ outcome: 'later', code: '401' })
  expect(rig.channel.health()).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('refuses the bot token'),
  })
})

test('after stop nothing leaves, and what was under way is told as it is', async () => {
  hurt(rig.sim, 'sendMessage', { kind: 'hang', done: false })
  const open = send()
  await expect.poll(() => rig.sim.calls.length).toBe(1)
  await rig.channel.stop()
  expect(await open).toMatchObject({ outcome: 'unknown' })
  expect(await send()).toMatchObject({ outcome: 'later', why: 'stopped' })
  expect(rig.sim.calls).toHaveLength(1)
})
