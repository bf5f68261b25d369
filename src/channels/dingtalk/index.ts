import type { ChatChannel, Content, Delivery, Log } from '../channel.ts'
import { createAfterText } from '../kit/after-text.ts'
import { createHealth } from '../kit/health.ts'
import { createSpare, createUploads, hasPicture } from '../kit/pictures.ts'
import { orAfter } from '../kit/waiting.ts'
import { createApi, type OnUse } from './api.ts'
import { BUILT_IN_TEMPLATE } from './card-requests.ts'
import { createCards } from './cards.ts'
import { createFallback, type FirstFallback } from './fallback.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { LIMITS, SPARE } from './limits.ts'
import { createMessages } from './messages.ts'
import { createNotices } from './notices.ts'
import { createSessions } from './sessions.ts'
import { openStream, type StreamConnection } from './stream-client.ts'
import { createSupervisor, type SupervisorTiming } from './supervisor.ts'
import { createUpload, LARGEST } from './upload.ts'

export interface DingTalkOptions {
  /** Client ID (appKey) of the enterprise internal app; it is the robot's code too. */
  clientId: string
  clientSecret: string
  /** `https://api.dingtalk.com`, or `.io` overseas. */
  apiBase: string
  /** `https://oapi.dingtalk.com`; its host may also be that of session addresses. */
  oapiBase: string
  /** A card template with the variables of the built-in one, which is the default. */
  templateId?: string
  /** What is sent while DingTalk takes no cards; default: messages whose buttons type a command. */
  fallback?: FirstFallback
  onUse?: OnUse
  log: Log
  /** The clock, ms since 1970. */
  now?: () => number
  /** In ms; tests shorten it. */
  timing?: Partial<DingTalkTiming>
}

export interface DingTalkTiming extends SupervisorTiming {
  /** For the gateway call and the handshake, each. */
  openWithin: number
  pingEvery: number
  /** For one call of the API, whose own limit is about 3 s (documented). */
  callWithin: number
  /** For a picture; the text waits for it. */
  uploadWithin: number
}

const TIMING: DingTalkTiming = {
  firstPause: 1_000,
  longestPause: 60_000,
  healthyAfter: 60_000,
  lingerFor: 10_000,
  openWithin: 10_000,
  pingEvery: 25_000,
  callWithin: 8_000,
  uploadWithin: 15_000,
}

/** How long what is under way may take to end when the channel stops. */
const STOP_WITHIN = 2_000

/** DingTalk through an enterprise internal app in Stream mode: no public address is needed. */
export function createDingTalkChannel(options: DingTalkOptions): ChatChannel {
  const { clientId, clientSecret, oapiBase, templateId = BUILT_IN_TEMPLATE, log, now = Date.now } = options
  const onUse = options.onUse ?? (() => {})
  const apiBase = options.apiBase.replace(/\/+$/, '')
  const timing = { ...TIMING, ...options.timing }
  const { openWithin, pingEvery, callWithin, uploadWithin } = timing
  const ending = new AbortController()
  const notices = createNotices(log)
  const sessions = createSessions(oapiBase, now)
  const api = createApi({
    clientId,
    clientSecret,
    apiBase,
    oapiBase,
    notices,
    onUse,
    callWithin,
    uploadWithin,
    signal: ending.signal,
    now,
  })
  const messages = createMessages(api, sessions, clientId)
  const pictures = createAfterText({
    uploads: createUploads(createUpload(api, uploadWithin, log), now),
    fits: ({ png }) => png.length <= LARGEST,
    spare: createSpare(SPARE, now),
    say,
    show: messages.picture,
    log,
  })
  const first = options.fallback ?? 'action-card'
  const fallback = createFallback({ messages, notices, clientId, first, now, log })
  const cards = createCards({ api, fallback, clientId, templateId })
  const underWay = new Set<Promise<Delivery>>()
  let inbox: Inbox | undefined
  let stopping = false

  const stream = {
    clientId,
    clientSecret,
    apiBase,
    openWithin,
    pingEvery,
    onCallback: (frame: unknown, connection: StreamConnection) => inbox?.take(frame, connection),
    onFrameError: ({ name }: Error) => log.warn({ why: name }, 'passed over a frame that cannot be read'),
  }
  const connection = createHealth(now, log)
  const open = (signal: AbortSignal) => openStream(stream, signal)
  const supervisor = createSupervisor({ open, timing, health: connection, log })

  function say(chat: string, content: Content, key: string): Promise<Delivery> {
    return 'card' in content ? cards.send(chat, content, key) : messages.text(chat, content, key)
  }

  async function unlessStopping(work: () => Promise<Delivery>): Promise<Delivery> {
    if (stopping) return { outcome: 'later', why: 'the channel has been stopped' }
    const delivery = work().finally(() => underWay.delete(delivery))
    underWay.add(delivery)
    return delivery
  }

  return {
    name: 'dingtalk',
    abilities: {
      updateAnyTime: true,
      cardInAnswer: true,
      privateAnswer: true,
      mention: true,
      pictures: true,
      maxButtons: 4,
    },
    limits: LIMITS,

    async start(receive) {
      if (!clientId || !clientSecret) throw new Error('dingtalk: clientId and clientSecret are needed')
      for (const base of [apiBase, oapiBase]) {
        if (!URL.canParse(base)) throw new Error(`dingtalk: «${base}» is not the address of an API`)
      }
      inbox = createInbox({ receive, cards, sessions, notices, onUse, now, log })
      supervisor.start()
    },

    health() {
      const health = connection.get()
      const detail = [health.detail ?? '', notices.text()].filter(Boolean).join(' ')
      return detail === '' ? health : { ...health, detail }
    },

    send: (chat, content, key) =>
      unlessStopping(() =>
        hasPicture(content) ? pictures.send(chat, content, key) : say(chat, content, key),
      ),

    update: (chat, message, card) => unlessStopping(() => cards.update(chat, message, card)),

    async stop() {
      stopping = true
      await orAfter(STOP_WITHIN, Promise.all([inbox?.close(), ...underWay]), undefined)
      ending.abort()
      await supervisor.stop()
    },
  }
}
