import { randomUUID } from 'node:crypto'
import { oldCode } from './answers.ts'
import type { ChatMessage, ChatRef, SayOptions } from './api.ts'
import type { Core } from './core.ts'
import { TOPIC_ROBOT } from './frames.ts'
import type { Push, Pushes } from './pushes.ts'
import { secret } from './tokens.ts'
import { type App, chatKey, fail, opaqueId } from './world.ts'

/** A reply address of a message. */
export interface Session {
  chat: string
  clientId: string
  until: number
}

type RobotMessage = Extract<ChatMessage, { kind: 'robot' }>

/** What is written in the chats: transcripts, and what people write to the robot. */
export function createChats(core: Core, pushes: Pushes) {
  const transcripts = new Map<string, ChatMessage[]>()
  const pushed = new Map<string, Push>()
  const sessions = new Map<string, Session>()

  const transcript = (chat: string): ChatMessage[] => {
    const known = transcripts.get(chat) ?? []
    transcripts.set(chat, known)
    return known
  }

  const write = (chat: string, message: ChatMessage): string => {
    transcript(chat).push(message)
    return message.id
  }

  const robotOf = (chat: ChatRef, clientId: string | undefined): App | undefined => {
    const first =
      typeof chat === 'string' ? core.world.group(chat).robots[0] : core.world.apps.keys().next().value
    return core.world.apps.get(clientId ?? first ?? '')
  }

  const session = (chat: string, clientId: string): object => {
    const id = secret(core.record)
    const until = core.clock.now() + core.behaviour.sessionLifetime
    sessions.set(id, { chat, clientId, until })
    const sessionWebhook = `${core.url()}/robot/sendBySession?session=${encodeURIComponent(id)}`
    return { sessionWebhook, sessionWebhookExpiredTime: until }
  }

  const sender = (userId: string, app: App): object => {
    const { name, admin, outsider } = core.world.user(userId)
    const known = app.published && !outsider
    return {
      senderNick: name,
      senderId: opaqueId(userId),
      ...(known && { senderStaffId: userId, isAdmin: admin, senderCorpId: core.corpId }),
    }
  }

  /** The payload as documented in «Receive messages»; beyond the month's quota without any content. */
  const payload = (chat: ChatRef, user: string, app: App, msgId: string, content: object): object => {
    const group = typeof chat === 'string' ? core.world.group(chat) : undefined
    const robot = opaqueId(app.clientId)
    return {
      senderPlatform: 'Mac',
      conversationId: group?.conversationId ?? oneToOneId(user, app),
      conversationType: group ? '2' : '1',
      ...(group && { conversationTitle: group.title, atUsers: [{ dingtalkId: robot }], isInAtList: true }),
      chatbotCorpId: core.corpId,
      chatbotUserId: robot,
      msgId,
      ...sender(user, app),
      ...session(chatKey(chat), app.clientId),
      createAt: core.clock.now(),
      robotCode: app.clientId,
      ...(core.quota.takePush() ? content : spent(core)),
    }
  }

  const say = (chat: ChatRef, user: string, text: string, options: SayOptions = {}): string | undefined => {
    core.world.user(user)
    const key = chatKey(chat)
    if (!core.world.sees(user, key)) fail(`${user} is not in ${key}`)
    const msgId = write(key, { kind: 'user', id: `msg${randomUUID()}==`, at: core.clock.now(), user, text })
    const app = robotOf(chat, options.clientId)
    const heard = typeof chat !== 'string' || (options.at && app && core.world.reaches(app.clientId, chat))
    if (!app || !heard) return undefined
    // The @ itself is taken out; the blank after it stays (documented).
    const content = messageContent(options.msgtype ?? 'text', options.at ? ` ${text}` : text)
    const data = payload(chat, user, app, msgId, content)
    const push: Push = { clientId: app.clientId, type: 'CALLBACK', topic: TOPIC_ROBOT, data }
    pushed.set(msgId, push)
    pushes.deliverReliably(push)
    return msgId
  }

  return {
    write,
    say,
    transcript,
    redeliver(msgId: string): void {
      pushes.deliverReliably(pushed.get(msgId) ?? fail(`message ${msgId} was never pushed`))
      core.record.tally.redeliveries++
    },
    session: (id: string) => sessions.get(id),
    /** A robot's message and where it stands. */
    find(id: string): { chat: string; message: RobotMessage } | undefined {
      for (const [chat, messages] of transcripts) {
        const message = messages.find((one): one is RobotMessage => one.kind === 'robot' && one.id === id)
        if (message) return { chat, message }
      }
      return undefined
    },
  }
}

export type Chats = ReturnType<typeof createChats>

const oneToOneId = (user: string, app: App): string =>
  `cid${Buffer.from(`${user}${app.clientId}`).toString('base64')}`

/** What a message carries instead of its content once the month's pushes are used up (documented and seen). */
const spent = (core: Core): object => ({
  msgtype: 'text',
  errCode: oldCode(core, 20001),
  errorCode: oldCode(core, 20001),
  errMsg: '本月推送次数已用完',
  errorMessage: '本月推送次数已用完',
})

function messageContent(msgtype: string, text: string): object {
  if (msgtype === 'text') return { msgtype, text: { content: text } }
  if (msgtype === 'picture') return { msgtype, content: { downloadCode: randomUUID() } }
  // In pieces, as the client's editor splits it.
  const half = Math.ceil(text.length / 2)
  return { msgtype, content: { richText: [{ text: text.slice(0, half) }, { text: text.slice(half) }] } }
}
