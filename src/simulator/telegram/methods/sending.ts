import { z } from 'zod'
import { describeMessage } from '../describe.ts'
import { captionText, messageText } from '../entities/text.ts'
import { badRequest } from '../errors.ts'
import { parseKeyboard } from '../keyboard.ts'
import { addMessage, type Chat, type Message } from '../world.ts'
import { threadOf, writableChat } from './chat-access.ts'
import { ephemeralOf } from './ephemeral.ts'
import { sentFile } from './files.ts'
import type { Method, MethodCall } from './method.ts'
import { richMessage } from './rich.ts'

type Content = Pick<Message, 'kind'> & Partial<Message>

const ReplyParameters = z.object({
  message_id: z.coerce.number().int(),
  allow_sending_without_reply: z.boolean().exactOptional(),
})

export const sendMessage: Method = (call) =>
  send(call, 'text messages', { kind: 'text', ...messageText(call.params, call.world) })

export const sendRichMessage: Method = (call) => send(call, 'the rich message', richMessage(call))

export const sendPhoto: Method = (call) => sendFile(call, 'photo')

export const sendDocument: Method = (call) => sendFile(call, 'document')

function sendFile(call: MethodCall, kind: 'photo' | 'document') {
  const file = sentFile(call, kind, kind, call.params.string(kind))
  return send(call, `${kind}s`, { kind, file, ...captionText(call.params, call.world) })
}

/** Content was looked at before; now come keyboard, chat, topic and original (the order seen in the official server). */
function send(call: MethodCall, what: string, content: Content) {
  const { world, bot, params } = call
  const keyboard = parseKeyboard(params.json('reply_markup'), world.settings.level)
  const chat = writableChat(call, what)
  const thread = threadOf(call, chat)
  const replyTo = originalOf(call, chat)
  const ephemeral = ephemeralOf(call, chat)
  world.limiter.spend(chat.id)
  const { id, type, title } = chat
  const message = addMessage(
    world,
    chat,
    {
      ...content,
      ...(type === 'channel' ? { senderChat: { id, type, title } } : { from: bot.user }),
      ...(keyboard && { keyboard }),
      ...(thread !== undefined && { thread }),
      ...(replyTo !== undefined && { replyTo }),
      silent: params.boolean('disable_notification'),
      protectedContent: params.boolean('protect_content'),
    },
    ephemeral,
  )
  return describeMessage(world, message)
}

function originalOf({ params }: MethodCall, chat: Chat): number | undefined {
  const given = params.has('reply_parameters')
    ? ReplyParameters.safeParse(params.json('reply_parameters'))
    : ReplyParameters.safeParse({
        message_id: params.integer('reply_to_message_id') ?? 0,
        allow_sending_without_reply: params.boolean('allow_sending_without_reply'),
      })
  if (!given.success) throw badRequest("Can't parse reply parameters")
  const { message_id: id, allow_sending_without_reply: orWithout } = given.data
  if (id === 0) return undefined
  if (chat.messages.has(id)) return id
  if (!orWithout) throw badRequest('Message to be replied not found')
  return undefined
}
