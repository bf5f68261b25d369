import { createHash, randomInt } from 'node:crypto'
import { announce } from './announce.ts'
import type { MessageRef, Press, PressAnswer, PressedButton, PressOptions, SayOptions } from './api.ts'
import { describeInaccessible, describeMessage, type Json } from './describe.ts'
import { detectEntities } from './entities/detect.ts'
import { LIFETIME } from './updates.ts'
import {
  addMessage,
  CHANNEL_BOT,
  type Chat,
  GROUP_ANONYMOUS_BOT,
  isMember,
  type Message,
  TELEGRAM,
  userOf,
  type World,
} from './world.ts'

/** Some channel of a person's, who may write as it. */
const OWN_CHANNEL = { id: -1009000000001, type: 'channel' as const, title: 'A channel' }

/** The chat, which a test must have made. */
export function existingChat(world: World, id: number): Chat {
  const chat = world.chats.get(id)
  if (!chat) throw new Error(`The simulated Telegram has no chat ${id}; add it first`)
  return chat
}

/** See `TelegramSim.say`. */
export function say(world: World, chatId: number, user: number, text: string, options: SayOptions) {
  const chat = existingChat(world, chatId)
  if (chat.type !== 'channel' && options.as === undefined && !isMember(chat, user)) {
    throw new Error(`User ${user} is not in chat ${chatId} and cannot write there`)
  }
  const message = addMessage(world, chat, {
    kind: 'text',
    text,
    entities: detectEntities(text),
    ...authorOf(world, chat, user, options.as),
    ...(options.replyTo !== undefined && { replyTo: options.replyTo }),
    ...(options.thread !== undefined && { thread: options.thread }),
  })
  const only = chat.type === 'private' ? (options.bot ?? firstBot(world)) : undefined
  // Whoever writes to a bot lets it answer. One that was blocked stays so.
  if (only !== undefined && chat.members.get(only) !== 'kicked') chat.members.set(only, 'member')
  return { delivered: announce(world, message, only), messageId: message.id }
}

/** Who stands above a message (documented; «Channel Bot» reported). */
function authorOf(
  world: World,
  chat: Chat,
  user: number,
  as: SayOptions['as'],
): Pick<Message, 'from' | 'senderChat' | 'extra'> {
  const itself = { id: chat.id, type: chat.type, title: chat.title }
  if (chat.type === 'channel') return { senderChat: itself, extra: {} }
  if (as === 'anonymous-admin') return { from: GROUP_ANONYMOUS_BOT, senderChat: itself, extra: {} }
  if (as === 'channel') return { from: CHANNEL_BOT, senderChat: OWN_CHANNEL, extra: {} }
  if (as === 'auto-forward') {
    return { from: TELEGRAM, senderChat: OWN_CHANNEL, extra: { is_automatic_forward: true } }
  }
  return { from: userOf(world, user), extra: {} }
}

/** See `TelegramSim.press`. */
export function press(
  world: World,
  chatId: number,
  ref: MessageRef,
  user: number,
  button: PressedButton,
  options: PressOptions,
): Press {
  const chat = existingChat(world, chatId)
  const message = typeof ref === 'number' ? chat.messages.get(ref) : chat.ephemerals.get(ref.ephemeral)
  const data = 'data' in button ? button.data : dataOf(message, button.text)
  const author = message?.from?.id ?? 0
  const bot = options.bot ?? (world.bots.has(author) ? author : firstBot(world))
  const id = `${user}${randomInt(1e9, 9e9)}`
  const messageId = typeof ref === 'number' ? ref : 0
  const answered = openPress(world, id, { bot, user, chat: chatId, message: messageId })
  world.bots.get(bot)?.updates.add({
    type: 'callback_query',
    body: {
      id,
      from: userOf(world, user),
      message: pressedMessage(world, chat, messageId, message, options),
      chat_instance: createHash('sha256').update(`${bot} ${chat.id}`).digest('hex').slice(0, 18),
      data,
    },
    key: `user:${user}`,
    lifetime: LIFETIME.press,
  })
  return { id, answered }
}

function pressedMessage(
  world: World,
  chat: Chat,
  id: number,
  message: Message | undefined,
  options: PressOptions,
): Json {
  return message && !options.inaccessible
    ? describeMessage(world, message)
    : describeInaccessible(world, chat, id)
}

/** The data of the button with that label, which a person can really press. */
function dataOf(message: Message | undefined, text: string): string {
  const buttons = message?.keyboard?.flat() ?? []
  const button = buttons.find((candidate) => candidate.text === text)
  if (button?.callback_data !== undefined) return button.callback_data
  const there = buttons.map((candidate) => `«${candidate.text}»`).join(', ') || 'none'
  throw new Error(`No button «${text}» to press; buttons: ${there}`)
}

function openPress(
  world: World,
  id: string,
  about: { bot: number; user: number; chat: number; message: number },
): Promise<PressAnswer | undefined> {
  return new Promise((resolve) => {
    world.presses.set(id, { ...about, at: world.clock.now(), answered: false, answer: resolve })
    world.timers.after(world.settings.answerWindow + 1, () => {
      world.presses.delete(id)
      resolve(undefined)
    })
  })
}

function firstBot(world: World): number {
  const [first] = world.bots.keys()
  if (first === undefined) throw new Error('The simulated Telegram has no bot; add it first')
  return first
}
