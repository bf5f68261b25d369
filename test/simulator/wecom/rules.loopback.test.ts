import { describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { card, GROUP, markdown, rawClient, startSim, subscribed, template, toGroup } from './support.ts'

describe('the connection', () => {
  it('takes nothing before it is subscribed', async () => {
    const sim = await startSim()
    const { code, subscribe } = await rawClient(sim.wsUrl)
    expect(await code('aibot_send_msg', toGroup(markdown('x')))).toBe(846609)
    expect(await code('ping')).toBe(846609)
    expect(await subscribe()).toBe(0)
    expect(await code('ping')).toBe(0)
  })

  it('stays open after a wrong secret', async () => {
    const sim = await startSim()
    const { subscribe, closed } = await rawClient(sim.wsUrl)
    expect(await subscribe('wrong')).toBe(853000)
    sim.clock.advance(60_000)
    expect(await subscribe()).toBe(0)
    expect(closed).toEqual([])
  })

  it('limits how often one subscribes', async () => {
    const { sim, subscribe } = await subscribed({ subscribesPerMinute: 2 })
    expect(await subscribe()).toBe(0)
    expect(await subscribe()).toBe(45009)
    sim.clock.advance(60_000)
    expect(await subscribe()).toBe(0)
  })

  it('leaves what is unreadable without an answer', async () => {
    const { sim, socket, code } = await subscribed()
    socket.send('not JSON')
    socket.send('{"cmd":"ping"}')
    expect(await code('ping')).toBe(0)
    const since = sim.frames().slice(2)
    expect(since.map(({ direction }) => direction)).toEqual(['sent', 'sent', 'sent', 'received'])
  })

  it.each([
    ['clean', 1000],
    ['abrupt', 1006],
  ] as const)('is half alive once kicked, then closed (%s)', async (kickCloseMode, closeCode) => {
    const first = await subscribed({ kickCloseDelay: 313_000, kickCloseMode })
    const second = await rawClient(first.sim.wsUrl)
    expect(await second.subscribe()).toBe(0)
    await until(() => first.pushes()[0])
    expect(await first.code('ping')).toBe(0)
    expect(await first.send(markdown('x'))).toBe(846609)
    first.sim.say(GROUP, 'lisi', '状态')
    await until(() => second.pushes()[0])
    expect(first.pushes()).toHaveLength(1)
    first.sim.clock.advance(313_000)
    expect(await until(() => first.closed[0])).toBe(closeCode)
  })

  it('is closed when it does not ping', async () => {
    const { sim, closed } = await subscribed({ idleTimeout: 50 })
    await until(() => closed.length > 0)
    expect(sim.conns()).toMatchObject([{ open: false }])
    expect(sim.say(GROUP, 'lisi', '状态').delivered).toBe(false)
    expect(sim.lostCallbacks()).toBe(1)
  })
})

describe('sending', () => {
  it('needs a chat that the bot is in and that has talked to it', async () => {
    const { sim, send, code } = await subscribed()
    sim.addChat({ chatid: 'wrOUT', members: ['lisi'], botMember: false, interacted: true })
    expect(await send(markdown('x'), 'wrgroup')).toBe(93006)
    expect(await send(markdown('x'), 'wrOUT')).toBe(93001)
    expect(await send(markdown('x'), 'wrNEW')).toBe(846607)
    sim.say('wrNEW', 'zhangsan', '绑定')
    expect(await send(markdown('x'), 'wrNEW')).toBe(0)
    expect(await send(markdown('x'), 'zhangsan')).toBe(93006)
    sim.addUser({ userid: 'wangwu', interacted: true })
    const toPerson = (type: number) => ({ chatid: 'wangwu', chat_type: type, ...markdown('x') })
    expect(await code('aibot_send_msg', toPerson(1))).toBe(0)
    expect(await code('aibot_send_msg', toPerson(0))).toBe(0)
    expect(sim.messages({ user: 'wangwu' })).toHaveLength(2)
  })

  it('refuses texts, wrong envelopes, and what is too long', async () => {
    const { send } = await subscribed()
    expect(await send({ msgtype: 'text', text: { content: 'x' } })).toBe(40008)
    expect(await send({ msgtype: 'markdown', content: 'x' })).toBe(40008)
    expect(await send(markdown('电'.repeat(6_826)))).toBe(0)
    expect(await send(markdown('电'.repeat(6_827)))).toBe(40058)
  })

  it('takes a task_id once for each bot', async () => {
    const { sim, send } = await subscribed()
    expect(await send(template(card('al-1', { button_list: [] })))).toBe(42039)
    expect(await send(template(card('al-1')))).toBe(0)
    expect(await send(template(card('al-1')))).toBe(42014)
    expect(sim.messages(GROUP)).toHaveLength(1)
  })

  it('accepts a card with a source and never shows it', async () => {
    const { sim, send } = await subscribed()
    expect(await send(template(card('al-1', { source: { desc: 'x' } })))).toBe(0)
    expect(sim.cardAsSeenBy('al-1', 'lisi')).toBeUndefined()
    expect(sim.messages(GROUP)).toMatchObject([{ hidden: true }])
  })

  it('is limited to 30 a minute and 1 000 an hour in one conversation', async () => {
    const { sim, send } = await subscribed()
    sim.addChat({ chatid: 'wrOTHER', members: [], interacted: true })
    for (let i = 0; i < 30; i++) expect(await send(markdown('x'))).toBe(0)
    expect(await send(markdown('x'))).toBe(846607)
    expect(await send(markdown('x'), 'wrOTHER')).toBe(0)
    sim.clock.advance(60_000)
    expect(await send(markdown('x'))).toBe(0)
    sim.settings.messagesPerHour = 31
    expect(await send(markdown('x'))).toBe(846607)
    sim.clock.advance(3_600_000)
    expect(await send(markdown('x'))).toBe(0)
  })

  it('allows it all when the rules are switched off', async () => {
    const { send } = await subscribed({
      requireInteraction: false,
      checkTarget: false,
      checkMessageType: false,
      checkCards: false,
      messagesPerMinute: Infinity,
      markdownBytes: Infinity,
    })
    expect(await send(markdown('x'), 'wrNEW')).toBe(0)
    expect(await send(markdown('x'), 'wrUNKNOWN')).toBe(0)
    expect(await send({ msgtype: 'text', text: { content: 'x' } })).toBe(0)
    expect(await send(template(card('al:1', { button_list: [] })))).toBe(0)
    for (let i = 0; i < 31; i++) expect(await send(markdown('电'.repeat(7_000)))).toBe(0)
  })
})
