import { expect, test } from 'vitest'
import { member } from '../../../src/simulator/wecom/json.ts'
import { until } from '../../support/until.ts'
import { botMessages, CARDS, createReadyRig, GROUP, posts } from './rig.ts'

const card = { card: CARDS.open! }

test('S1: an alert is one card, to the group by its type, under the key', async () => {
  const { sim } = await createReadyRig()
  expect(posts(sim)).toHaveLength(1)
  expect(posts(sim)[0]!.frame!.body).toMatchObject({
    chatid: GROUP,
    chat_type: 2,
    msgtype: 'template_card',
    template_card: { card_type: 'button_interaction', task_id: 'card-1' },
  })
  expect(posts(sim)[0]!.text).not.toContain('"source"')
  const view = sim.cardAsSeenBy('card-1', 'zhangsan')!
  expect(view.title).toBe('🔴 过载跳闸 · 3号<增氧机>&_泵*')
  expect(view.buttons.map(({ text }) => text)).toEqual(['确认', '合闸', '电量'])
})

test('a person is sent to by the userid', async () => {
  const { sim, channel } = await createReadyRig()
  sim.addUser({ userid: 'lisi', interacted: true })
  expect(await channel.send('user:lisi', { text: '你好' }, 'k1')).toEqual({
    outcome: 'delivered',
    message: 'k1',
  })
  expect(posts(sim)[1]!.frame!.body).toMatchObject({ chatid: 'lisi', chat_type: 1 })
  expect(botMessages(sim, { user: 'lisi' })[0]!.text).toBe('你好')
})

test('S2: a busy system is asked again, a little later each time', async () => {
  const { sim, channel } = await createReadyRig()
  sim.faults.failNext({ errcode: -1, times: 2 })
  const first = await channel.send(GROUP, card, 'card-2')
  expect(first).toMatchObject({ outcome: 'later', retryAfter: 1_000 })
  expect(first).not.toHaveProperty('wholeChat')
  expect(await channel.send(GROUP, card, 'card-2')).toMatchObject({ outcome: 'later', retryAfter: 2_000 })
  expect(await channel.send(GROUP, card, 'card-2')).toMatchObject({ outcome: 'delivered' })
  expect(botMessages(sim)).toHaveLength(2)
})

test('S3: too much for one chat: that chat waits longer and longer, others do not', async () => {
  const { sim, channel } = await createReadyRig()
  sim.addChat({ chatid: 'wrNEW', members: ['zhangsan'], interacted: true })
  sim.faults.failNext({ errcode: 846607, times: 5, when: ({ body }) => body.chatid === GROUP })
  const waits: unknown[] = []
  for (const key of ['a', 'a', 'b', 'b', 'b']) {
    const delivery = await channel.send(GROUP, { text: key }, key)
    expect(delivery).toMatchObject({ outcome: 'later', wholeChat: true, code: '846607' })
    waits.push('retryAfter' in delivery && delivery.retryAfter)
    expect(await channel.send('wrNEW', { text: key }, key)).toMatchObject({ outcome: 'delivered' })
  }
  expect(waits).toEqual([5_000, 15_000, 30_000, 60_000, 60_000])
  expect(await channel.send(GROUP, { text: 'a' }, 'a')).toMatchObject({ outcome: 'delivered' })
  sim.faults.failNext({ errcode: 846607 })
  expect(await channel.send(GROUP, { text: 'c' }, 'c')).toMatchObject({ retryAfter: 5_000 })
})

test('S3: a chat that nobody has spoken in: after some tries it is said what may be missing', async () => {
  const { channel } = await createReadyRig()
  const whys: string[] = []
  for (let i = 0; i < 3; i++) {
    const delivery = await channel.send('wrNEW', { text: 'x' }, 'k')
    if (delivery.outcome === 'later') whys.push(delivery.why)
  }
  expect(whys.map((why) => why.includes('nobody has spoken to the bot'))).toEqual([false, false, true])
})

test('S5, S6: no answer, or a late one, leaves it unknown; the same key makes it certain, and nobody sees it twice', async () => {
  const { sim, channel } = await createReadyRig()
  sim.faults.dropAck({ when: ({ body }) => member(body, 'template_card')?.task_id === 'dropped' })
  sim.faults.delayAck(7_000, { when: ({ body }) => member(body, 'template_card')?.task_id === 'late' })
  const outcomes = await Promise.all([
    channel.send(GROUP, card, 'dropped'),
    channel.send(GROUP, card, 'late'),
    channel.send(GROUP, card, 'prompt'),
  ])
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown', 'delivered'])
  // The late answer comes while another message waits for its own.
  sim.faults.delayAck(7_000, { when: ({ body }) => body.msgtype === 'markdown' })
  const other = channel.send('wrNONE', { text: 'x' }, 'k')
  await until(() => posts(sim).length === 5, 'the frame')
  sim.clock.advance(7_000)
  expect(await other).toMatchObject({ outcome: 'refused', code: '93006' })
  for (const key of ['dropped', 'late']) {
    expect(await channel.send(GROUP, card, key)).toEqual({ outcome: 'delivered', message: key })
  }
  expect(botMessages(sim).map(({ taskId }) => taskId)).toEqual(['card-1', 'dropped', 'late', 'prompt'])
})

test('S7: a chat that is gone is said to be gone, at the first try', async () => {
  const { sim, channel } = await createReadyRig()
  sim.addChat({ chatid: 'wrOUT', members: ['lisi'], botMember: false })
  const before = posts(sim).length
  for (const chat of ['wrNONE', 'wrOUT', 'user:nobody']) {
    expect(await channel.send(chat, card, 'gone')).toMatchObject({ outcome: 'refused', gone: 'chat' })
  }
  expect(posts(sim)).toHaveLength(before + 3)
})

test.for([42039, 42045])(
  'S8: a card refused with %i goes as text, once, with the same facts',
  async (errcode) => {
    const { sim, channel } = await createReadyRig()
    sim.faults.failNext({ errcode })
    expect(await channel.send(GROUP, card, 'card-2')).toEqual({ outcome: 'delivered', message: 'card-2' })
    const [, text] = botMessages(sim)
    expect(text!.msgtype).toBe('markdown')
    for (const fact of [
      '过载跳闸',
      '已分闸，无人确认',
      '位置：一号鱼塘',
      '电流：63.1 A / 60 A',
      '额定 60 A',
      '**合闸**',
    ]) {
      expect(text!.text).toContain(fact)
    }
    sim.faults.failNext({ errcode, times: 2 })
    expect(await channel.send(GROUP, card, 'card-3')).toMatchObject({
      outcome: 'refused',
      code: String(errcode),
    })
  },
)

test.for([card, { text: '3号增氧机\n加微信领红包' }])(
  'S9: content that offends the anti-spam check goes as its head alone, once',
  async (content) => {
    const { sim, channel } = await createReadyRig()
    sim.faults.failNext({ errcode: 40201 })
    expect(await channel.send(GROUP, content, 'card-2')).toEqual({ outcome: 'delivered', message: 'card-2' })
    const [, head] = botMessages(sim)
    expect(head!.text).toMatch(
      /^(\*\*🔴 过载跳闸 · 3号＜增氧机＞&＿泵＊\*\*|3号增氧机)\n企业微信的反垃圾检查拒绝了全文/,
    )
    sim.faults.failNext({ errcode: 40201, times: 2 })
    const before = posts(sim).length
    expect(await channel.send(GROUP, content, 'card-3')).toMatchObject({ outcome: 'refused', code: '40201' })
    expect(posts(sim)).toHaveLength(before + 2)
  },
)

test('S12: what WeCom takes and never shows counts as delivered: it cannot be known here', async () => {
  const { sim, channel } = await createReadyRig()
  sim.faults.ackThenLose()
  expect(await channel.send(GROUP, card, 'card-2')).toEqual({ outcome: 'delivered', message: 'card-2' })
  expect(botMessages(sim)).toHaveLength(1)
})

test('S4: what the engine is told to keep to leaves room below what WeCom takes', async () => {
  const { sim, channel } = await createReadyRig({}, { messagesPerHour: 1_000 })
  for (const { most, within } of channel.limits.group) {
    sim.clock.advance(3_600_000)
    const all = Array.from({ length: most }, (_, i) => channel.send(GROUP, { text: 'x' }, `k${within}-${i}`))
    if (within > 60_000) sim.settings.messagesPerMinute = Number.POSITIVE_INFINITY
    expect((await Promise.all(all)).every(({ outcome }) => outcome === 'delivered')).toBe(true)
  }
  expect(channel.limits.group).toEqual([
    { most: 25, within: 60_000 },
    { most: 900, within: 3_600_000 },
  ])
  expect(channel.limits.person).toEqual(channel.limits.group)
})

test('S11: a text that is too long is cut between characters', async () => {
  const { sim, channel } = await createReadyRig()
  for (const letter of ['电', '⚡️🔌', 'x']) {
    const delivery = await channel.send(GROUP, { text: letter.repeat(30_000) }, 'long')
    expect(delivery).toMatchObject({ outcome: 'delivered' })
    const { text } = botMessages(sim).at(-1)!
    expect(Buffer.byteLength(text)).toBeGreaterThan(20_460)
    expect(text.isWellFormed()).toBe(true)
    expect(text).not.toContain('\ufffd')
    expect(text.endsWith('…')).toBe(true)
  }
})

test('M6: a name cannot become a link, a heading or a mention', async () => {
  const { sim, channel } = await createReadyRig()
  const text = '[点我](https://evil.example) ![](x)\n# **急** <@lisi> `x` |a|'
  await channel.send(GROUP, { text }, 'k')
  expect(botMessages(sim)[1]!.text).toBe(
    '［点我］(https://evil.example) !［］(x)\n＃ ＊＊急＊＊ ＜@lisi＞ ｀x｀ ｜a｜',
  )
})

test('a key that is no task_id is not tried', async () => {
  const { sim, channel } = await createReadyRig()
  expect(await channel.send(GROUP, card, 'a:b')).toMatchObject({ outcome: 'refused' })
  expect(posts(sim)).toHaveLength(1)
})

test('a card is not changed but by the answer to a press', async () => {
  const { sim, channel } = await createReadyRig()
  const before = sim.frames().length
  expect(await channel.update(GROUP, 'card-1', CARDS.closed!)).toMatchObject({ outcome: 'refused' })
  expect(sim.frames()).toHaveLength(before)
})

test('what WeCom says of a refusal is told without its tail', async () => {
  const { sim, channel } = await createReadyRig()
  sim.faults.failNext({ errcode: 40058, errmsg: 'invalid Request Parameter' })
  const delivery = await channel.send(GROUP, { text: 'x' }, 'k')
  expect(delivery).toEqual({ outcome: 'refused', why: '40058: invalid Request Parameter', code: '40058' })
})
