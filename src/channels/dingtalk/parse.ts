import { z } from 'zod'
import type { PressInput, Sender, TextInput } from '../channel.ts'
import { chatWith } from '../kit/chat-id.ts'
import { filled, msOf } from '../kit/shapes.ts'

const text = filled

/** The part of a CALLBACK frame that is needed; `data` is JSON once more. */
const frame = z.object({
  headers: z.object({
    messageId: text,
    topic: text,
    time: z.coerce.number().pipe(msOf).optional().catch(undefined),
  }),
  data: z.string(),
})
export type Frame = z.infer<typeof frame>

/** Undefined for a frame that cannot even be answered. */
export const parseFrame = (raw: unknown): Frame | undefined => frame.safeParse(raw).data

const robotMessage = z.object({
  msgId: text,
  msgtype: z.string().catch(''),
  conversationId: text,
  conversationType: z.coerce.string().catch('2'),
  senderId: z.string().catch(''),
  senderStaffId: text.optional().catch(undefined),
  senderNick: text.optional().catch(undefined),
  sessionWebhook: text.optional().catch(undefined),
  sessionWebhookExpiredTime: msOf.optional().catch(undefined),
  createAt: msOf.optional().catch(undefined),
  text: z.object({ content: z.string() }).optional().catch(undefined),
  content: z
    .object({ richText: z.array(z.object({ text: z.string().catch('') })) })
    .optional()
    .catch(undefined),
})

const quotaNotice = z.object({ errCode: z.coerce.number() }).or(z.object({ errorCode: z.coerce.number() }))
const QUOTA_USED_UP = 20_001

/** A robot message, understood. `session` is where a reply may be posted, until that time. */
export type RobotMessage =
  | { kind: 'text'; input: TextInput; session?: { url: string; until: number } }
  /** The monthly Stream quota is used up: the text is withheld (documented). */
  | { kind: 'quota' }
  /** A picture, a file, or something unknown. */
  | { kind: 'other'; what: string }

/** @param data a frame's `data`, JSON as text. */
export function parseRobotMessage(data: string, arrivedAt: number): RobotMessage {
  const fields = json(data)
  const notice = quotaNotice.safeParse(fields).data
  if (notice && Object.values(notice).includes(QUOTA_USED_UP)) return { kind: 'quota' }
  const parsed = robotMessage.safeParse(fields)
  if (!parsed.success) return { kind: 'other', what: 'unreadable' }
  const message = parsed.data
  const written = message.text?.content ?? message.content?.richText.map((piece) => piece.text).join('')
  if (written === undefined) return { kind: 'other', what: message.msgtype }
  const group = message.conversationType !== '1'
  const { senderStaffId, sessionWebhook: url, sessionWebhookExpiredTime: until } = message
  const input: TextInput = {
    kind: 'text',
    id: message.msgId,
    // Without a staff id a one-to-one chat can be reached by its session address only.
    chat: group || senderStaffId === undefined ? message.conversationId : chatWith(senderStaffId),
    group,
    sender: senderOf(senderStaffId, message.senderId, message.senderNick),
    text: written.trim(),
    at: message.createAt ?? arrivedAt,
  }
  return { kind: 'text', input, ...(url && until ? { session: { url, until } } : {}) }
}

/** The staff id is missing for people outside the organisation, and for all before the app is published. */
function senderOf(staffId: string | undefined, otherId: string, name: string | undefined): Sender {
  const known = staffId === undefined ? { id: otherId, anonymous: true } : { id: staffId }
  return { ...known, ...(name === undefined ? {} : { name }) }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** JSON as text (documented), or the object itself (seen). */
const unpacked = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' ? json(value) : value), schema)

const word = text.optional().catch(undefined)
const press = z.object({
  outTrackId: text,
  userId: text.optional().catch(undefined),
  userIdType: z.coerce.number().optional().catch(undefined),
  spaceId: word,
  spaceType: z.string().catch(''),
  content: unpacked(
    z.object({
      cardPrivateData: z.object({
        actionIds: z.array(z.string()).catch([]),
        params: z.object({ data: word, id: word, action: word }).catch({}),
      }),
    }),
  ),
})

/** The press's own id is left to the caller: DingTalk gives none that stays the same. */
export function parsePress(data: string, at: number): Omit<PressInput, 'id'> | undefined {
  const parsed = press.safeParse(json(data))
  if (!parsed.success) return undefined
  const { outTrackId, userId, userIdType, spaceId, spaceType, content } = parsed.data
  const { actionIds, params } = content.cardPrivateData
  // Our buttons carry `data` as the action's id as well; templates of others may bring no more than an action.
  const pressed = params.data ?? actionIds[0] ?? params.id ?? params.action
  if (pressed === undefined) return undefined
  // 2 is a union id (documented); people from outside have opaque ids like those in robot messages.
  const isStaff = userId !== undefined && userIdType !== 2 && !userId.startsWith('$:')
  return {
    kind: 'press',
    chat: chatOf(spaceId, spaceType, userId),
    sender: isStaff ? { id: userId } : { id: userId ?? '', anonymous: true },
    data: pressed,
    message: outTrackId,
    at,
  }
}

/** Empty where DingTalk does not tell; `message` names the card in any case. */
function chatOf(spaceId: string | undefined, spaceType: string, userId: string | undefined): string {
  if (/robot|single/i.test(spaceType) && userId !== undefined) return chatWith(userId)
  return (spaceId ?? '').replace(/^dtv1\.card\/\/\w+\./, '')
}
