import { z } from 'zod'
import { filled, isThisMachine, url } from './values.ts'

/** How many messages a group takes each minute. */
const perMinute = z
  .int({ error: 'must be a whole number of messages' })
  .min(2, 'must be at least 2')
  .max(60_000, 'must be at most 60000')
  .optional()

/** The bot on Telegram. */
export const telegram = z.strictObject({
  token: z.string().regex(/^\d+:[\w-]+$/, 'must be the token that @BotFather gave, such as 123456:ABC-DEF'),
  apiRoot: url('https', 'http').default('https://api.telegram.org'),
  mode: z.enum(['polling', 'webhook']).default('polling'),
  proxy: url('http', 'https', 'socks', 'socks4', 'socks5', 'socks5h').nullable().default(null),
  /** Where Telegram reaches this server; needed for mode webhook only. */
  webhookUrl: url('https', 'http').optional(),
  perMinute,
})

const monthly = z
  .int({ error: 'must be a whole number a month, or 0 for not counted' })
  .min(0, 'must be 0 or more')

/** The app on DingTalk. */
export const dingtalk = z.strictObject({
  clientId: filled,
  clientSecret: filled,
  apiBase: url('https', 'http').default('https://api.dingtalk.com'),
  oapiBase: url('https', 'http').default('https://oapi.dingtalk.com'),
  /** A card template of one's own instead of the public built-in one. */
  cardTemplateId: filled.optional(),
  /** What is sent while DingTalk takes no cards. */
  fallback: z.enum(['action-card', 'markdown']).default('action-card'),
  /** What the organisation may use in a month; 0: not counted. */
  monthlyCalls: monthly.default(5000),
  monthlyPushes: monthly.default(3000),
  perMinute,
})

/** Where group robots of WeCom are reached. */
export const ROBOT_URL = 'https://qyapi.weixin.qq.com'

/** The bot on WeCom. */
export const wecom = z.strictObject({
  botId: filled,
  secret: filled,
  wsUrl: url('wss', 'ws')
    .refine((text) => text.startsWith('wss:') || isThisMachine(text), {
      error: 'must begin with wss://: the secret goes over it (ws:// is taken for this machine only)',
    })
    .default('wss://openws.work.weixin.qq.com'),
  groupRobot: z
    .strictObject({
      /** May be left out where rooms name their own. */
      key: filled.optional(),
      baseUrl: url('https', 'http')
        .refine((text) => text.startsWith('https:') || isThisMachine(text), {
          error: 'must begin with https://: the key goes over it (http:// is taken for this machine only)',
        })
        .default(ROBOT_URL),
    })
    .optional(),
  perMinute,
})
