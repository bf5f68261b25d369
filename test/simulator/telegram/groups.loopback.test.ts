import { describe, expect, it } from 'vitest'
import type { MemberStatus, SayOptions } from '../../../src/simulator/telegram/index.ts'
import { BOT, call, GROUP, LI, post, startSim, TOKEN, updates, WANG } from './support.ts'

const OLD = -55
const CHANNEL = -1002

describe('privacy mode', () => {
  it.each<[text: string, options: SayOptions, delivered: boolean]>([
    ['hello', {}, false],
    ['hello @breaker_bot', {}, false],
    ['/ack', {}, false],
    ['/ack@breaker_bot', {}, true],
    ['/ack@Breaker_Bot 3', {}, true],
    ['/ack@other_bot', {}, false],
    ['/合闸', {}, false],
    ['hello', { replyTo: 2 }, true],
    ['hello', { replyTo: 1 }, false],
  ])('%s %j: %s', async (text, options, delivered) => {
    const sim = await startSim()
    sim.say(GROUP, LI, 'first')
    await post(sim, { text: 'second' })
    sim.addBot({ token: '99:other', username: 'other_bot' })
    sim.setMember(GROUP, 99, 'member')
    await call(sim, 'sendMessage', { chat_id: GROUP, text: 'third' }, '99:other')
    const before = sim.pending(BOT)
    sim.say(GROUP, LI, text, options)
    expect(sim.pending(BOT) - before).toBe(delivered ? 1 : 0)
  })

  it('lets a bare command through to the bot that wrote last', async () => {
    const sim = await startSim()
    expect(sim.say(GROUP, LI, '/ack').delivered).toBe(false)
    await post(sim, { text: 'a' })
    expect(sim.say(GROUP, LI, '/ack').delivered).toBe(true)
  })

  it('does not hold an administrator, a bot without it, or private chats', async () => {
    const sim = await startSim()
    expect(sim.say(LI, LI, 'hello').delivered).toBe(true)
    expect(sim.say(GROUP, LI, 'hello').delivered).toBe(false)
    sim.setMember(GROUP, BOT, 'administrator')
    expect(sim.say(GROUP, LI, 'hello').delivered).toBe(true)
    sim.setMember(GROUP, BOT, 'member')
    sim.addBot({ token: '99:other', username: 'other_bot', canReadAllGroupMessages: true })
    sim.setMember(GROUP, 99, 'member')
    expect(sim.say(GROUP, LI, 'hello').delivered).toBe(true)
    expect(sim.pending(99)).toBe(2)
  })
})

describe('who writes', () => {
  it.each<[as: SayOptions['as'], message: object]>([
    ['anonymous-admin', { from: { id: 1087968824, is_bot: true }, sender_chat: { id: GROUP } }],
    ['channel', { from: { id: 136817688 }, sender_chat: { type: 'channel' } }],
    ['auto-forward', { from: { id: 777000 }, is_automatic_forward: true }],
  ])('is hidden behind %s', async (as, message) => {
    const sim = await startSim()
    sim.say(GROUP, LI, '/ack@breaker_bot', as ? { as } : {})
    expect(await updates(sim)).toMatchObject([{ message }])
  })

  it('is nobody in a channel', async () => {
    const sim = await startSim()
    sim.addChat({ id: CHANNEL, type: 'channel', title: 'News', botAdmin: true })
    sim.say(CHANNEL, LI, 'hello')
    const [update] = await updates(sim)
    expect(update).toMatchObject({ channel_post: { sender_chat: { id: CHANNEL }, text: 'hello' } })
    expect(update?.channel_post).not.toHaveProperty('from')
  })

  it('must be in the group', async () => {
    const sim = await startSim()
    sim.setMember(GROUP, WANG, 'left')
    expect(() => sim.say(GROUP, WANG, 'a')).toThrow('cannot write there')
  })
})

describe('access', () => {
  it.each<[type: 'group' | 'supergroup', status: MemberStatus, code: number, description: string]>([
    ['supergroup', 'kicked', 403, 'Forbidden: bot was kicked from the supergroup chat'],
    ['supergroup', 'left', 403, 'Forbidden: bot is not a member of the supergroup chat'],
    ['group', 'kicked', 403, 'Forbidden: bot was kicked from the group chat'],
    ['group', 'left', 403, 'Forbidden: bot is not a member of the group chat'],
    ['group', 'restricted', 400, 'Bad Request: not enough rights to send text messages to the chat'],
  ])('to a %s as %s', async (type, status, error_code, description) => {
    const sim = await startSim()
    sim.addChat({ id: OLD, type, title: 'Old', members: [LI] })
    sim.setMember(OLD, BOT, status)
    expect(await call(sim, 'sendMessage', { chat_id: OLD, text: 'a' })).toEqual({
      ok: false,
      error_code,
      description,
    })
    expect(await updates(sim)).toMatchObject([
      {
        my_chat_member: {
          chat: { id: OLD },
          from: { id: LI },
          old_chat_member: { status: 'member' },
          new_chat_member: { status, user: { id: BOT } },
        },
      },
    ])
  })

  it('to people who never wrote, until they do', async () => {
    const sim = await startSim()
    sim.addUser({ id: 70, name: 'Zhao', started: false })
    const write = () => call(sim, 'sendMessage', { chat_id: 70, text: 'a' })
    expect((await write()).description).toBe("Forbidden: bot can't initiate conversation with a user")
    expect(sim.say(70, 70, '/start').delivered).toBe(true)
    expect(await write()).toMatchObject({ ok: true })
    sim.kickBot(70)
    expect(sim.say(70, 70, '/start').delivered).toBe(false)
    expect((await write()).description).toBe('Forbidden: bot was blocked by the user')
  })

  it('to people and deleted groups', async () => {
    const sim = await startSim()
    const refusal = async (chat_id: number) =>
      (await call(sim, 'sendMessage', { chat_id, text: 'a' })).description
    sim.kickBot(LI)
    expect(await refusal(LI)).toBe('Forbidden: bot was blocked by the user')
    sim.addBot({ token: '99:other', username: 'other_bot' })
    const stranger = await call(sim, 'sendMessage', { chat_id: WANG, text: 'a' }, '99:other')
    expect(stranger.description).toBe("Forbidden: bot can't initiate conversation with a user")
    sim.addChat({ id: OLD, type: 'group', title: 'Old' })
    sim.deleteChat(OLD)
    expect(await refusal(OLD)).toBe('Forbidden: the group chat was deleted')
    sim.deleteChat(GROUP)
    expect(await refusal(GROUP)).toBe('Bad Request: chat not found')
    sim.addChat({ id: CHANNEL, type: 'channel', title: 'News' })
    expect(await refusal(CHANNEL)).toBe('Bad Request: need administrator rights in the channel chat')
  })
})

it('migrates a group to a supergroup', async () => {
  const sim = await startSim()
  sim.addChat({ id: OLD, type: 'group', title: 'Old', members: [LI] })
  const sent = await call(sim, 'sendMessage', { chat_id: OLD, text: 'card' })
  sim.migrate(OLD, -1003)
  expect(await updates(sim)).toMatchObject([
    { message: { chat: { id: OLD, type: 'group' }, migrate_to_chat_id: -1003 } },
    { message: { chat: { id: -1003, type: 'supergroup' }, migrate_from_chat_id: OLD } },
  ])
  expect(await call(sim, 'sendMessage', { chat_id: OLD, text: 'b' })).toEqual({
    ok: false,
    error_code: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    parameters: { migrate_to_chat_id: -1003 },
  })
  const edit = { chat_id: OLD, ...(sent.result as { message_id: number }), text: 'c' }
  const refused = await call(sim, 'editMessageText', edit)
  expect(refused.description).toBe("Bad Request: message can't be edited")
  expect(refused).not.toHaveProperty('parameters')
  expect(await call(sim, 'sendMessage', { chat_id: -1003, text: 'b' })).toMatchObject({
    result: { chat: { id: -1003 } },
  })
})

it('has topics in forums', async () => {
  const sim = await startSim()
  sim.addChat({
    id: -1004,
    type: 'supergroup',
    title: 'Forum',
    members: [LI],
    topics: [{ id: 5, name: 'Trips' }],
  })
  const send = (message_thread_id?: number) =>
    call(sim, 'sendMessage', { chat_id: -1004, text: 'a', message_thread_id })
  expect(await send(5)).toMatchObject({
    result: { message_thread_id: 5, is_topic_message: true, chat: { is_forum: true } },
  })
  expect((await send()).result).not.toHaveProperty('message_thread_id')
  expect(await send(1)).toMatchObject({ description: 'Bad Request: message thread not found' })
  sim.say(-1004, LI, '/ack@breaker_bot', { thread: 5 })
  expect(await updates(sim)).toMatchObject([{ message: { message_thread_id: 5, is_topic_message: true } }])
  sim.setTopic(-1004, 5, 'closed')
  expect(await send(5)).toMatchObject({ description: 'Bad Request: TOPIC_CLOSED' })
  sim.setTopic(-1004, 5, 'deleted')
  expect(await send(5)).toMatchObject({ description: 'Bad Request: message thread not found' })
})

it('gives each bot its own updates', async () => {
  const sim = await startSim()
  sim.addBot({ token: '99:other', username: 'other_bot' })
  sim.addUser({ id: 70, name: 'Zhao' })
  sim.say(70, 70, 'to the other', { bot: 99 })
  expect(sim.pending(BOT)).toBe(0)
  expect(await call(sim, 'getUpdates', {}, '99:other')).toMatchObject({
    result: [{ message: { text: 'to the other' } }],
  })
  expect(await call(sim, 'getUpdates', {}, TOKEN)).toMatchObject({ result: [] })
})
