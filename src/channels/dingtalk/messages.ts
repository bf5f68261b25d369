import { z } from 'zod'
import type { Delivery } from '../channel.ts'
import { userOf } from '../kit/chat-id.ts'
import { clip, sound, utf8Bytes } from '../kit/text.ts'
import type { Api, Reply } from './api.ts'
import { deliveryOf } from './errors.ts'
import type { Sessions } from './sessions.ts'

/** Messages of the robot that are no cards. They cannot be changed later. */
export interface Messages {
  /** By the session address of the chat while one is good, else by the robot's own API. */
  text(chat: string, text: string, key: string): Promise<Delivery>
  markdown(chat: string, message: { title: string; text: string }, key: string): Promise<Delivery>
}

/** `msgParam` may have 15,000 bytes (documented), after quoting. */
const TEXT_LIMIT = 7_000

const staffLists = z.object({
  invalidStaffIdList: z.array(z.string()).catch([]),
  flowControlledStaffIdList: z.array(z.string()).catch([]),
})

export function createMessages(api: Api, sessions: Sessions, robotCode: string): Messages {
  /** Undefined where another way should be tried. */
  async function bySession(chat: string, content: string, key: string): Promise<Delivery | undefined> {
    const url = sessions.fresh(chat)
    if (url === undefined) return undefined
    // `msgUuid` makes a repetition harmless where DingTalk honours it (documented for webhooks).
    const reply = await api.reply(url, { msgtype: 'text', text: { content }, msgUuid: key })
    if (reply.ok) return { outcome: 'delivered', message: key }
    const delivery = deliveryOf(reply.failure, false)
    const refused = delivery.outcome === 'refused' && delivery.gone === undefined && !isUnsafe(delivery.code)
    if (!refused && reply.failure.how !== 'unsent') return delivery
    // Mostly 300001, the session has ended; sooner than promised, as some report.
    sessions.forget(chat)
    return undefined
  }

  /** Has no idempotency key: what may have been done is not repeated. */
  async function byRobot(chat: string, msgKey: string, param: object, key: string): Promise<Delivery> {
    const message = { robotCode, msgKey, msgParam: JSON.stringify(param) }
    const user = userOf(chat)
    if (user === undefined) {
      const body = { ...message, openConversationId: chat }
      return settled(await api.call('POST', '/v1.0/robot/groupMessages/send', body), key)
    }
    const reply = await api.call('POST', '/v1.0/robot/oToMessages/batchSend', { ...message, userIds: [user] })
    return reply.ok ? toPerson(reply.body, user, key) : settled(reply, key)
  }

  return {
    async text(chat, text, key) {
      const content = clip(sound(text), TEXT_LIMIT, utf8Bytes)
      return (await bySession(chat, content, key)) ?? byRobot(chat, 'sampleText', { content }, key)
    },
    markdown: (chat, { title, text }, key) =>
      byRobot(chat, 'sampleMarkdown', { title, text: clip(text, TEXT_LIMIT, utf8Bytes) }, key),
  }
}

const settled = (reply: Reply, key: string): Delivery =>
  reply.ok ? { outcome: 'delivered', message: key } : deliveryOf(reply.failure, false)

/** A 200 may still name the person among those that got nothing (documented). */
function toPerson(body: unknown, user: string, key: string): Delivery {
  const lists = staffLists.safeParse(body)
  if (lists.data?.invalidStaffIdList.includes(user)) {
    return { outcome: 'refused', gone: 'chat', why: 'DingTalk does not know this staff id' }
  }
  if (lists.data?.flowControlledStaffIdList.includes(user)) {
    return { outcome: 'later', retryAfter: 60_000, wholeChat: true, why: 'too many messages for this person' }
  }
  return { outcome: 'delivered', message: key }
}

/** 430101–430104: the content itself is refused, by whichever way it comes. */
const isUnsafe = (code: string | undefined) => /^43010[1-4]$/.test(code ?? '')
