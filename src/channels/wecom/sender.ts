import { rememberNewest } from '../../domain/newest.ts'
import type { Content, Delivery, Log } from '../channel.ts'
import { createAfterText } from '../kit/after-text.ts'
import { userOf } from '../kit/chat-id.ts'
import { createSpare, createUploads, hasPicture } from '../kit/pictures.ts'
import { type Count, deliveryOf, isCardFault, isOffence, type Reply } from './errors.ts'
import { SPARE } from './limits.ts'
import { markdownCard, markdownHead, markdownMessage } from './markdown.ts'
import { renderCard } from './render.ts'
import { createUpload, LARGEST } from './upload.ts'

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

  const now = () => performance.now()
  const pictures = createAfterText({
    uploads: createUploads(createUpload({ request, now, log }), now),
    fits: ({ png }) => png.length <= LARGEST,
    spare: createSpare(SPARE, now),
    say,
    show: async (chat, media) =>
      deliveryOf(await post(chat, { msgtype: 'image', image: { media_id: media } }), media, ONCE),
    log,
  })

  return {
    async send(chat, content, key) {
      if (!TASK_ID.test(key)) return { outcome: 'refused', why: 'the key is no valid task_id' }
      return hasPicture(content) ? pictures.send(chat, content, key) : say(chat, content, key)
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
