import type { ChannelName } from '../channels/channel.ts'
import type { TelegramWebhook } from '../channels/telegram/index.ts'
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

/** What a platform needs is loaded only where it is configured. */
export async function createBots(config: Pick<Config, 'channels' | 'rooms'>, log: Logger): Promise<Bots> {
  const { telegram, dingtalk, wecom } = config.channels
  const bots = new Map<ChannelName, Bot>()
  const webhooks: Webhook[] = []
  const add = (name: ChannelName, bot: Bot) =>
    bots.set(name, { ...bot, perMinute: config.channels[name]?.perMinute })
  if (telegram) add('telegram', await telegramBot(telegram, log.child({ part: 'telegram' }), webhooks))
  if (dingtalk) add('dingtalk', await dingtalkBot(dingtalk, log.child({ part: 'dingtalk' })))
  if (wecom) add('wecom', await wecomBot(wecom, groupRobots(config), log.child({ part: 'wecom' })))
  return { bots, webhooks }
}

type Of<Name extends ChannelName> = NonNullable<ChannelsConfig[Name]>

/** By a web-hook, Telegram's updates come to any instance; only the one that holds the bot says where to. */
async function telegramBot(config: Of<'telegram'>, log: Logger, webhooks: Webhook[]): Promise<Bot> {
  const { createTelegramChannel, webhookPath } = await import('../channels/telegram/index.ts')
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

async function dingtalkBot(config: Of<'dingtalk'>, log: Logger): Promise<Bot> {
  const { createDingTalkChannel } = await import('../channels/dingtalk/index.ts')
  const { cardTemplateId, monthlyCalls: call, monthlyPushes: push, ...rest } = config
  const template = cardTemplateId === undefined ? {} : { templateId: cardTemplateId }
  return {
    id: `dingtalk:${rest.clientId}`,
    quota: { call, push },
    connect: (onUse) => createDingTalkChannel({ ...rest, ...template, ...(onUse && { onUse }), log }),
  }
}

async function wecomBot(
  { botId, secret, wsUrl }: Of<'wecom'>,
  robots: GroupRobots,
  log: Logger,
): Promise<Bot> {
  const { createWeComChannel } = await import('../channels/wecom/index.ts')
  const options = { botId, secret, wsUrl, robots, log }
  return { id: `wecom:${botId}`, connect: () => createWeComChannel(options) }
}
