import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { describeMessage } from '../describe.ts'
import { captionText, messageText } from '../entities/text.ts'
import { badRequest } from '../errors.ts'
import { parseKeyboard } from '../keyboard.ts'
import { createParams } from '../params.ts'
import { isAdmin, type Message } from '../world.ts'
import { readableChat } from './chat-access.ts'
import { ephemeralTarget } from './ephemeral.ts'
import { sentFile } from './files.ts'
import type { Method, MethodCall } from './method.ts'
import { richMessage } from './rich.ts'

type Target = (call: MethodCall) => Message
type Change = Partial<Pick<Message, 'kind' | 'text' | 'entities' | 'rich' | 'file'>>
/** What a method makes of the message; throws if it is of the wrong kind. */
type NewContent = (call: MethodCall, message: Message) => Change

const HOURS_48 = 48 * 3600_000
const InputMedia = z.looseObject({ type: z.enum(['photo', 'document']), media: z.string() })

const publicTarget: Target = (call) => {
  const { bot, params } = call
  if (!params.has('chat_id')) throw badRequest('Message identifier is not specified')
  const chat = readableChat(call)
  const message = chat.messages.get(params.integer('message_id') ?? 0)
  if (!message) throw badRequest('Message to edit not found')
  const isOwn = message.from?.id === bot.user.id || (chat.type === 'channel' && isAdmin(chat, bot.user.id))
  if (!isOwn || chat.movedTo !== undefined) throw badRequest("Message can't be edited")
  return message
}

const privateTarget: Target = (call) => ephemeralTarget(call, readableChat(call), 'edit')

const newText: NewContent = (call, message) => {
  if (message.kind !== 'text' && message.kind !== 'rich') {
    throw badRequest('There is no text in the message to edit')
  }
  if (call.params.has('rich_message')) return richMessage(call)
  return { kind: 'text', ...messageText(call.params, call.world) }
}

const newCaption: NewContent = ({ params, world }, message) => {
  if (!message.file) throw badRequest('There is no caption in the message to edit')
  return captionText(params, world)
}

const newMedia: NewContent = (call) => {
  const media = InputMedia.safeParse(call.params.json('media'))
  if (!media.success) throw badRequest("Can't parse InputMedia: Media not found")
  const { type, media: source } = media.data
  const caption = captionText(createParams(media.data, new Map()), call.world)
  return { kind: type, file: sentFile(call, type, 'media', source), ...caption }
}

const onlyKeyboard: NewContent = () => ({})

/** A keyboard that is not sent again is gone, whatever else is edited (seen in the official server). */
function edit(target: Target, content: NewContent): Method {
  return (call) => {
    const { world, params } = call
    const message = target(call)
    const change = content(call, message)
    const keyboard = parseKeyboard(params.json('reply_markup'), world.settings.level)
    world.limiter.spend(message.chat.id)
    const same = isDeepStrictEqual(contentOf({ ...message, ...change }), contentOf(message))
    if (same && isDeepStrictEqual(keyboard, message.keyboard)) {
      throw badRequest(
        'Message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      )
    }
    Object.assign(message, change, { editedAt: world.clock.now() })
    if (keyboard) message.keyboard = keyboard
    else delete message.keyboard
    return message.ephemeral ? true : describeMessage(world, message)
  }
}

function contentOf({ kind, text, entities, rich, file }: Message) {
  return { kind, text, entities, rich: kind === 'rich' && rich, file: file?.id }
}

export const editMessageText = edit(publicTarget, newText)
export const editMessageCaption = edit(publicTarget, newCaption)
export const editMessageMedia = edit(publicTarget, newMedia)
export const editMessageReplyMarkup = edit(publicTarget, onlyKeyboard)
export const editEphemeralMessageText = edit(privateTarget, newText)
export const editEphemeralMessageCaption = edit(privateTarget, newCaption)
export const editEphemeralMessageMedia = edit(privateTarget, newMedia)
export const editEphemeralMessageReplyMarkup = edit(privateTarget, onlyKeyboard)

export const deleteMessage: Method = (call) => {
  const { world, bot, params } = call
  const chat = readableChat(call)
  const message = chat.messages.get(params.integer('message_id') ?? 0)
  if (!message) throw badRequest('Message to delete not found')
  const own = message.from?.id === bot.user.id || chat.type === 'private'
  const inTime = world.clock.now() - message.at < HOURS_48
  if (!isAdmin(chat, bot.user.id) && !(own && inTime)) throw badRequest("Message can't be deleted")
  chat.messages.delete(message.id)
  return true
}

export const deleteEphemeralMessage: Method = (call) => {
  const chat = readableChat(call)
  const message = ephemeralTarget(call, chat, 'delete')
  chat.ephemerals.delete(message.ephemeral!.id)
  return true
}
