import type { OnUse } from '../channels/dingtalk/api.ts'
import { createDingWays } from '../channels/dingtalk/ding.ts'
import { createMailWay } from '../channels/mail/index.ts'
import { createVoiceWay } from '../channels/voice/index.ts'
import type { Way, WayName } from '../channels/way.ts'
import { createWebhookWay } from '../channels/webhook/index.ts'
import type { Config } from '../config/schema.ts'
import type { Logger } from '../log.ts'

/** The ways in one direction that a configuration has, by name. */
export interface Ways extends ReadonlyMap<WayName, Way> {
  /** The names of the web-hooks. */
  hooks: readonly string[]
  stop(): Promise<void>
}

/**
 * @param onUse told of each DING, which counts toward DingTalk's monthly calls
 */
export function createWays(
  { notify = {}, channels }: Pick<Config, 'notify' | 'channels'>,
  log: Logger,
  onUse?: OnUse,
): Ways {
  const { mail, voice, webhooks = {} } = notify
  const { dingtalk } = channels
  const named = (part: WayName | 'ding') => log.child({ part })
  const hooks = Object.keys(webhooks)
  const all: Way[] = [
    ...(voice ? [createVoiceWay({ ...voice.aliyun, log: named('voice') })] : []),
    ...(dingtalk
      ? Object.values(createDingWays({ ...dingtalk, ...(onUse && { onUse }), log: named('ding') }))
      : []),
    ...(mail ? [createMailWay({ ...mail, log: named('mail') })] : []),
    ...(hooks.length > 0 ? [createWebhookWay({ hooks: webhooks, log: named('webhook') })] : []),
  ]
  const stop = async () => void (await Promise.all(all.map((way) => way.stop())))
  return Object.assign(new Map(all.map((way) => [way.name, way])), { hooks, stop })
}
