import { describe, expect, it } from 'vitest'
import { BOT, call, GROUP, LI, post, startSim, TOKEN } from './support.ts'

describe('requests', () => {
  it('takes query, urlencoded, JSON and multipart, nested objects or JSON strings', async () => {
    const sim = await startSim()
    const url = `${sim.url}/bot${TOKEN}/SENDmessage`
    const markup = JSON.stringify({ inline_keyboard: [[{ text: 'a', callback_data: 'a' }]] })
    const fields = { chat_id: String(GROUP), text: 'a', reply_markup: markup }
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const answers = await Promise.all([
      fetch(`${url}?${new URLSearchParams(fields)}`),
      fetch(url, { method: 'POST', body: new URLSearchParams(fields) }),
      fetch(url, { method: 'POST', body: form }),
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...fields, chat_id: GROUP }),
      }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(sim.messages(GROUP).map(({ keyboard }) => keyboard[0]?.[0]?.data)).toEqual(['a', 'a', 'a', 'a'])
    expect(sim.calls.map(({ method }) => method)).toEqual(Array(4).fill('sendMessage'))
  })

  it.each([
    ['/bot0:a/getMe', 401, 'Unauthorized: invalid token specified'],
    ['/botnone/getMe', 401, 'Unauthorized: invalid token specified'],
    ['/bot1:unknown/getMe', 401, 'Unauthorized'],
    [`/bot${TOKEN}/getNothing`, 404, 'Not Found: method not found'],
    [`/bot${TOKEN}`, 404, 'Not Found'],
    ['/', 404, 'Not Found'],
  ])('answers %s with %i', async (path, status, description) => {
    const sim = await startSim()
    const response = await fetch(sim.url + path)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ ok: false, error_code: status, description })
  })

  it('refuses a revoked token, and the poll that hangs on it', async () => {
    const sim = await startSim()
    const poll = call(sim, 'getUpdates', { timeout: 50 })
    await expect.poll(() => sim.calls.length).toBe(1)
    sim.revokeToken(TOKEN)
    expect(await poll).toMatchObject({ error_code: 401, description: 'Unauthorized' })
    expect(await call(sim, 'getMe')).toMatchObject({ error_code: 401 })
  })

  it('logs each call with time, payload and outcome', async () => {
    const sim = await startSim()
    await post(sim, { text: 'a' })
    await call(sim, 'sendMessage', { chat_id: 1, text: 'b' })
    expect(sim.calls).toMatchObject([
      { n: 1, bot: BOT, method: 'sendMessage', payload: { chat_id: GROUP, text: 'a' }, status: 200 },
      { n: 2, status: 400, description: 'Bad Request: chat not found' },
    ])
  })
})

describe('commands and chats', () => {
  it('keeps command lists by scope and language', async () => {
    const sim = await startSim()
    const commands = [{ command: 'ack', description: '确认' }]
    const scope = { type: 'chat', chat_id: GROUP }
    expect(await call(sim, 'setMyCommands', { commands, scope, language_code: 'zh' })).toMatchObject({
      result: true,
    })
    expect(await call(sim, 'getMyCommands', { scope, language_code: 'zh' })).toMatchObject({
      result: commands,
    })
    expect(await call(sim, 'getMyCommands', { scope })).toMatchObject({ result: [] })
    await call(sim, 'deleteMyCommands', { scope, language_code: 'zh' })
    expect(await call(sim, 'getMyCommands', { scope, language_code: 'zh' })).toMatchObject({ result: [] })
    const wrong = { commands: [{ command: '合闸', description: 'a' }] }
    expect(await call(sim, 'setMyCommands', wrong)).toMatchObject({
      description: 'Bad Request: BOT_COMMAND_INVALID',
    })
  })

  it('tells of chats, members and administrators', async () => {
    const sim = await startSim()
    sim.setMember(GROUP, LI, 'administrator')
    expect(await call(sim, 'getMe')).toMatchObject({
      result: { id: BOT, is_bot: true, username: 'breaker_bot', can_read_all_group_messages: false },
    })
    expect(await call(sim, 'getChat', { chat_id: GROUP })).toMatchObject({
      result: { id: GROUP, type: 'supergroup', title: 'Night shift' },
    })
    expect(await call(sim, 'getChatMember', { chat_id: GROUP, user_id: LI })).toMatchObject({
      result: { status: 'administrator', user: { first_name: 'Li' } },
    })
    expect(await call(sim, 'getChatAdministrators', { chat_id: GROUP })).toMatchObject({
      result: [{ user: { id: LI } }],
    })
    expect(await call(sim, 'getChatMember', { chat_id: GROUP, user_id: 99 })).toMatchObject({
      description: 'Bad Request: user not found',
    })
  })

  it('pins and reacts within its rights', async () => {
    const sim = await startSim()
    const message_id = await post(sim, { text: 'a' })
    const at = { chat_id: GROUP, message_id }
    expect(await call(sim, 'pinChatMessage', at)).toMatchObject({
      description: 'Bad Request: not enough rights to manage pinned messages in the chat',
    })
    sim.setMember(GROUP, BOT, 'administrator')
    await call(sim, 'pinChatMessage', at)
    await call(sim, 'setMessageReaction', { ...at, reaction: [{ type: 'emoji', emoji: '👀' }] })
    expect(sim.messages(GROUP)).toMatchObject([{ pinned: true, reactions: ['👀'] }])
    const wrong = { ...at, reaction: [{ type: 'emoji', emoji: '✅' }] }
    expect(await call(sim, 'setMessageReaction', wrong)).toMatchObject({
      description: 'Bad Request: REACTION_INVALID',
    })
  })
})
