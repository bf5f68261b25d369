import { describe, expect, it } from 'vitest'
import { BOT, button, call, GROUP, keyboard, LI, post, startSim, updates, WANG } from './support.ts'

const TOO_OLD = 'Bad Request: query is too old and response timeout expired or query ID is invalid'

describe('a press', () => {
  it('tells who pressed what and where', async () => {
    const sim = await startSim()
    const message_id = await post(sim, { text: 'a', reply_markup: keyboard(button('Ack', 'v1:ack')) })
    const { id } = sim.press(GROUP, message_id, LI, { text: 'Ack' })
    expect(await updates(sim)).toEqual([
      {
        update_id: expect.any(Number),
        callback_query: {
          id,
          from: { id: LI, is_bot: false, first_name: 'Li', language_code: 'zh' },
          message: expect.objectContaining({
            message_id,
            text: 'a',
            from: expect.objectContaining({ id: BOT }),
          }),
          chat_instance: expect.any(String),
          data: 'v1:ack',
        },
      },
    ])
  })

  it('has an id of its own each time', async () => {
    const sim = await startSim()
    const message_id = await post(sim, { text: 'a', reply_markup: keyboard(button('Ack', 'a')) })
    const ids = [LI, LI, WANG].map((user) => sim.press(GROUP, message_id, user, { text: 'Ack' }).id)
    expect(new Set(ids).size).toBe(3)
  })

  it('can be forged, come from a stranger and stand on a deleted message', async () => {
    const sim = await startSim()
    const message_id = await post(sim, { text: 'a' })
    sim.press(GROUP, message_id, 404, { data: 'forged' })
    sim.press(GROUP, message_id, LI, { data: 'x' }, { inaccessible: true })
    sim.deleteMessage(GROUP, message_id)
    sim.press(GROUP, message_id, LI, { data: 'y' })
    const inaccessible = { chat: expect.objectContaining({ id: GROUP }), message_id, date: 0 }
    expect(await updates(sim)).toMatchObject([
      { callback_query: { data: 'forged', from: { id: 404 } } },
      { callback_query: { data: 'x', message: inaccessible } },
      { callback_query: { data: 'y', message: inaccessible } },
    ])
  })

  it('needs a button that can be pressed', async () => {
    const sim = await startSim()
    const reply_markup = keyboard({ text: 'Done', disabled: {} }, { text: 'Site', url: 'https://x.com' })
    const message_id = await post(sim, { text: 'a', reply_markup })
    for (const text of ['Done', 'Site', 'Other']) {
      expect(() => sim.press(GROUP, message_id, LI, { text })).toThrow('buttons: «Done», «Site»')
    }
  })
})

describe('its answer', () => {
  it('is shown once', async () => {
    const sim = await startSim()
    const press = sim.press(GROUP, 1, LI, { data: 'x' })
    const answer = { callback_query_id: press.id, text: 'Taken', show_alert: true }
    expect(await call(sim, 'answerCallbackQuery', answer)).toEqual({ ok: true, result: true })
    expect(await press.answered).toEqual({ text: 'Taken', showAlert: true })
    expect(await call(sim, 'answerCallbackQuery', answer)).toMatchObject({
      error_code: 400,
      description: TOO_OLD,
    })
  })

  it('comes too late after 15 s', async () => {
    const sim = await startSim()
    const [early, late] = [sim.press(GROUP, 1, LI, { data: 'x' }), sim.press(GROUP, 1, LI, { data: 'y' })]
    sim.clock.advance(14_000)
    expect(await call(sim, 'answerCallbackQuery', { callback_query_id: early.id })).toMatchObject({
      ok: true,
    })
    sim.clock.advance(2000)
    expect(await call(sim, 'answerCallbackQuery', { callback_query_id: late.id })).toMatchObject({
      description: TOO_OLD,
    })
    expect(await late.answered).toBeUndefined()
  })

  it('takes no room of what the chat may have', async () => {
    const sim = await startSim({ limits: { groupPerMinute: 1, chatPerSecond: 1, overallPerSecond: 1 } })
    const message = await post(sim, { text: 'a' })
    for (const user of [LI, WANG]) {
      const press = sim.press(GROUP, message, user, { data: 'x' })
      expect(await call(sim, 'answerCallbackQuery', { callback_query_id: press.id })).toMatchObject({
        ok: true,
      })
    }
    expect(await call(sim, 'sendMessage', { chat_id: GROUP, text: 'b' })).toMatchObject({ error_code: 429 })
  })

  it('must name a press of this bot', async () => {
    const sim = await startSim()
    sim.addBot({ token: '99:other', username: 'other_bot' })
    const press = sim.press(GROUP, 1, LI, { data: 'x' })
    const answer = { callback_query_id: press.id }
    expect(await call(sim, 'answerCallbackQuery', answer, '99:other')).toMatchObject({ description: TOO_OLD })
    expect(await call(sim, 'answerCallbackQuery', { callback_query_id: 'none' })).toMatchObject({
      description: TOO_OLD,
    })
  })

  it('has at most 200 characters', async () => {
    const sim = await startSim()
    const press = sim.press(GROUP, 1, LI, { data: 'x' })
    const answer = { callback_query_id: press.id, text: 'a'.repeat(201) }
    expect(await call(sim, 'answerCallbackQuery', answer)).toMatchObject({ error_code: 400 })
    expect(await call(sim, 'answerCallbackQuery', { ...answer, text: 'a'.repeat(200) })).toMatchObject({
      ok: true,
    })
  })
})

describe('an ephemeral message', () => {
  const to = (user: number, rest: object = {}) => ({
    ephemeral_message_parameters: { receiver_user_id: user, ...rest },
  })

  it('answers a press, is seen by one person, and can be edited and deleted', async () => {
    const sim = await startSim()
    const card = await post(sim, { text: 'card', reply_markup: keyboard(button('Reclose', 'r')) })
    const press = sim.press(GROUP, card, LI, { text: 'Reclose' })
    const sent = await call(sim, 'sendMessage', {
      chat_id: GROUP,
      text: 'Sure?',
      reply_markup: keyboard(button('Yes', 'y')),
      ...to(LI, { callback_query_id: press.id }),
    })
    expect(sent.result).toMatchObject({ message_id: 0, ephemeral_message_id: 1, receiver_user: { id: LI } })
    expect(sim.messages(GROUP, LI).map(({ text }) => text)).toEqual(['card', 'Sure?'])
    expect(sim.messages(GROUP, WANG).map(({ text }) => text)).toEqual(['card'])
    sim.press(GROUP, { ephemeral: 1 }, LI, { text: 'Yes' })
    expect((await updates(sim)).at(-1)).toMatchObject({
      callback_query: { data: 'y', message: { message_id: 0 } },
    })

    const at = { chat_id: GROUP, receiver_user_id: LI, ephemeral_message_id: 1 }
    expect(await call(sim, 'editEphemeralMessageText', { ...at, text: 'Done' })).toMatchObject({
      result: true,
    })
    expect(sim.messages(GROUP, LI)[1]).toMatchObject({ text: 'Done', keyboard: [] })
    expect(await call(sim, 'deleteEphemeralMessage', { ...at, receiver_user_id: WANG })).toMatchObject({
      description: 'Bad Request: message to delete not found',
    })
    expect(await call(sim, 'deleteEphemeralMessage', at)).toMatchObject({ result: true })
    expect(sim.messages(GROUP, LI)).toHaveLength(1)
  })

  it('can stand in the place of the card', async () => {
    const sim = await startSim()
    const card = await post(sim, { text: 'card', reply_markup: keyboard(button('Reclose', 'r')) })
    const press = sim.press(GROUP, card, LI, { text: 'Reclose' })
    const replace = to(LI, { callback_query_id: press.id, replace_callback_query_message: true })
    await post(sim, { text: 'Sure?', ...replace })
    expect(sim.messages(GROUP, LI).map(({ text }) => text)).toEqual(['Sure?'])
    expect(sim.messages(GROUP).map(({ text }) => text)).toEqual(['card'])
  })

  it('keeps to its rules', async () => {
    const sim = await startSim()
    const press = sim.press(GROUP, 1, LI, { data: 'x' })
    const own = to(LI, { callback_query_id: press.id })
    const refusal = async (payload: object) =>
      (await call(sim, 'sendMessage', { chat_id: GROUP, text: 'a', ...payload })).description
    expect(await refusal(to(LI))).toBe('Bad Request: BOT_NOT_ADMIN')
    expect(await refusal(to(404))).toBe('Bad Request: USER_NOT_PARTICIPANT')
    expect(await refusal(to(WANG, { callback_query_id: press.id }))).toBe('Bad Request: QUERY_ID_INVALID')
    expect(await refusal({ chat_id: LI, ...own })).toBe('Bad Request: BOT_NOT_ADMIN')
    expect(await refusal(own)).toBeUndefined()
    sim.clock.advance(16_000)
    expect(await refusal(own)).toBe(TOO_OLD)
    sim.setMember(GROUP, BOT, 'administrator')
    expect(await refusal(to(LI))).toBeUndefined()
  })

  it('is a plain message to an older server', async () => {
    const sim = await startSim({ level: 10.1 })
    await post(sim, { text: 'a', ...to(LI) })
    expect(sim.messages(GROUP)).toHaveLength(1)
    expect(await call(sim, 'deleteEphemeralMessage', { chat_id: GROUP })).toMatchObject({ error_code: 404 })
  })
})
