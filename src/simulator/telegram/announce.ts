import { unixSeconds } from '../kit/clock.ts'
import { describeChat, describeMessage } from './describe.ts'
import { LIFETIME } from './updates.ts'
import { type Bot, type Chat, isAdmin, isMember, type Message, userOf, type World } from './world.ts'

/** Queues a message for every bot that may hear it; tells whether any did. `only` names the bot of a private chat. */
export function announce(world: World, message: Message, only?: number): boolean {
  const type = message.chat.type === 'channel' ? 'channel_post' : 'message'
  const hearers = [...world.bots.values()].filter(
    (bot) => (only === undefined || bot.user.id === only) && hears(bot, message),
  )
  const queued = hearers.map((bot) =>
    bot.updates.add({
      type,
      body: describeMessage(world, message),
      key: `chat:${message.chat.id}`,
      lifetime: LIFETIME.message,
    }),
  )
  return queued.some((id) => id !== undefined)
}

/** Privacy mode (documented): which messages of a chat reach a bot. */
function hears(bot: Bot, message: Message): boolean {
  const { chat } = message
  const me = bot.user.id
  if (!isMember(chat, me) || chat.deleted) return false
  if (chat.type === 'channel') return isAdmin(chat, me)
  if (chat.type === 'private' || message.kind === 'service') return true
  return bot.readsAll || isAdmin(chat, me) || isForBot(bot, message)
}

function isForBot(bot: Bot, message: Message): boolean {
  const { chat, replyTo } = message
  if (replyTo !== undefined && chat.messages.get(replyTo)?.from?.id === bot.user.id) return true
  const commands = message.entities
    .filter(({ type }) => type === 'bot_command')
    .map(({ offset, length }) => message.text.slice(offset, offset + length))
  return commands.some((command) => {
    const addressee = command.split('@')[1]
    return addressee === undefined
      ? chat.lastBot === bot.user.id
      : addressee.toLowerCase() === bot.user.username?.toLowerCase()
  })
}

/** Tells a bot that its own standing changed. */
export function announceStanding(world: World, bot: Bot, chat: Chat, actor: number, before: string) {
  bot.updates.add({
    type: 'my_chat_member',
    body: {
      chat: describeChat(world, chat),
      from: userOf(world, actor),
      date: unixSeconds(world.clock.now()),
      old_chat_member: { user: bot.user, status: before },
      new_chat_member: describeMember(world, chat, bot.user.id),
    },
    key: `chat:${chat.id}`,
    lifetime: LIFETIME.message,
  })
}

/** The Bot API's ChatMember. */
export function describeMember(world: World, chat: Chat, id: number) {
  const status = chat.members.get(id) ?? 'left'
  const user = userOf(world, id)
  if (status === 'administrator') {
    return {
      user,
      status,
      can_be_edited: false,
      is_anonymous: false,
      can_manage_chat: true,
      can_delete_messages: true,
      can_restrict_members: true,
      can_promote_members: false,
      can_change_info: true,
      can_invite_users: true,
      can_pin_messages: true,
    }
  }
  if (status === 'restricted')
    return { user, status, is_member: true, can_send_messages: false, until_date: 0 }
  return status === 'kicked' ? { user, status, until_date: 0 } : { user, status }
}
