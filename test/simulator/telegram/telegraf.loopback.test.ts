import { Telegraf, TelegramError } from 'telegraf'
import { expect, it, onTestFinished } from 'vitest'
import { type TelegramSim, telegramFaults } from '../../../src/simulator/telegram/index.ts'
import { until } from '../../support/until.ts'
import { button, GROUP, keyboard, LI, PIXEL, startSim, TOKEN } from './support.ts'

function client(sim: TelegramSim, token = TOKEN) {
  return new Telegraf(token, { telegram: { apiRoot: sim.url } })
}

/** Polls until the end of the test. */
async function launch(sim: TelegramSim, bot: Telegraf) {
  const ended = bot.launch()
  onTestFinished(async () => {
    bot.stop()
    await ended
  })
  await until(() => sim.calls.some(({ method }) => method === 'getUpdates'))
}

it('polls, answers a command with a keyboard, answers the press and edits', async () => {
  const sim = await startSim()
  const bot = client(sim)
  bot.command('hello', (ctx) =>
    ctx.reply('<b>Hi</b> &amp; bye', { parse_mode: 'HTML', reply_markup: keyboard(button('Ack', 'ack')) }),
  )
  bot.action('ack', async (ctx) => {
    await ctx.answerCbQuery('Taken', { show_alert: true })
    await ctx.editMessageText('Acknowledged')
  })
  await launch(sim, bot)

  expect(sim.say(GROUP, LI, '/hello@breaker_bot').delivered).toBe(true)
  await until(() => sim.messages(GROUP).length === 2)
  const card = sim.messages(GROUP)[1]!
  expect(card).toMatchObject({
    from: 123456,
    text: 'Hi & bye',
    entities: [{ type: 'bold', offset: 0, length: 2 }],
    keyboard: [[{ text: 'Ack', data: 'ack' }]],
  })
  const press = sim.press(GROUP, card.id, LI, { text: 'Ack' })
  expect(await press.answered).toEqual({ text: 'Taken', showAlert: true })
  await until(() => sim.messages(GROUP)[1]!.text === 'Acknowledged')
  expect(sim.messages(GROUP)[1]!.keyboard).toEqual([])
})

it('throws errors with code, description and parameters', async () => {
  const sim = await startSim()
  const { telegram } = client(sim)
  sim.faults.add({ when: ({ method }) => method === 'sendMessage', effect: telegramFaults.tooMany(30) })
  const tooMany = await telegram.sendMessage(GROUP, 'a').catch((error) => error)
  expect(tooMany).toBeInstanceOf(TelegramError)
  expect(tooMany).toMatchObject({ code: 429, parameters: { retry_after: 30 } })

  const { message_id: id } = await telegram.sendMessage(GROUP, 'a')
  await expect(telegram.editMessageText(GROUP, id, undefined, 'a')).rejects.toThrow(
    'message is not modified: specified new message content and reply markup are exactly the same',
  )
  await expect(client(sim, '999:wrong').telegram.getMe()).rejects.toThrow('401: Unauthorized')
})

it('uploads photos and documents, and sends them again by id', async () => {
  const sim = await startSim()
  const { telegram } = client(sim)
  const sent = await telegram.sendPhoto(GROUP, { source: PIXEL, filename: 'chart.png' }, { caption: 'Today' })
  expect(sent).toMatchObject({ caption: 'Today', photo: [{ width: 1, height: 1, file_size: PIXEL.length }] })
  await telegram.sendPhoto(GROUP, sent.photo[0]!.file_id)
  await telegram.sendDocument(GROUP, { source: Buffer.from('a,b'), filename: 'day.csv' })
  expect(sim.messages(GROUP).map(({ kind, file }) => [kind, file?.name])).toEqual([
    ['photo', 'chart.png'],
    ['photo', 'chart.png'],
    ['document', 'day.csv'],
  ])
})

it('stops polling when another poller takes over, as this version does', async () => {
  const sim = await startSim({ conflictDelay: 50 })
  const ended = client(sim).launch()
  await until(() => sim.calls.some(({ method }) => method === 'getUpdates'))
  onTestFinished(sim.secondPoller())
  await expect(ended).rejects.toThrow('409: Conflict: terminated by other getUpdates request')
})

it('receives by webhook and answers in the response body', async () => {
  const sim = await startSim()
  const bot = client(sim)
  bot.action('ack', (ctx) => ctx.answerCbQuery('From the body'))
  const { createServer } = await import('node:http')
  const server = createServer(bot.webhookCallback('/hook', { secretToken: 'secret' }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  await bot.telegram.setWebhook(`http://127.0.0.1:${address.port}/hook`, { secret_token: 'secret' })
  expect(await sim.press(GROUP, 1, LI, { data: 'ack' }).answered).toMatchObject({ text: 'From the body' })
  await until(() => sim.pushes.length === 1)
  expect(sim.pushes).toMatchObject([{ status: 200 }])
})
