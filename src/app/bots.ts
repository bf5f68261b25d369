import type { ChannelName } from '../channels/channel.ts'
import { createDingTalkChannel } from '../channels/dingtalk/index.ts'
import { createTelegramChannel, type TelegramWebhook, webhookPath } from '../channels/telegram/index.ts'
import { createWeComChannel } from '../channels/wecom/index.ts'
import { type GroupRobots, groupRobots } from '../config/robots.ts'
import type { ChannelsConfig, Config } from '../config/schema.ts'
import type { Bot } from '../engine/connections.ts'
import type { Webhook } from '../http/webhook-routes.ts'
import type { Logger } from '../log.ts'
import { commandMenu } from '../text/menu.ts'

/** The bots of a configuration, and the addresses at which platforms call us. */
export interface Bots {
  bots: Map<ChannelName, Bot>
  webhooks: Webhook[]
}

export function createBots(config: Pick<Config, 'channels' | 'rooms'>, log: Logger): Bots {
  const { telegram, dingtalk, wecom } = config.channels
  const bots = new Map<ChannelName, Bot>()
  const webhooks: Webhook[] = []
  const add = (name: ChannelName, bot: Bot) =>
    bots.set(name, { ...bot, perMinute: config.channels[name]?.perMinute })
  if (telegram) add('telegram', telegramBot(telegram, log.child({ part: 'telegram' }), webhooks))
  if (dingtalk) add('dingtalk', dingtalkBot(dingtalk, log.child({ part: 'dingtalk' })))
  if (wecom) add('wecom', wecomBot(wecom, groupRobots(config), log.child({ part: 'wecom' })))
  return { bots, webhooks }
}

type Of<Name extends ChannelName> = NonNullable<ChannelsConfig[Name]>

/** By a web-hook, Telegram's updates come to any instance; only the one that holds the bot says where to. */
function telegramBot(config: Of<'telegram'>, log: Logger, webhooks: Webhook[]): Bot {
  const id = `telegram:${config.token.split(':')[0]}`
  const { webhookUrl: publicUrl } = config
  const menus = { en: commandMenu('en'), 'zh-CN': commandMenu('zh-CN') }
  const options = { ...config, menus, log }
  if (config.mode === 'polling' || publicUrl === undefined)
    return { id, connect: () => createTelegramChannel(options) }
  let current: TelegramWebhook | undefined
  const create = (announces: boolean) => {
    const channel = createTelegramChannel({ ...options, webhook: { publicUrl, announces } })
    current = channel.webhook
    return channel
  }
  webhooks.push({
    path: webhookPath(config.token),
    receive: async (headers, body) => current?.receive(headers, body) ?? 503,
  })
  return { id, connect: () => create(true), listen: () => create(false) }
}

function dingtalkBot(config: Of<'dingtalk'>, log: Logger): Bot {
  const { cardTemplateId, monthlyCalls: call, monthlyPushes: push, ...rest } = config
  const template = cardTemplateId === undefined ? {} : { templateId: cardTemplateId }
  return {
    id: `dingtalk:${rest.clientId}`,
    quota: { call, push },
    connect: (onUse) => createDingTalkChannel({ ...rest, ...template, ...(onUse && { onUse }), log }),
  }
}

function wecomBot({ botId, secret, wsUrl }: Of<'wecom'>, robots: GroupRobots, log: Logger): Bot {
  const options = { botId, secret, wsUrl, robots, log }
  return { id: `wecom:${botId}`, connect: () => createWeComChannel(options) }
}
