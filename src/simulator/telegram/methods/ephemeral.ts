import { z } from 'zod'
import { ApiError, badRequest } from '../errors.ts'
import { type Chat, type Ephemeral, isAdmin, isMember, type Message } from '../world.ts'
import type { MethodCall } from './method.ts'
import { pressOf } from './presses.ts'

const Parameters = z.object({
  receiver_user_id: z.number().int(),
  callback_query_id: z.string().exactOptional(),
  replace_callback_query_message: z.boolean().exactOptional(),
})

/** Ephemeral messages came with 10.2 and got their present form with 10.3 (documented). */
const SINCE = 10.3

/**
 * Who alone is to see the message, if it is ephemeral. A bot that is no administrator may send one only to somebody who
 * has just pressed a button (documented); private chats have none (reported).
 */
export function ephemeralOf(call: MethodCall, chat: Chat): Omit<Ephemeral, 'id'> | undefined {
  const { world, bot, params } = call
  const given = params.json('ephemeral_message_parameters')
  if (given === undefined || world.settings.level < SINCE) return undefined
  const parsed = Parameters.safeParse(given)
  if (!parsed.success) throw badRequest("Can't parse ephemeral message parameters")
  const {
    receiver_user_id: receiver,
    callback_query_id: query,
    replace_callback_query_message: replace,
  } = parsed.data
  if (chat.type === 'private' || chat.type === 'channel') throw badRequest('BOT_NOT_ADMIN')
  if (!isMember(chat, receiver)) throw badRequest('USER_NOT_PARTICIPANT')
  if (query === undefined) {
    if (!isAdmin(chat, bot.user.id)) throw badRequest('BOT_NOT_ADMIN')
    return { receiver }
  }
  const press = pressOf(call, query)
  if (press.user !== receiver || press.chat !== chat.id) throw badRequest('QUERY_ID_INVALID')
  return replace ? { receiver, replaces: press.message } : { receiver }
}

/** The ephemeral message that `chat`, `receiver_user_id` and `ephemeral_message_id` name. */
export function ephemeralTarget({ world, bot, params }: MethodCall, chat: Chat, deed: string): Message {
  if (world.settings.level < SINCE) throw new ApiError(404, 'Method not found')
  const message = chat.ephemerals.get(params.integer('ephemeral_message_id') ?? 0)
  const isIts =
    message?.ephemeral?.receiver === params.integer('receiver_user_id') && message?.from?.id === bot.user.id
  if (!message || !isIts) throw badRequest(`Message to ${deed} not found`)
  return message
}
