import { setTimeout as delay } from 'node:timers/promises'
import { createWeComChannel } from '../channels/wecom/index.ts'
import type { Config } from '../config/schema.ts'
import { botLease } from '../engine/connections.ts'
import { createLog } from '../log.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { createThingbootClient } from '../thingboot/client.ts'

export interface Finding {
  part: string
  ok: boolean
  detail: string
}

const silent = createLog({ level: 'silent' })
/** A clock further off than this makes signatures fail, as far as is known. ms. */
const CLOCK_TOLERANCE = 60_000

/**
 * Tries what only the other side can tell. Nothing is sent to any chat, no update is taken away from a running
 * service: where a second connection would throw that one out, it is not tried.
 */
export async function tryOnline(config: Config): Promise<Finding[]> {
  const { telegram, dingtalk, wecom } = config.channels
  const { store, finding } = await tryStore(config.store)
  try {
    return [
      finding,
      ...(await tryThingboot(config)),
      ...(telegram ? [await tryTelegram(telegram)] : []),
      ...(dingtalk ? [await tryDingTalk(dingtalk)] : []),
      ...(wecom ? [await tryWeCom(wecom, config.store, store)] : []),
    ]
  } finally {
    await store?.close()
  }
}

async function tryStore(url: string): Promise<{ store?: Store; finding: Finding }> {
  const told: string[] = []
  const tell = (_: object, text: string) => void told.push(text)
  try {
    const store = await openStore(url, { log: { info() {}, warn: tell, error: tell } })
    const facts = url.startsWith('sqlite:')
      ? url
      : await (await import('../store/redis/facts.ts')).redisFacts(url)
    return { store, finding: { part: 'store', ok: true, detail: [facts, ...told].join('; ') } }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { finding: { part: 'store', ok: false, detail } }
  }
}

async function tryThingboot({ thingboot, breakers }: Config): Promise<Finding[]> {
  const cloud = createThingbootClient({ ...thingboot, log: silent })
  const [clock, list] = await Promise.all([cloud.ntp(), cloud.list()])
  const offBy = clock.ok ? Math.round(clock.data / 1000) : 0
  return [
    clock.ok
      ? {
          part: 'clock',
          ok: Math.abs(clock.data) < CLOCK_TOLERANCE,
          detail: `${Math.abs(offBy)} s ${offBy < 0 ? 'behind' : 'ahead of'} the cloud`,
        }
      : { part: 'clock', ok: false, detail: clock.message },
    list.ok ? listed(breakers, list.data) : { part: 'thingboot', ok: false, detail: list.message },
  ]
}

/** A breaker that the account does not list is never heard of. */
function listed(breakers: Config['breakers'], devices: readonly { device: string }[]): Finding {
  const ids = new Set(devices.map((one) => one.device))
  const missing = breakers.filter((one) => !ids.has(one.id)).map((one) => `${one.name} (${one.id})`)
  const detail = `the cloud knows ${devices.length} devices`
  if (missing.length === 0) return { part: 'thingboot', ok: true, detail }
  const why = 'check their ids, and whose account thingboot.appId is'
  return { part: 'thingboot', ok: false, detail: `${detail}, but not ${missing.join(', ')}: ${why}` }
}

async function tryTelegram({
  token,
  apiRoot,
}: NonNullable<Config['channels']['telegram']>): Promise<Finding> {
  const answer = await ask(`${apiRoot.replace(/\/$/, '')}/bot${token}/getMe`, {})
  const name = field(field(answer.body, 'result'), 'username')
  if (typeof name === 'string') return { part: 'telegram', ok: true, detail: `the bot is @${name}` }
  return {
    part: 'telegram',
    ok: false,
    detail: `${answer.why ?? field(answer.body, 'description') ?? 'no usable answer'}; check token and apiRoot`,
  }
}

async function tryDingTalk({
  apiBase,
  clientId,
  clientSecret,
}: NonNullable<Config['channels']['dingtalk']>): Promise<Finding> {
  const answer = await ask(`${apiBase}/v1.0/oauth2/accessToken`, {
    appKey: clientId,
    appSecret: clientSecret,
  })
  if (typeof field(answer.body, 'accessToken') === 'string')
    return { part: 'dingtalk', ok: true, detail: 'clientId and clientSecret are right' }
  return {
    part: 'dingtalk',
    ok: false,
    detail: `${answer.why ?? field(answer.body, 'message') ?? 'no usable answer'}; check clientId and clientSecret`,
  }
}

async function tryWeCom(
  wecom: NonNullable<Config['channels']['wecom']>,
  url: string,
  store: Store | undefined,
): Promise<Finding> {
  const lease = botLease(`wecom:${wecom.botId}`)
  // A file that is open here is open nowhere else.
  const isFree = store && (url.startsWith('sqlite:') || (await store.lease(lease, HOLDER, HOLD)))
  if (!isFree)
    return {
      part: 'wecom',
      ok: true,
      detail: 'not tried: a second connection would throw the running service out',
    }
  try {
    return await connectWeCom(wecom)
  } finally {
    await store.release(lease, HOLDER)
  }
}

/** While it is tried, no instance of the service may connect. ms. */
const HOLD = 20_000
const HOLDER = 'check'

async function connectWeCom(wecom: NonNullable<Config['channels']['wecom']>): Promise<Finding> {
  const channel = createWeComChannel({
    botId: wecom.botId,
    secret: wecom.secret,
    wsUrl: wecom.wsUrl,
    log: silent,
  })
  await channel.start(() => ({
    taken: Promise.reject(new Error('only a check')),
    answer: Promise.resolve({}),
    shown() {},
  }))
  for (
    let waited = 0;
    waited < 10_000 && !['ready', 'failed'].includes(channel.health().state);
    waited += 100
  )
    await delay(100)
  const { state, detail } = channel.health()
  await channel.stop()
  return {
    part: 'wecom',
    ok: state === 'ready',
    detail: state === 'ready' ? 'botId and secret are right' : (detail ?? 'no answer within 10 s'),
  }
}

async function ask(url: string, body: object): Promise<{ body?: unknown; why?: string }> {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    return { body: await response.json() }
  } catch (error) {
    // The address holds a secret: only the kind of the fault is told.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined
    return { why: cause && 'code' in cause ? `cannot be reached (${cause.code})` : 'cannot be reached' }
  }
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
}
