import { z } from 'zod'
import type { ChatChannel, Log } from '../channel.ts'
import { createHealth } from '../kit/health.ts'
import { createClient } from './client.ts'
import { LIMITS } from './limits.ts'
import { createMenu, type Menus } from './menu.ts'
import { createPolling } from './polling.ts'
import { MAX_BUTTONS } from './render.ts'
import { createRouter, type Take } from './router.ts'
import { createSender } from './sender.ts'
import { explain, type Step, supervise, type Trouble } from './supervise.ts'
import { type TelegramTiming, TIMING } from './timing.ts'
import { createWebhook, type TelegramWebhook } from './webhook.ts'

export type { MenuEntry, Menus } from './menu.ts'
export { type TelegramWebhook, webhookPath } from './webhook.ts'

export interface TelegramOptions {
  token: string
  apiRoot: string
  mode: 'polling' | 'webhook'
  /** `http://`, `https://` or `socks5://` URL. */
  proxy: string | null
  /**
   * Needed with `mode: 'webhook'`. One of several instances announces the address to Telegram (default); the others
   * take what it brings them.
   */
  webhook?: { publicUrl: string; announces?: boolean }
  /** What the menu of commands is to offer; left out: it stays as it is. */
  menus?: Menus
  log: Log
  /** The clock, ms since 1970. */
  now?: () => number
  /** In ms; tests shorten it. */
  timing?: Partial<TelegramTiming>
}

/** getMe (documented), as far as telegraf and the reading of messages need it. */
const account = z.looseObject({
  id: z.number(),
  username: z.string().regex(/^\w+$/),
  first_name: z.string(),
  can_join_groups: z.boolean().default(true),
  can_read_all_group_messages: z.boolean().default(false),
  supports_inline_queries: z.boolean().default(false),
})

/**
 * Telegram as a chat channel. telegraf calls the API and routes updates; the connection is our own, as telegraf's
 * loses updates and ends at the first conflict. Throws a TypeError for options that can never work.
 */
export function createTelegramChannel(options: TelegramOptions): ChatChannel & { webhook?: TelegramWebhook } {
  const { token, mode, log, now = Date.now } = options
  const timing = { ...TIMING, ...options.timing }
  if (!/^\d+:[\w-]+$/.test(token)) throw new TypeError('telegram: the token must look like 123456:ABC-DEF')
  const client = createClient({ ...options, callTimeout: timing.callWithin })
  const health = createHealth(now, log)
  const sender = createSender({
    client,
    log,
    onFault(fault) {
      const { state, detail } = explain(fault)
      if (fault.kind === 'refused' && (fault.code === 401 || fault.code === 404)) health.set(state, detail)
    },
  })
  const announces = options.webhook?.announces ?? true
  const webhook = mode === 'webhook' ? openWebhook() : undefined
  // Of several instances the one that says where to push to says what is on it, too.
  const menu = announces && options.menus ? createMenu(client, options.menus, log) : undefined
  let take: Take | undefined
  let running: Promise<void> | undefined

  function openWebhook() {
    if (!options.webhook) throw new TypeError('telegram: mode webhook needs the public address of the server')
    const ready = () => (client.bot.botInfo ? take : undefined)
    const { publicUrl } = options.webhook
    return createWebhook({ client, token, publicUrl, announces, now, take: ready })
  }

  /** telegraf asks getMe itself, but only once: if that failed, so would every update from then on. */
  async function identify(): Promise<Trouble | undefined> {
    if (client.bot.botInfo) return undefined
    const answer = await client.call('getMe', {})
    if (!answer.ok) return answer.fault
    const me = account.safeParse(answer.result)
    if (!me.success) return { kind: 'unclear', text: 'getMe does not describe a bot' }
    client.bot.botInfo = { ...me.data, is_bot: true }
    return undefined
  }

  return {
    name: 'telegram',
    abilities: {
      updateAnyTime: true,
      cardInAnswer: false,
      privateAnswer: false,
      mention: true,
      pictures: true,
      maxButtons: MAX_BUTTONS,
    },
    limits: LIMITS,
    ...(webhook && { webhook: { path: webhook.path, receive: webhook.receive } }),
    async start(receive) {
      if (running) throw new Error('telegram: started already')
      take = createRouter({ client, token, log, now }, receive)
      const receiveSome: Step = webhook?.step ?? createPolling({ client, take, hold: timing.hold, log })
      const step = async () => {
        const trouble = (await identify()) ?? (await receiveSome())
        if (!trouble) menu?.offer()
        return trouble
      }
      running = supervise(step, health, timing, client.stopped)
    },
    health: health.get,
    send: sender.send,
    update: sender.update,
    async stop() {
      client.close()
      await Promise.all([running, menu?.settled()])
      health.set('stopped')
    },
  }
}
