import { z } from 'zod'
import { describeMember } from '../announce.ts'
import { describeChat, describeMessage } from '../describe.ts'
import { badRequest } from '../errors.ts'
import { type Chat, isAdmin, type Message } from '../world.ts'
import { readableChat, writableChat } from './chat-access.ts'
import type { Method, MethodCall } from './method.ts'

const ACTIONS = new Set(
  (
    'typing upload_photo record_video upload_video record_voice upload_voice upload_document ' +
    'choose_sticker find_location record_video_note upload_video_note'
  ).split(' '),
)
/** Emoji that bots may react with (documented). */
const REACTIONS = new Set(
  (
    '❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 ' +
    '👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡'
  ).split(' '),
)
const Reactions = z.array(z.object({ type: z.literal('emoji'), emoji: z.string() }))

export const getMe: Method = ({ bot }) => ({
  ...bot.user,
  can_join_groups: true,
  can_read_all_group_messages: bot.readsAll,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
})

export const getChat: Method = (call) => {
  const chat = readableChat(call)
  const pinned = [...chat.messages.values()].findLast((message) => message.pinned)
  return {
    ...describeChat(call.world, chat),
    accent_color_id: 0,
    max_reaction_count: 11,
    ...(pinned && { pinned_message: describeMessage(call.world, pinned) }),
  }
}

export const getChatMember: Method = (call) => {
  const { world, params } = call
  const chat = readableChat(call)
  const id = params.integer('user_id') ?? 0
  if (!chat.members.has(id) && !world.users.has(id) && !world.bots.has(id)) throw badRequest('User not found')
  return describeMember(world, chat, id)
}

export const getChatAdministrators: Method = (call) => {
  const chat = readableChat(call)
  if (chat.type === 'private') throw badRequest('There are no administrators in the private chat')
  const ids = [...chat.members.keys()].filter((id) => isAdmin(chat, id))
  return ids.map((id) => describeMember(call.world, chat, id))
}

export const sendChatAction: Method = (call) => {
  const action = call.params.string('action') ?? ''
  if (!ACTIONS.has(action.toLowerCase())) throw badRequest('Wrong parameter action in request')
  writableChat(call, 'text messages')
  return true
}

export const setMessageReaction: Method = (call) => {
  const chat = readableChat(call)
  const message = messageOf(call, chat, 'react')
  const reactions = Reactions.safeParse(call.params.json('reaction') ?? [])
  const isAllowed = reactions.data?.every(({ emoji }) => REACTIONS.has(emoji))
  if (!reactions.success || !isAllowed) throw badRequest('REACTION_INVALID')
  if (reactions.data.length > 1) throw badRequest('REACTIONS_TOO_MANY')
  message.reactions = reactions.data.map(({ emoji }) => emoji)
  return true
}

export const pinChatMessage: Method = (call) => {
  const chat = writableChat(call, 'text messages')
  const message = messageOf(call, chat, 'pin')
  if (chat.type !== 'private' && !isAdmin(chat, call.bot.user.id)) {
    throw badRequest('Not enough rights to manage pinned messages in the chat')
  }
  message.pinned = true
  return true
}

function messageOf({ params }: MethodCall, chat: Chat, deed: string): Message {
  const message = chat.messages.get(params.integer('message_id') ?? 0)
  if (!message) throw badRequest(`Message to ${deed} not found`)
  return message
}
