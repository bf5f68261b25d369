import { unixSeconds } from '../kit/clock.ts'
import type { Entity, SeenMessage } from './api.ts'
import { seenKeyboard } from './keyboard.ts'
import { type Chat, type Message, type StoredFile, userOf, type World } from './world.ts'

export type Json = Record<string, unknown>

/** The Bot API's Chat. */
export function describeChat(world: World, chat: Chat): Json {
  const { id, type, title, topics } = chat
  if (type !== 'private') return { id, type, title, ...(topics && { is_forum: true }) }
  const { first_name, username } = userOf(world, id)
  return { id, type, first_name, ...(username && { username }) }
}

/** The Bot API's Message. A message that it answers is shown without the one that that answers (documented). */
export function describeMessage(world: World, message: Message, depth = 0): Json {
  const { chat, ephemeral, from, senderChat, thread, replyTo, keyboard } = message
  const original = replyTo === undefined || depth > 0 ? undefined : chat.messages.get(replyTo)
  return {
    message_id: message.id,
    ...(ephemeral && {
      ephemeral_message_id: ephemeral.id,
      receiver_user: userOf(world, ephemeral.receiver),
    }),
    ...(from && { from }),
    ...(senderChat && { sender_chat: senderChat }),
    chat: describeChat(world, chat),
    date: unixSeconds(message.at),
    ...(message.editedAt !== undefined && { edit_date: unixSeconds(message.editedAt) }),
    ...(thread !== undefined && { message_thread_id: thread, is_topic_message: true }),
    ...(original && { reply_to_message: describeMessage(world, original, depth + 1) }),
    ...(message.protectedContent && { has_protected_content: true }),
    ...describeContent(world, message),
    ...(keyboard && { reply_markup: { inline_keyboard: keyboard } }),
    ...message.extra,
  }
}

/** What a press carries instead of a message that cannot be had any more. */
export function describeInaccessible(world: World, chat: Chat, messageId: number): Json {
  return { chat: describeChat(world, chat), message_id: messageId, date: 0 }
}

function describeContent(world: World, message: Message): Json {
  const entities = message.entities.map((entity) => describeEntity(world, entity))
  if (message.kind === 'rich') return { rich_message: message.rich ?? {} }
  if (message.kind === 'service') return {}
  if (message.kind === 'text') {
    return { text: message.text, ...(entities.length > 0 && { entities }) }
  }
  return {
    ...(message.file && describeFile(message.file)),
    ...(message.text !== '' && { caption: message.text }),
    ...(entities.length > 0 && { caption_entities: entities }),
  }
}

function describeEntity(world: World, entity: Entity): Json {
  return { ...entity, ...(entity.user && { user: userOf(world, entity.user.id) }) }
}

function describeFile(file: StoredFile): Json {
  const ids = { file_id: file.id, file_unique_id: file.id.slice(-16), file_size: file.bytes.length }
  if (file.kind === 'photo') return { photo: [{ ...ids, width: file.width, height: file.height }] }
  return { document: { ...ids, ...(file.name && { file_name: file.name }), mime_type: file.mime } }
}

const seenFile = ({ id, name, bytes, width, height }: StoredFile) => ({
  id,
  ...(name && { name }),
  ...(width !== undefined && height !== undefined && { width, height }),
  bytes: bytes.length,
})

/** A message as a person sees it. */
export function seenMessage(message: Message): SeenMessage {
  const { ephemeral, file } = message
  return {
    id: message.id,
    ...(ephemeral && { ephemeralId: ephemeral.id, receiver: ephemeral.receiver }),
    kind: message.kind,
    ...(message.from && { from: message.from.id }),
    text: message.text,
    entities: message.entities,
    keyboard: seenKeyboard(message.keyboard),
    ...(file && { file: seenFile(file) }),
    ...(message.replyTo !== undefined && { replyTo: message.replyTo }),
    ...(message.thread !== undefined && { thread: message.thread }),
    silent: message.silent,
    pinned: message.pinned,
    reactions: message.reactions,
    at: message.at,
    ...(message.editedAt !== undefined && { editedAt: message.editedAt }),
  }
}
