import { z } from 'zod'
import type { PressInput, TextInput } from '../channel.ts'
import { chatWith } from '../kit/chat-id.ts'
import { filled, secondsOf } from '../kit/shapes.ts'

/** What a pushed frame says. The SDK's own types of it are wrong in places, so nothing is taken on trust. */
export type Heard =
  | { kind: 'press'; reqId: string; taskId: string; input: PressInput }
  | { kind: 'text'; input: TextInput }
  /** Pictures, files, and events that mean nothing to us; there are undocumented ones. */
  | { kind: 'other'; what: string }
  | { kind: 'unreadable' }

const text = filled

const frame = z.object({
  headers: z.object({ req_id: text }),
  body: z.looseObject({
    msgtype: text,
    event: z.looseObject({ eventtype: text }).optional().catch(undefined),
  }),
})

/** What all messages and presses have (documented). `chatid` is there in groups only, `chattype` not always. */
const common = z.object({
  msgid: text,
  create_time: z.coerce.number().pipe(secondsOf).optional().catch(undefined),
  chatid: text.optional().catch(undefined),
  chattype: z.string().optional().catch(undefined),
  from: z.object({ userid: text }),
})

/** The members stand under one named like the event (documented and seen), not beside `eventtype`. */
const pressed = z.object({
  template_card_event: z.object({ event_key: text, task_id: text }),
})

const content = z.object({ content: z.string() })
const written = z.union([
  z.object({ msgtype: z.literal('text'), text: content }).transform((body) => body.text.content),
  z.object({ msgtype: z.literal('voice'), voice: content }).transform((body) => body.voice.content),
  z
    .object({
      msgtype: z.literal('mixed'),
      mixed: z.object({ msg_item: z.array(z.object({ text: content.optional().catch(undefined) })) }),
    })
    .transform((body) => body.mixed.msg_item.flatMap((item) => item.text?.content ?? []).join(' ')),
])

/** @param arrivedAt ms since 1970, for frames that do not say when they were made */
export function readFrame(raw: unknown, arrivedAt: number): Heard {
  const parsed = frame.safeParse(raw)
  if (!parsed.success) return { kind: 'unreadable' }
  const { headers, body } = parsed.data
  if (body.msgtype !== 'event') return readMessage(body, arrivedAt)
  if (body.event?.eventtype !== 'template_card_event') return other(body.event?.eventtype ?? 'event')
  const circumstances = readCircumstances(body, arrivedAt)
  const press = pressed.safeParse(body.event)
  if (!circumstances || !press.success) return { kind: 'unreadable' }
  const { event_key: data, task_id: message } = press.data.template_card_event
  const { id, chat, sender, at } = circumstances
  return {
    kind: 'press',
    reqId: headers.req_id,
    taskId: message,
    input: { kind: 'press', id, chat, sender, data, message, at },
  }
}

function readMessage(body: { msgtype: string }, arrivedAt: number): Heard {
  const words = written.safeParse(body)
  if (!words.success) return other(body.msgtype)
  const circumstances = readCircumstances(body, arrivedAt)
  if (!circumstances) return { kind: 'unreadable' }
  // Groups bring only what mentions the bot (documented): the mention comes first, and says nothing more.
  const plain = circumstances.group ? words.data.replace(/^\s*@\S+\s*/, '') : words.data
  return { kind: 'text', input: { kind: 'text', ...circumstances, text: plain.trim() } }
}

function readCircumstances(body: unknown, arrivedAt: number) {
  const parsed = common.safeParse(body)
  if (!parsed.success) return undefined
  const { msgid: id, create_time: seconds, chatid, chattype, from } = parsed.data
  const group = chattype === undefined ? chatid !== undefined : chattype === 'group'
  if (group && chatid === undefined) return undefined
  return {
    id,
    chat: group && chatid !== undefined ? chatid : chatWith(from.userid),
    group,
    sender: { id: from.userid },
    at: seconds === undefined ? arrivedAt : seconds * 1_000,
  }
}

const other = (what: string): Heard => ({ kind: 'other', what: what.slice(0, 40) })
