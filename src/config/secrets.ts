import type { Config } from './schema.ts'

/** Every secret of a configuration, for the log to strike out. */
export function secretsOf({ store, thingboot, channels, rooms, notify, api, tracing }: Config): string[] {
  const found = [
    ...passwordsIn(store),
    thingboot.appSecret,
    thingboot.pushToken,
    channels.telegram?.token,
    channels.dingtalk?.clientSecret,
    channels.wecom?.secret,
    channels.wecom?.groupRobot?.key,
    ...rooms.map((room) => room.wecomGroupRobot),
    ...passwordsIn(thingboot.mqtt?.url),
    ...passwordsIn(channels.telegram?.proxy),
    ...passwordsIn(notify?.mail?.smtp),
    notify?.voice?.aliyun.accessKeySecret,
    ...api.tokens.map((one) => one.token),
    ...passwordsIn(tracing?.otlp),
    ...Object.values(tracing?.headers ?? {}),
    ...Object.values(notify?.webhooks ?? {}).map((hook) => hook.secret),
  ]
  return found.flatMap((one) => one || [])
}

/** As it stands in the address, and as it is sent. */
function passwordsIn(url: string | null | undefined): string[] {
  const password = url && URL.canParse(url) ? new URL(url).password : ''
  return password === '' ? [] : [...new Set([password, decoded(password)])]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
