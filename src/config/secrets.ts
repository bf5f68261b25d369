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
    passwordIn(thingboot.mqtt?.url),
    passwordIn(channels.telegram?.proxy),
    passwordIn(notify?.mail?.smtp),
    notify?.voice?.aliyun.accessKeySecret,
    ...Object.values(notify?.webhooks ?? {}).map((hook) => hook.secret),
  ]
  return found.flatMap((one) => one || [])
}

function passwordIn(url: string | null | undefined): string | undefined {
  return url ? new URL(url).password : undefined
}
