import { z } from 'zod'
import { filled, isThisMachine, url } from './values.ts'

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
})
