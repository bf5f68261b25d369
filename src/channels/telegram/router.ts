import { z } from 'zod'
import type { ChatAnswer, ChatInput, Log, Receipt, Receive } from '../channel.ts'
import { clip, utf16Units } from '../kit/text.ts'
import { orAfter } from '../kit/waiting.ts'
import type { Client } from './client.ts'
import { redact } from './faults.ts'
import { readMembership, readMessage, readPress } from './inputs.ts'

/** What we subscribe to. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const

/** An update as far as it has to be understood to be passed on. */
export const updateShape = z.looseObject({ update_id: z.number() })
export type Update = z.infer<typeof updateShape>

/** A press lies no longer with Telegram than this, ms (seen in the official server). */
export const PRESS_KEPT = 150_000

/**
 * Passes an update on; `lain`: for so long it may have been with Telegram, ms. Resolves once what it says is on disk (or when it says nothing to us), rejects with an Error
 * that says why when it could not be taken: then Telegram has to deliver it again.
 */
export type Take = (update: Update, lain?: number) => Promise<void>

/** ms. The window is about 15 s (reported), but a person who sees nothing presses again (our choice). */
const ANSWER_WITHIN = 2000
/** Characters of a toast or alert (documented). */
const TOAST_LIMIT = 200

/** What the bot is where it may not write, or not everything (documented). */
const LOST = ['left', 'kicked', 'restricted']

class NotTaken extends Error {}

export interface RouterOptions {
  client: Client
  token: string
  log: Log
  now: () => number
}

/** Registers the handlers with telegraf; `client.bot.botInfo` has to be set before the first update is taken. */
export function createRouter({ client, token, log, now }: RouterOptions, receive: Receive): Take {
  const { bot } = client
  /** Of updates under way. */
  const lain = new WeakMap<object, number>()

  bot.on('callback_query', async (ctx) => {
    const press = readPress(ctx.callbackQuery, now())
    if (!press) return
    const mayHaveLain = lain.get(ctx.update)
    const receipt = hand({ ...press, ...(mayHaveLain !== undefined && { mayHaveLain }) })
    answerPress(ctx.callbackQuery.id, receipt)
    await settled(receipt)
  })
  bot.on('message', async (ctx) => {
    const input = readMessage(ctx.message, ctx.botInfo)
    if (input) await settled(hand(input))
  })
  bot.on('my_chat_member', (ctx) => {
    const standing = readMembership(ctx.myChatMember)
    const level = standing && LOST.includes(standing.status) ? 'warn' : 'info'
    log[level]({ ...standing }, 'the standing of the bot in a chat has changed')
  })
  // telegraf's own handler sets the exit code and prints the whole update.
  bot.catch((error, ctx) => {
    if (error instanceof NotTaken) throw error
    // An update that breaks its reader would break it again: to insist on it would block all that follow.
    log.error({ update: ctx.update.update_id, why: readable(error) }, 'passed over an update')
  })

  function readable(error: unknown): string {
    return redact(error instanceof Error ? error.message : String(error), token)
  }

  function hand(input: ChatInput): Receipt {
    try {
      return receive(input)
    } catch (error) {
      throw new NotTaken(readable(error))
    }
  }

  async function settled({ taken }: Receipt): Promise<void> {
    await taken.catch((error) => {
      throw new NotTaken(readable(error))
    })
  }

  async function answerPress(id: string, { answer, shown }: Receipt): Promise<void> {
    const { toast, alert } = await inTime(answer)
    const words = toast
      ? { text: clip(toast.toWellFormed(), TOAST_LIMIT, utf16Units), show_alert: alert === true }
      : {}
    const answered = await client.call('answerCallbackQuery', { callback_query_id: id, ...words })
    // The press itself is stored; of what no toast could tell in time, the presser is told by a text.
    shown(false, false, answered.ok && toast !== undefined)
    if (answered.ok || client.stopped.aborted || /query is too old/i.test(answered.fault.text)) return
    log.warn({ press: id, why: answered.fault.text }, 'a press could not be answered')
  }

  const inTime = (answer: Promise<ChatAnswer>): Promise<ChatAnswer> =>
    orAfter(ANSWER_WITHIN, answer, {}, client.stopped).catch(() => ({}))

  // The update types of telegraf promise more than was checked; the handlers read what they need themselves.
  return (update, ms) => {
    if (ms !== undefined) lain.set(update, ms)
    return bot.handleUpdate(update as unknown as Parameters<typeof bot.handleUpdate>[0])
  }
}
