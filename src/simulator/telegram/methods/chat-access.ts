import { badRequest, forbidden } from '../errors.ts'
import { type Bot, type Chat, chatOf, isAdmin } from '../world.ts'
import type { MethodCall } from './method.ts'

/** The chat of `chat_id`, in which the bot must still be. A migrated group can be read (seen in the official server). */
export function readableChat({ world, bot, params }: MethodCall): Chat {
  if (!params.string('chat_id')) throw badRequest('Chat_id is empty')
  const chat = chatOf(world, params.integer('chat_id'))
  checkMembership(chat, bot)
  return chat
}

/** The chat of `chat_id`, to which the bot may send `what` (`text messages`, `photos` …). */
export function writableChat(call: MethodCall, what: string): Chat {
  const chat = readableChat(call)
  if (chat.movedTo !== undefined) {
    throw badRequest('Group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.movedTo })
  }
  const me = call.bot.user.id
  if (chat.type === 'channel' && !isAdmin(chat, me)) {
    throw badRequest('Need administrator rights in the channel chat')
  }
  if (chat.members.get(me) === 'restricted') throw badRequest(`Not enough rights to send ${what} to the chat`)
  return chat
}

function checkMembership(chat: Chat, bot: Bot) {
  const status = chat.members.get(bot.user.id) ?? 'left'
  if (chat.movedTo !== undefined) return
  if (chat.type === 'private') {
    if (chat.deleted) throw forbidden('User is deactivated')
    if (status === 'kicked') throw forbidden('Bot was blocked by the user')
    if (status === 'left') throw forbidden("Bot can't initiate conversation with a user")
    return
  }
  if (chat.deleted && chat.type === 'group') throw forbidden('The group chat was deleted')
  if (chat.deleted) throw badRequest('Chat not found')
  if (status === 'kicked') throw forbidden(`Bot was kicked from the ${chat.type} chat`)
  if (status === 'left') throw forbidden(`Bot is not a member of the ${chat.type} chat`)
}

/** The topic to send to: General is asked for by leaving `message_thread_id` out (seen in the official server). */
export function threadOf({ bot, params }: MethodCall, chat: Chat): number | undefined {
  const thread = params.integer('message_thread_id')
  if (!thread) return undefined
  const topic = chat.topics?.get(thread)
  if (!topic || topic.state === 'deleted') throw badRequest('Message thread not found')
  if (topic.state === 'closed' && !isAdmin(chat, bot.user.id)) throw badRequest('TOPIC_CLOSED')
  return thread
}
