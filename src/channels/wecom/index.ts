import type { ChatChannel, Content, Delivery, Log, Receive } from '../channel.ts'
import { createHealth } from '../kit/health.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { LIMITS } from './limits.ts'
import { MAX_BUTTONS } from './render.ts'
import { createRetries } from './retries.ts'
import { createSecondWay, type Robots } from './second-way.ts'
import { createSender } from './sender.ts'
import { openSession, type Session } from './session.ts'
import { createSupervisor } from './supervisor.ts'
import { TIMING, type WeComTiming } from './timing.ts'

export interface WeComOptions {
  /** BotID and Secret of an AI bot in API mode with long connection. */
  botId: string
  secret: string
  /** `wss://openws.work.weixin.qq.com`, or what the console of a private deployment shows. */
  wsUrl: string
  /** Group robots (消息推送): they call on people, and tell what is urgent while the connection is down. */
  robots?: Robots
  log: Log
  /** The clock, ms since 1970. */
  now?: () => number
  /** In ms; tests shorten it. */
  timing?: Partial<WeComTiming>
}

/** How long what is under way may take to end when the channel stops. */
const STOP_WITHIN = 2_000

/** WeCom through an AI bot over its long connection: no public address is needed. */
export function createWeComChannel(options: WeComOptions): ChatChannel {
  const { botId, secret, wsUrl, log, now = Date.now } = options
  const timing = { ...TIMING, ...options.timing }
  let inbox: Inbox | undefined
  let stopped = false

  const supervisor = createSupervisor({
    open: (onReady) => {
      const onPush = (frame: unknown, session: Session) => inbox?.take(frame, session)
      return openSession({ botId, secret, wsUrl, timing, log, onReady, onPush })
    },
    retries: createRetries(timing),
    silentAfter: 2.5 * timing.pingEvery,
    health: createHealth(now, log),
    now,
  })
  const { send } = createSender({ request: supervisor.request, log })
  const { robots = NO_ROBOTS } = options
  const secondWay = createSecondWay({ robots, timing, log, health: supervisor.health })

  return {
    name: 'wecom',
    abilities: {
      updateAnyTime: false,
      cardInAnswer: true,
      privateAnswer: true,
      mention: secondWay.exists,
      pictures: true,
      maxButtons: MAX_BUTTONS,
    },
    limits: LIMITS,

    async start(receive: Receive) {
      if (inbox) throw new Error('wecom: started already')
      checkOptions(options)
      inbox = createInbox({ receive, answerWithin: timing.answerWithin, now, log })
      supervisor.start()
    },

    health() {
      const told = supervisor.health()
      const detail = [told.detail, secondWay.trouble()].filter(Boolean).join(' ')
      return detail === '' ? told : { ...told, detail }
    },

    async send(chat: string, content: Content, key: string): Promise<Delivery> {
      return stopped ? STOPPED : secondWay.after(chat, content, key, await send(chat, content, key))
    },

    async update() {
      return { outcome: 'refused', why: 'WeCom changes a card only as the answer to a press on it' }
    },

    async stop() {
      stopped = true
      await inbox?.close(STOP_WITHIN)
      await Promise.all([supervisor.stop(), secondWay.stop()])
    },
  }
}

const NO_ROBOTS: Robots = { baseUrl: '', keys: new Map() }
const STOPPED: Delivery = { outcome: 'later', why: 'the channel has been stopped' }

/** The secret travels in the first frame: unprotected only to this machine itself. */
function checkOptions({ botId, secret, wsUrl }: WeComOptions): void {
  if (botId === '' || secret === '') throw new Error('wecom: botId and secret are needed')
  const { protocol, hostname } = URL.parse(wsUrl) ?? { protocol: '', hostname: '' }
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  if (protocol === 'wss:' || (protocol === 'ws:' && local)) return
  throw new Error('wecom: wsUrl must begin with wss:// (ws:// is for this machine only)')
}
