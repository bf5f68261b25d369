import { createServer } from 'node:http'
import { Bot, GrammyError, HttpError, InputFile, webhookCallback } from 'grammy'
import { expect, it, onTestFinished } from 'vitest'
import { type TelegramSim, telegramFaults } from '../../../src/simulator/telegram/index.ts'
import { until } from '../../support/until.ts'
import { button, GROUP, keyboard, LI, PIXEL, startSim, TOKEN } from './support.ts'

function client(sim: TelegramSim, token = TOKEN) {
  return new Bot(token, { client: { apiRoot: sim.url } })
}

it('polls, answers a command with a keyboard, answers the press and edits', async () => {
  const sim = await startSim()
  const bot = client(sim)
  bot.command('hello', (ctx) =>
    ctx.reply('*Hi*\\!', { parse_mode: 'MarkdownV2', reply_markup: keyboard(button('Ack', 'ack')) }),
  )
  bot.callbackQuery('ack', async (ctx) => {
    await ctx.answerCallbackQuery('Taken')
    await ctx.editMessageText('Acknowledged', { reply_markup: keyboard({ text: 'Done', disabled: {} }) })
  })
  const ended = bot.start()
  onTestFinished(async () => {
    await bot.stop()
    await ended
  })

  sim.say(LI, LI, '/hello')
  await until(() => sim.messages(LI).length === 2)
  const card = sim.messages(LI)[1]!
  expect(card).toMatchObject({ text: 'Hi!', entities: [{ type: 'bold', offset: 0, length: 2 }] })
  expect(await sim.press(LI, card.id, LI, { text: 'Ack' }).answered).toEqual({
    text: 'Taken',
    showAlert: false,
  })
  await until(() => sim.messages(LI)[1]!.text === 'Acknowledged')
  expect(sim.messages(LI)[1]!.keyboard).toEqual([[{ text: 'Done', disabled: true }]])
})

it('throws errors with code, description and parameters', async () => {
  const sim = await startSim()
  const { api } = client(sim)
  sim.faults.add({ effect: telegramFaults.tooMany(3) })
  const tooMany = await api.sendMessage(GROUP, 'a').catch((error) => error)
  expect(tooMany).toBeInstanceOf(GrammyError)
  expect(tooMany).toMatchObject({ error_code: 429, parameters: { retry_after: 3 } })
  const { message_id: id } = await api.sendMessage(GROUP, 'a')
  await expect(api.editMessageText(GROUP, id, 'a')).rejects.toThrow('message is not modified')
  await expect(client(sim, '999:wrong').api.getMe()).rejects.toMatchObject({ error_code: 401 })
  await expect(client(sim, 'wrong').api.getMe()).rejects.toThrow('Unauthorized: invalid token specified')
  sim.faults.add({ effect: telegramFaults.badGateway() })
  await expect(api.getMe()).rejects.toBeInstanceOf(HttpError)
})

it('uploads a photo and exchanges it for another', async () => {
  const sim = await startSim()
  const { api } = client(sim)
  const question = sim.say(GROUP, LI, 'How much today?').messageId
  const sent = await api.sendPhoto(GROUP, new InputFile(PIXEL, 'a.png'), {
    caption: 'Today',
    reply_parameters: { message_id: question },
  })
  expect(sim.messages(GROUP).at(-1)).toMatchObject({
    text: 'Today',
    replyTo: question,
    file: { name: 'a.png' },
  })
  await api.editMessageMedia(GROUP, sent.message_id, {
    type: 'photo',
    media: new InputFile(PIXEL, 'b.png'),
    caption: 'Now',
  })
  expect(sim.messages(GROUP).at(-1)).toMatchObject({
    text: 'Now',
    file: { name: 'b.png', bytes: PIXEL.length },
  })
})

it('ends on 409 when another poller takes over', async () => {
  const sim = await startSim({ conflictDelay: 50 })
  const ended = client(sim).start()
  await until(() => sim.calls.some(({ method }) => method === 'getUpdates'))
  onTestFinished(sim.secondPoller())
  await expect(ended).rejects.toMatchObject({ error_code: 409 })
})

it('receives by webhook with the secret', async () => {
  const sim = await startSim()
  const bot = client(sim)
  bot.on('message:text', (ctx) => ctx.reply(`You said ${ctx.msg.text}`))
  const server = createServer(webhookCallback(bot, 'http', { secretToken: 'secret' }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  await bot.api.setWebhook(`http://127.0.0.1:${address.port}/`, { secret_token: 'secret' })
  sim.say(LI, LI, 'a')
  await until(() => sim.messages(LI).at(-1)?.text === 'You said a')
  await bot.api
    .setWebhook(`http://127.0.0.1:${address.port}/?2`, { secret_token: 'other' })
    .catch((error) => {
      expect(error).toMatchObject({ error_code: 429, parameters: { retry_after: 1 } })
    })
  sim.clock.advance(1000)
  await bot.api.setWebhook(`http://127.0.0.1:${address.port}/`, { secret_token: 'other' })
  sim.say(LI, LI, 'b')
  await until(() => sim.pushes.some(({ status }) => status === 401))
  expect(await bot.api.getWebhookInfo()).toMatchObject({
    pending_update_count: 1,
    last_error_message: 'Wrong response from the webhook: 401 Unauthorized',
  })
})
