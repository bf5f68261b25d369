import { z } from 'zod'
import type { Delivery, Mention } from '../channel.ts'
import { userOf } from '../kit/chat-id.ts'
import { clip, sound, utf8Bytes } from '../kit/text.ts'
import type { Api, Reply } from './api.ts'
import type { CardContent } from './card-requests.ts'
import { deliveryOf } from './errors.ts'
import { calledOn, renderActionCard, renderFallback } from './render.ts'
import type { Sessions } from './sessions.ts'

/** Messages of the robot that are no cards. They cannot be changed later. */
export interface Messages {
  /** By the session address of the chat while one is good, else by the robot's own API. */
  text(chat: string, content: { text: string; mention?: Mention[] }, key: string): Promise<Delivery>
  /** A card whose buttons are links that make the presser write; as markdown where it has none. */
  actionCard(chat: string, content: CardContent, key: string): Promise<Delivery>
  markdown(chat: string, content: CardContent, key: string): Promise<Delivery>
  /** A picture that was uploaded. */
  picture(chat: string, media: string): Promise<Delivery>
  /** Markdown by the session address; undefined where none is good. */
  reply(chat: string, content: CardContent, key: string): Promise<Delivery | undefined>
}

/** `msgParam` may have 15,000 bytes (documented), after quoting. */
const TEXT_LIMIT = 7_000

const staffLists = z.object({
  invalidStaffIdList: z.array(z.string()).catch([]),
  flowControlledStaffIdList: z.array(z.string()).catch([]),
})

export function createMessages(api: Api, sessions: Sessions, robotCode: string): Messages {
  /** Undefined where another way should be tried. */
  async function bySession(
    chat: string,
    body: object,
    mention: Mention[],
    key: string,
  ): Promise<Delivery | undefined> {
    const url = sessions.fresh(chat)
    if (url === undefined) return undefined
    const at = mention.length > 0 && { at: { atUserIds: mention.map(({ id }) => id), isAtAll: false } }
    // `msgUuid` makes a repetition harmless where DingTalk honours it (documented for webhooks).
    const reply = await api.reply(url, { ...body, ...at, msgUuid: key })
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
    async text(chat, { text, mention }, key) {
      const called = inGroup(chat, mention)
      // A reply calls on people by their ids; the robot's own API has only words for it (both documented).
      const body = { msgtype: 'text', text: { content: calling(cut(text), calledOn(called, 'id')) } }
      const reply = await bySession(chat, body, called, key)
      const content = calling(cut(text), calledOn(called, 'name'))
      return reply ?? byRobot(chat, 'sampleText', { content }, key)
    },
    actionCard(chat, { card, mention }, key) {
      const { msgKey, param } = renderActionCard(card, calledOn(inGroup(chat, mention), 'name'))
      return byRobot(chat, msgKey, param, key)
    },
    markdown: (chat, { card, mention }, key) =>
      byRobot(chat, 'sampleMarkdown', renderFallback(card, calledOn(inGroup(chat, mention), 'name')), key),
    // That this takes a media id in the place of an address has been seen in others' sources.
    picture: (chat, media) => byRobot(chat, 'sampleImageMsg', { photoURL: media }, media),
    reply(chat, { card, mention }, key) {
      const called = inGroup(chat, mention)
      const markdown = renderFallback(card, calledOn(called, 'id'))
      return bySession(chat, { msgtype: 'markdown', markdown }, called, key)
    },
  }
}

const cut = (text: string) => clip(sound(text), TEXT_LIMIT, utf8Bytes)

const calling = (text: string, called: string) => (called ? `${text}\n${called}` : text)

/** Documented: so many people at most. A chat with one person calls on that one anyway. */
const inGroup = (chat: string, mention: Mention[] = []) =>
  userOf(chat) === undefined ? mention.slice(0, 50) : []

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
