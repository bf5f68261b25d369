import type { Content, Delivery, Log, Picture } from '../channel.ts'
import { userOf } from '../kit/chat-id.ts'
import { rememberNewest } from '../kit/memory.ts'
import { hasPicture, inWords } from '../kit/pictures.ts'
import { type Count, deliveryOf, isCardFault, isOffence, type Reply } from './errors.ts'
import { markdownCard, markdownHead, markdownMessage } from './markdown.ts'
import { createPictures } from './pictures.ts'
import { renderCard } from './render.ts'

export interface Sender {
  /** As in the port. */
  send(chat: string, content: Content, key: string): Promise<Delivery>
}

export interface SenderOptions {
  request(cmd: string, body: object): Promise<Reply>
  log: Log
}

/** What WeCom takes as a task_id; checked here, as another one may be accepted and never shown (seen). */
const TASK_ID = /^[0-9A-Za-z_@-]{1,128}$/

export function createSender({ request, log }: SenderOptions): Sender {
  const mishaps = createMishaps()
  const pictures = createPictures({ request, log })

  function post(chat: string, body: object): Promise<Reply> {
    const user = userOf(chat)
    // 1 is a person, 2 a group (documented); without it a group is looked for first.
    const target = user === undefined ? { chatid: chat, chat_type: 2 } : { chatid: user, chat_type: 1 }
    return request('aibot_send_msg', { ...target, ...body })
  }

  async function postContent(chat: string, content: Content, key: string): Promise<Reply> {
    const reply = await post(chat, bodyOf(content, key))
    const instead = insteadOf(content, reply)
    if (!instead) return reply
    log.error({ key, reply }, instead.why)
    return post(chat, instead.body)
  }

  async function say(chat: string, content: Content, key: string): Promise<Delivery> {
    const reply = await postContent(chat, content, key)
    const subjects = { chat: `chat ${chat}`, message: `message ${key}` }
    const count: Count = (subject, code) => mishaps.count(subjects[subject], code)
    const delivery = deliveryOf(reply, key, count)
    if (delivery.outcome === 'delivered') mishaps.forget(subjects)
    return delivery
  }

  /** The picture of a text that is out: what goes wrong here is no failure of the message. */
  async function show(chat: string, picture: Picture, media: string): Promise<void> {
    const delivery = deliveryOf(
      await post(chat, { msgtype: 'image', image: { media_id: media } }),
      media,
      ONCE,
    )
    if (delivery.outcome === 'delivered') return
    log.warn({ chat, delivery }, 'a text stands without its picture')
    if (delivery.outcome === 'unknown' || (delivery.outcome === 'later' && delivery.wholeChat)) return
    pictures.forget(picture)
    if (picture.instead !== '') await post(chat, markdownMessage(picture.instead))
  }

  return {
    async send(chat, content, key) {
      if (!TASK_ID.test(key)) return { outcome: 'refused', why: 'the key is no valid task_id' }
      if (!hasPicture(content)) return say(chat, content, key)
      const media = await pictures.mediaFor(chat, content.picture)
      if (media === undefined) return say(chat, inWords(content), key)
      const delivery = await say(chat, content, key)
      if (delivery.outcome === 'delivered') await show(chat, content.picture, media)
      return delivery
    },
  }
}

const bodyOf = (content: Content, key: string) =>
  'text' in content
    ? markdownMessage(content.text)
    : { msgtype: 'template_card', template_card: renderCard(content.card, key) }

/** What may be taken, once, where the content is not. */
function insteadOf(content: Content, reply: Reply): { why: string; body: object } | undefined {
  if (isOffence(reply)) {
    return { why: 'the anti-spam check refuses a message; its head goes alone', body: markdownHead(content) }
  }
  if ('text' in content || !isCardFault(reply)) return undefined
  return { why: 'WeCom refuses our card; its facts go as text', body: markdownCard(content.card) }
}

/** A picture is tried once. */
const ONCE: Count = () => 1

/** So many chats and messages are remembered; more never have trouble at a time. */
const REMEMBERED = 1_000

/** Which code a chat or message has met, and how many times in a row. */
function createMishaps() {
  const last = new Map<string, { code: number; times: number }>()
  return {
    count(subject: string, code: number): number {
      const before = last.get(subject)
      const times = before?.code === code ? before.times + 1 : 1
      rememberNewest(last, subject, { code, times }, REMEMBERED)
      return times
    },
    forget(subjects: Record<string, string>): void {
      for (const subject of Object.values(subjects)) last.delete(subject)
    },
  }
}
