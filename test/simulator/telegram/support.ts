import { onTestFinished } from 'vitest'
import { z } from 'zod'
import {
  createTelegramSim,
  type TelegramSim,
  type TelegramSimOptions,
} from '../../../src/simulator/telegram/index.ts'

export const TOKEN = '123456:AAtest_token'
export const BOT = 123456
/** A supergroup, and two people in it. */
export const GROUP = -1001
export const LI = 7
export const WANG = 8

/** A simulator with one bot, two people and a group, closed at the end of the test. Polls are not slowed down. */
export async function startSim(options: TelegramSimOptions = {}): Promise<TelegramSim> {
  const sim = await createTelegramSim({ sameOffsetDelay: 0, ...options })
  onTestFinished(() => sim.close())
  sim.addBot({ token: TOKEN, username: 'breaker_bot' })
  sim.addUser({ id: LI, name: 'Li', languageCode: 'zh' })
  sim.addUser({ id: WANG, name: 'Wang' })
  sim.addChat({ id: GROUP, type: 'supergroup', title: 'Night shift', members: [LI, WANG] })
  return sim
}

export interface Answer {
  ok: boolean
  result: unknown
  error_code?: number
  description?: string
  parameters?: Record<string, number>
}

/** Calls a method as JSON. */
export async function call(
  sim: TelegramSim,
  method: string,
  payload: object = {},
  token = TOKEN,
): Promise<Answer> {
  const response = await fetch(`${sim.url}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  })
  return response.json() as Promise<Answer>
}

/** The result of a call that must succeed. */
export async function result(sim: TelegramSim, method: string, payload: object = {}): Promise<unknown> {
  const answer = await call(sim, method, payload)
  if (!answer.ok) throw new Error(answer.description)
  return answer.result
}

/** Sends to the group; returns the message's id. */
export async function post(sim: TelegramSim, payload: object): Promise<number> {
  const sent = await result(sim, 'sendMessage', { chat_id: GROUP, ...payload })
  return z.object({ message_id: z.number() }).parse(sent).message_id
}

/** What waits for the bot from `offset` on. */
export async function updates(sim: TelegramSim, offset = 0) {
  const waiting = await result(sim, 'getUpdates', { offset, timeout: 0 })
  return z.array(z.looseObject({ update_id: z.number() })).parse(waiting)
}

/** Gives whatever is due the time to happen, for tests that show that nothing does. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 40))

export const button = (text: string, data: string) => ({ text, callback_data: data })
export const keyboard = <Button>(...buttons: Button[]) => ({ inline_keyboard: [buttons] })

/** A PNG of one pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
