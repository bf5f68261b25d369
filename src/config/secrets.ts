import type { Config } from './schema.ts'

/** Every secret of a configuration, for the log to strike out. */
export function secretsOf({ thingboot, channels, notify }: Config): string[] {
  const found = [
    thingboot.appSecret,
    thingboot.pushToken,
    channels.telegram?.token,
    channels.dingtalk?.clientSecret,
    channels.wecom?.secret,
    channels.wecom?.groupRobot?.key,
    notify?.mail?.smtp,
    notify?.voice?.aliyun.accessKeySecret,
    ...Object.values(notify?.webhooks ?? {}).map((hook) => hook.secret),
  ]
  return found.filter((one) => one !== undefined)
}
