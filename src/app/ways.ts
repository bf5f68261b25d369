import type { OnUse } from '../channels/dingtalk/api.ts'
import type { Way, WayName } from '../channels/way.ts'
import type { Config } from '../config/schema.ts'
import type { Logger } from '../log.ts'

/** The ways in one direction that a configuration has, by name. */
export interface Ways extends ReadonlyMap<WayName, Way> {
  /** The names of the web-hooks. */
  hooks: readonly string[]
  stop(): Promise<void>
}

/**
 * What a way needs is loaded only where it is configured.
 * @param onUse told of each DING, which counts toward DingTalk's monthly calls
 */
export async function createWays(
  { notify = {}, channels }: Pick<Config, 'notify' | 'channels'>,
  log: Logger,
  onUse?: OnUse,
): Promise<Ways> {
  const { mail, voice, webhooks = {} } = notify
  const { dingtalk } = channels
  const named = (part: WayName | 'ding') => log.child({ part })
  const hooks = Object.keys(webhooks)
  const all: Way[] = []
  if (voice) {
    const { createVoiceWay } = await import('../channels/voice/index.ts')
    all.push(createVoiceWay({ ...voice.aliyun, log: named('voice') }))
  }
  if (dingtalk) {
    const { createDingWays } = await import('../channels/dingtalk/ding.ts')
    all.push(...Object.values(createDingWays({ ...dingtalk, ...(onUse && { onUse }), log: named('ding') })))
  }
  if (mail) {
    const { createMailWay } = await import('../channels/mail/index.ts')
    all.push(createMailWay({ ...mail, log: named('mail') }))
  }
  if (hooks.length > 0) {
    const { createWebhookWay } = await import('../channels/webhook/index.ts')
    all.push(createWebhookWay({ hooks: webhooks, log: named('webhook') }))
  }
  const stop = async () => void (await Promise.all(all.map((way) => way.stop())))
  return Object.assign(new Map(all.map((way) => [way.name, way])), { hooks, stop })
}
