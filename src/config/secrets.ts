import type { Config } from './schema.ts'

/** Every secret of a configuration, for the log to strike out. */
export function secretsOf(config: Config): string[] {
  const { store, thingboot, channels, rooms, notify, api, heartbeat, tracing } = config
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
    ...Object.values(notify?.webhooks ?? {}).flatMap((hook) => [hook.secret, ...behindTheHost(hook.url)]),
    ...behindTheHost(heartbeat?.url),
    ...behindTheHost(heartbeat?.failUrl),
  ]
  return found.flatMap((one) => one || [])
}

/** Addresses that others gave out for calling them: who knows such a path or query may. */
function behindTheHost(url: string | undefined): string[] {
  if (url === undefined || !URL.canParse(url)) return []
  const { pathname, search } = new URL(url)
  return [`${pathname}${search}`, search.slice(1), ...passwordsIn(url)].filter((one) => one.length > 1)
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
