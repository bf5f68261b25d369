import { z } from 'zod'
import type { ChatInput, Sender } from '../channel.ts'
import { secondsOf } from '../kit/shapes.ts'

/** The bot's own account, as getMe tells it. */
export interface BotAccount {
  id: number
  /** Without the @. */
  username: string
}

const user = z.object({
  id: z.int(),
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
})

const chat = z.object({ id: z.int(), type: z.string().optional(), title: z.string().optional() })

/** Where a message stands; all that Telegram tells of an inaccessible one, but for the topic. */
const place = z.object({
  message_id: z.int(),
  chat,
  message_thread_id: z.int().optional(),
  is_topic_message: z.boolean().optional(),
})

const message = place.extend({
  date: secondsOf,
  from: user.optional(),
  sender_chat: chat.optional(),
  is_automatic_forward: z.boolean().optional(),
  text: z.string().optional(),
  reply_to_message: z.object({ message_id: z.int(), from: user.optional() }).optional(),
  migrate_to_chat_id: z.int().optional(),
  migrate_from_chat_id: z.int().optional(),
})

const callbackQuery = z.object({
  id: z.string(),
  from: user,
  data: z.string().optional(),
  message: place.optional(),
})

const membership = z.object({
  chat,
  new_chat_member: z.object({ status: z.string() }),
})

/** A press on a button; undefined for what is none of ours (a game, an inline message, another bot). */
export function readPress(query: unknown, now: number): Extract<ChatInput, { kind: 'press' }> | undefined {
  const parsed = callbackQuery.safeParse(query)
  if (!parsed.success) return undefined
  const { id, from, data, message: origin } = parsed.data
  if (data === undefined || origin === undefined || from.is_bot) return undefined
  return {
    kind: 'press',
    id: `cb:${id}`,
    chat: chatOf(origin),
    sender: person(from),
    data,
    // An ephemeral message has no id of its own (0).
    ...(origin.message_id > 0 && { message: String(origin.message_id) }),
    // The update does not say when, and Telegram drops it after 150 s.
    at: now,
  }
}

/** What a message means for us: a text, the move of a chat, or nothing. */
export function readMessage(update: unknown, bot: BotAccount): ChatInput | undefined {
  const parsed = message.safeParse(update)
  if (!parsed.success) return undefined
  const it = parsed.data
  const at = it.date * 1000
  if (it.migrate_to_chat_id !== undefined) return moved(it.chat.id, it.migrate_to_chat_id, at)
  if (it.migrate_from_chat_id !== undefined) return moved(it.migrate_from_chat_id, it.chat.id, at)
  const sender = writer(it)
  const said = it.text === undefined ? undefined : readText(it.text, bot.username)
  if (!sender || !said) return undefined
  const group = it.chat.type !== 'private'
  const answered = it.reply_to_message?.from?.id === bot.id ? it.reply_to_message : undefined
  return {
    kind: 'text',
    id: `${it.chat.id}:${it.message_id}`,
    chat: chatOf(it),
    group,
    ...(group && !said.addressed && !answered && { addressed: false }),
    sender,
    text: said.text,
    ...(answered && { replyTo: String(answered.message_id) }),
    at,
  }
}

/** What became of the bot's own membership, for the log. */
export function readMembership(
  update: unknown,
): { chat: string; title?: string; status: string } | undefined {
  const parsed = membership.safeParse(update)
  if (!parsed.success) return undefined
  const { chat, new_chat_member: now } = parsed.data
  return { chat: String(chat.id), status: now.status, ...(chat.title !== undefined && { title: chat.title }) }
}

/** Both service messages of one move give the same id. */
function moved(from: number, to: number, at: number): ChatInput {
  return { kind: 'moved', id: `moved:${from}:${to}`, chat: String(from), to: String(to), at }
}

function chatOf({ chat, message_thread_id, is_topic_message }: z.infer<typeof place>): string {
  return is_topic_message && message_thread_id !== undefined
    ? `${chat.id}/${message_thread_id}`
    : `${chat.id}`
}

/**
 * Who wrote. An anonymous admin and one who writes as a channel come with `sender_chat` and a stand-in for `from`
 * (1087968824, 136817688) that must never be taken for a person. Undefined for bots and automatic forwards.
 */
function writer({ from, sender_chat, is_automatic_forward }: z.infer<typeof message>): Sender | undefined {
  if (is_automatic_forward) return undefined
  if (sender_chat) {
    const name = sender_chat.title === undefined ? {} : { name: sender_chat.title }
    return { id: String(sender_chat.id), anonymous: true, ...name }
  }
  return from && !from.is_bot ? person(from) : undefined
}

function person({ id, first_name, last_name }: z.infer<typeof user>): Sender {
  const name = [first_name, last_name].filter(Boolean).join(' ')
  return { id: String(id), ...(name !== '' && { name }) }
}

/** Takes off the slash and the mention of this bot. Undefined for a command to another bot. */
function readText(written: string, username: string): { text: string; addressed: boolean } | undefined {
  const addressee = /^\s*[/／][^\s@]*@(\w+)/.exec(written)?.[1]
  if (addressee !== undefined && addressee.toLowerCase() !== username.toLowerCase()) return undefined
  const mention = new RegExp(`\\s*@${username}(?!\\w)\\s*`, 'gi')
  const text = written
    .replace(/^\s*[/／]/, '')
    .replace(mention, ' ')
    .trim()
  return { text, addressed: text !== written.trim() }
}
