import { expect, it } from 'vitest'
import { createTelegramSim } from '../../../src/simulator/telegram/index.ts'
import { button, call, GROUP, keyboard, LI, post, startSim, TOKEN } from './support.ts'

it('is driven over HTTP as in the process', async () => {
  const sim = await createTelegramSim()
  const deed = async (name: string, body: object = {}) => {
    const response = await fetch(`${sim.url}/_sim/${name}`, { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, ...(await response.json()) } as {
      status: number
      result?: unknown
      error?: string
    }
  }
  const read = async (what: string) =>
    ((await (await fetch(`${sim.url}/_sim/${what}`)).json()) as { result: unknown }).result

  await deed('addBot', { token: TOKEN, username: 'breaker_bot' })
  await deed('addUser', { id: LI, name: 'Li' })
  await deed('addChat', { id: GROUP, type: 'supergroup', title: 'Night shift', members: [LI] })
  const message = await post(sim, { text: 'card', reply_markup: keyboard(button('Ack', 'a')) })
  expect(await deed('say', { chat: GROUP, user: LI, text: '/ack' })).toMatchObject({
    result: { delivered: true },
  })

  const pressing = deed('press', { chat: GROUP, message, user: LI, button: { text: 'Ack' }, wait: true })
  const press = await call(sim, 'getUpdates', { timeout: 5 })
  const updates = press.result as { callback_query?: { id: string } }[]
  const id = updates.find((update) => update.callback_query)?.callback_query?.id
  await call(sim, 'answerCallbackQuery', { callback_query_id: id, text: 'Taken' })
  expect(await pressing).toMatchObject({ result: { id, answer: { text: 'Taken' } } })

  await deed('addFault', {
    method: 'sendMessage',
    chat: GROUP,
    effect: { kind: 'error', code: 500, description: 'a' },
  })
  expect(await call(sim, 'sendMessage', { chat_id: GROUP, text: 'b' })).toMatchObject({ error_code: 500 })
  expect(await read(`messages?chat=${GROUP}&viewer=${LI}`)).toMatchObject([
    { text: 'card' },
    { text: '/ack' },
  ])
  expect(await read('calls')).toMatchObject([{ method: 'sendMessage' }, {}, {}, { status: 500 }])
  const before = sim.clock.now()
  await deed('advance', { ms: 60_000 })
  expect(sim.clock.now() - before).toBeGreaterThanOrEqual(60_000)

  expect(await deed('dance')).toMatchObject({ status: 400, error: 'No such deed: /_sim/dance' })
  expect(await deed('say', { chat: 'x' })).toMatchObject({ status: 400 })
  expect(await deed('press', { chat: GROUP, message, user: LI, button: { text: 'No' } })).toMatchObject({
    status: 400,
    error: 'No button «No» to press; buttons: «Ack»',
  })
  await sim.close()
})

it('asks for what it needs', async () => {
  const sim = await startSim()
  expect(() => sim.addBot({ token: 'x', username: 'a' })).toThrow('A token looks like 123456:ABC')
  expect(() => sim.addChat({ id: 5, type: 'group', title: 'a' })).toThrow('negative')
  expect(() => sim.say(5, LI, 'a')).toThrow('has no chat 5; add it first')
  expect(() => sim.migrate(GROUP, -2)).toThrow('Only a group can become a supergroup')
  expect(() => sim.setTopic(GROUP, 5, 'closed')).toThrow('has no topic 5')
})
