import { describe, expect, it } from 'vitest'
import { BOT, button, call, GROUP, keyboard, LI, PIXEL, post, result, startSim, TOKEN } from './support.ts'

const NOT_MODIFIED =
  'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

describe('sending', () => {
  it.each<[payload: object, description: string]>([
    [{}, 'Bad Request: message text is empty'],
    [{ text: ' \n' }, 'Bad Request: message text is empty'],
    [{ text: '<b></b>', parse_mode: 'HTML' }, 'Bad Request: message text is empty'],
    [{ text: 'a'.repeat(4097) }, 'Bad Request: message is too long'],
    [{ text: '闸'.repeat(10_923) }, 'Bad Request: text is too long'],
    [{ text: 'a', parse_mode: 'BBCode' }, 'Bad Request: unsupported parse_mode'],
    [
      { text: '<x>', parse_mode: 'HTML' },
      `Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 0`,
    ],
    [
      { text: '1.', parse_mode: 'MarkdownV2' },
      `Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'`,
    ],
    [{ text: '🔴'.slice(0, 1) }, 'Bad Request: strings must be encoded in UTF-8'],
    [{ text: 'a', reply_markup: '{' }, "Bad Request: can't parse reply_markup JSON object"],
    [{ text: 'a', reply_markup: keyboard(button('a', 'd'.repeat(65))) }, 'Bad Request: BUTTON_DATA_INVALID'],
    [{ text: 'a', reply_parameters: { message_id: 77 } }, 'Bad Request: message to be replied not found'],
    [{ text: 'a', message_thread_id: 1 }, 'Bad Request: message thread not found'],
    [{ text: 'a', chat_id: 404 }, 'Bad Request: chat not found'],
    [{ text: 'a', chat_id: '' }, 'Bad Request: chat_id is empty'],
  ])('refuses %j', async (payload, description) => {
    const sim = await startSim()
    expect(await call(sim, 'sendMessage', { chat_id: GROUP, ...payload })).toEqual({
      ok: false,
      error_code: 400,
      description,
    })
    expect(sim.messages(GROUP)).toEqual([])
  })

  it('counts the text after parsing', async () => {
    const sim = await startSim()
    await post(sim, { text: `<b>${'a'.repeat(4096)}</b>`, parse_mode: 'HTML' })
    expect(sim.messages(GROUP)[0]!.text).toHaveLength(4096)
  })

  it('gives back the whole message', async () => {
    const sim = await startSim()
    const question = sim.say(GROUP, LI, 'a').messageId
    const sent = await result(sim, 'sendMessage', {
      chat_id: GROUP,
      text: '过载 <b>63 A</b>',
      parse_mode: 'HTML',
      reply_parameters: { message_id: question },
      reply_markup: keyboard({ ...button('Ack', 'a'), style: 'primary' }),
      disable_notification: true,
    })
    expect(sent).toEqual({
      message_id: 2,
      from: { id: BOT, is_bot: true, first_name: 'breaker_bot', username: 'breaker_bot' },
      chat: { id: GROUP, type: 'supergroup', title: 'Night shift' },
      date: Math.floor(sim.messages(GROUP)[1]!.at / 1000),
      text: '过载 63 A',
      entities: [{ type: 'bold', offset: 3, length: 4 }],
      reply_to_message: expect.objectContaining({ message_id: question, text: 'a' }),
      reply_markup: { inline_keyboard: [[{ text: 'Ack', callback_data: 'a', style: 'primary' }]] },
    })
    expect(sim.messages(GROUP)[1]).toMatchObject({ silent: true, replyTo: question })
  })

  it('mentions only people that are known', async () => {
    const sim = await startSim()
    await post(sim, {
      text: '<a href="tg://user?id=7">Li</a> <a href="tg://user?id=404">Ma</a>',
      parse_mode: 'HTML',
    })
    expect(sim.messages(GROUP)[0]!.entities).toEqual([
      { type: 'text_mention', offset: 0, length: 2, user: { id: LI } },
    ])
  })

  it('sends without the original where that is allowed', async () => {
    const sim = await startSim()
    await post(sim, { text: 'a', reply_parameters: { message_id: 77, allow_sending_without_reply: true } })
    expect(sim.messages(GROUP)[0]).not.toHaveProperty('replyTo')
  })

  it('takes rich messages from 10.1 on', async () => {
    const sim = await startSim()
    const rich = { chat_id: GROUP, rich_message: { html: '<h1>Trip</h1>' } }
    expect(await call(sim, 'sendRichMessage', rich)).toMatchObject({ ok: true })
    expect(sim.messages(GROUP)).toMatchObject([{ kind: 'rich', text: '<h1>Trip</h1>' }])
    const both = { chat_id: GROUP, rich_message: { html: 'a', markdown: 'a' } }
    expect(await call(sim, 'sendRichMessage', both)).toMatchObject({ error_code: 400 })
    const old = await startSim({ level: 9.6 })
    expect(await call(old, 'sendRichMessage', rich)).toMatchObject({
      error_code: 404,
      description: 'Not Found: method not found',
    })
  })

  it.each<[what: string, file: Blob | undefined, caption: string, description: string]>([
    ['no photo', undefined, '', 'Bad Request: there is no photo in the request'],
    ['an empty photo', new Blob([]), '', 'Bad Request: file must be non-empty'],
    ['a photo that is none', new Blob(['text']), '', 'Bad Request: IMAGE_PROCESS_FAILED'],
    ['a photo too long for its width', new Blob([png(10, 201)]), '', 'Bad Request: PHOTO_INVALID_DIMENSIONS'],
    ['a caption too long', new Blob([PIXEL]), 'a'.repeat(1025), 'Bad Request: message caption is too long'],
  ])('refuses %s', async (_what, file, caption, description) => {
    const sim = await startSim()
    const form = new FormData()
    form.set('chat_id', String(GROUP))
    form.set('caption', caption)
    if (file) form.set('photo', file, 'a.png')
    const response = await fetch(`${sim.url}/bot${TOKEN}/sendPhoto`, { method: 'POST', body: form })
    expect(await response.json()).toMatchObject({ error_code: 400, description })
  })
})

describe('editing', () => {
  it('replaces text and keyboard and marks the message', async () => {
    const sim = await startSim()
    const message_id = await post(sim, { text: 'a', reply_markup: keyboard(button('Ack', 'a')) })
    const edited = await result(sim, 'editMessageText', { chat_id: GROUP, message_id, text: 'b' })
    expect(edited).toMatchObject({ message_id, text: 'b', edit_date: expect.any(Number) })
    expect(edited).not.toHaveProperty('reply_markup')
    expect(sim.messages(GROUP)).toMatchObject([{ text: 'b', keyboard: [] }])
  })

  it('refuses an edit that changes nothing', async () => {
    const sim = await startSim()
    const reply_markup = keyboard(button('Ack', 'a'))
    const message_id = await post(sim, { text: '<b>a</b>', parse_mode: 'HTML', reply_markup })
    const same = { chat_id: GROUP, message_id, text: '*a*', parse_mode: 'MarkdownV2', reply_markup }
    expect(await call(sim, 'editMessageText', same)).toMatchObject({
      error_code: 400,
      description: NOT_MODIFIED,
    })
    expect(await call(sim, 'editMessageText', { ...same, parse_mode: undefined, text: 'a' })).toMatchObject({
      ok: true,
    })
    const markupOnly = { chat_id: GROUP, message_id, reply_markup }
    expect(await call(sim, 'editMessageReplyMarkup', markupOnly)).toMatchObject({ description: NOT_MODIFIED })
    expect(await call(sim, 'editMessageReplyMarkup', { chat_id: GROUP, message_id })).toMatchObject({
      ok: true,
    })
  })

  it.each<[what: string, payload: object, description: string]>([
    ['an unknown message', { message_id: 99 }, 'Bad Request: message to edit not found'],
    ["somebody else's message", { message_id: 1 }, "Bad Request: message can't be edited"],
    ['no chat', { chat_id: undefined }, 'Bad Request: message identifier is not specified'],
  ])('refuses %s', async (_what, payload, description) => {
    const sim = await startSim()
    sim.say(GROUP, LI, 'a')
    expect(await call(sim, 'editMessageText', { chat_id: GROUP, text: 'b', ...payload })).toMatchObject({
      error_code: 400,
      description,
    })
  })

  it('tells text from caption', async () => {
    const sim = await startSim()
    const text = await post(sim, { text: 'a' })
    const form = new FormData()
    form.set('chat_id', String(GROUP))
    form.set('photo', new Blob([PIXEL]), 'a.png')
    await fetch(`${sim.url}/bot${TOKEN}/sendPhoto`, { method: 'POST', body: form })
    const photo = { chat_id: GROUP, message_id: text + 1 }
    expect(await call(sim, 'editMessageText', { ...photo, text: 'b' })).toMatchObject({
      description: 'Bad Request: there is no text in the message to edit',
    })
    expect(await call(sim, 'editMessageCaption', { ...photo, caption: 'b' })).toMatchObject({ ok: true })
    const caption = { chat_id: GROUP, message_id: text, caption: 'b' }
    expect(await call(sim, 'editMessageCaption', caption)).toMatchObject({
      description: 'Bad Request: there is no caption in the message to edit',
    })
  })

  it('deletes own messages for 48 hours', async () => {
    const sim = await startSim()
    const message_id = await post(sim, { text: 'a' })
    const late = await post(sim, { text: 'b' })
    expect(await call(sim, 'deleteMessage', { chat_id: GROUP, message_id })).toMatchObject({ result: true })
    sim.clock.advance(48 * 3600_000)
    expect(await call(sim, 'deleteMessage', { chat_id: GROUP, message_id: late })).toMatchObject({
      description: "Bad Request: message can't be deleted",
    })
    expect(await call(sim, 'deleteMessage', { chat_id: GROUP, message_id })).toMatchObject({
      description: 'Bad Request: message to delete not found',
    })
  })
})

it('holds to the budgets, for edits too', async () => {
  const sim = await startSim({ limits: { groupPerMinute: 2 } })
  const message_id = await post(sim, { text: 'a' })
  await call(sim, 'editMessageText', { chat_id: GROUP, message_id, text: 'b' })
  const response = await fetch(`${sim.url}/bot${TOKEN}/sendMessage?chat_id=${GROUP}&text=c`)
  expect(response.headers.get('retry-after')).toBe('60')
  expect(await response.json()).toEqual({
    ok: false,
    error_code: 429,
    description: 'Too Many Requests: retry after 60',
    parameters: { retry_after: 60 },
  })
})

function png(width: number, height: number) {
  const bytes = Buffer.from(PIXEL)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}
