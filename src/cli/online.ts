import type { Config } from '../config/schema.ts'
import { toPolicy } from '../config/to-policy.ts'
import type { Policy } from '../domain/policy.ts'
import { listBindings } from '../engine/bindings.ts'
import { withBindings } from '../engine/bound-policy.ts'
import { createLog } from '../log.ts'
import { StoreError } from '../store/errors.ts'
import { openStore } from '../store/open.ts'
import { fileOf } from '../store/place.ts'
import { openReader } from '../store/reader.ts'
import type { Store } from '../store/store.ts'
import { translator } from '../text/translate.ts'
import { createThingbootClient } from '../thingboot/client.ts'
import { tryDingTalk } from './online/dingtalk.ts'
import { chatsOn, type Finding, ill, well } from './online/finding.ts'
import { tryTelegram } from './online/telegram.ts'
import { tryWays } from './online/ways.ts'
import { tryWeCom } from './online/wecom.ts'

const ENGLISH = translator('en', 'UTC')
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
    const { rooms } = await policyOf(config)
    return [
      finding,
      ...(await tryThingboot(config)),
      ...(telegram ? await tryTelegram(telegram, chatsOn(rooms, 'telegram')) : []),
      ...(dingtalk ? await tryDingTalk(dingtalk, chatsOn(rooms, 'dingtalk')) : []),
      ...(wecom ? await tryWeCom(wecom, chatsOn(rooms, 'wecom'), config.store, store) : []),
      ...(await tryWays(config)),
      ...withoutChat(config, rooms),
    ]
  } finally {
    await store?.close()
  }
}

/** With what was bound in chats, as far as the store can be looked into. */
async function policyOf(config: Config): Promise<Policy> {
  const policy = toPolicy(config)
  try {
    const reader = await openReader(config.store)
    const bindings = await listBindings(reader).finally(() => reader.close())
    return withBindings(
      policy,
      bindings.map((one) => one.value),
    )
  } catch {
    return policy
  }
}

/** The alarms of its breakers reach nobody. */
function withoutChat({ breakers }: Config, rooms: Policy['rooms']): Finding[] {
  return rooms
    .filter(({ name, chats }) => chats.length === 0 && breakers.some((one) => one.room === name))
    .map(({ name }) =>
      ill(`room ${name}`, `has no chat: run «breakerbot bind --room ${name}» and send the code there`),
    )
}

async function tryStore(url: string): Promise<{ store?: Store; finding: Finding }> {
  const told: string[] = []
  const tell = (_: object, text: string) => void told.push(text)
  try {
    const store = await openStore(url, { tidies: false, log: { info() {}, warn: tell, error: tell } })
    const facts =
      fileOf(url) !== undefined ? url : await (await import('../store/redis/facts.ts')).redisFacts(url)
    return { store, finding: well('store', [facts, ...told].join('; ')) }
  } catch (error) {
    if (error instanceof StoreError && error.code === 'in-use') return { finding: await tryReading(url) }
    return { finding: ill('store', textOf(error)) }
  }
}

/** A file that a running service has open cannot be opened for writing, and need not: the service does that. */
async function tryReading(url: string): Promise<Finding> {
  try {
    await openReader(url).then((reader) => reader.close())
    return well('store', `${url} is in use by a running service, and can be read`)
  } catch (error) {
    return ill('store', textOf(error))
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

async function tryThingboot({ thingboot, breakers }: Config): Promise<Finding[]> {
  const cloud = createThingbootClient({ ...thingboot, log: silent })
  const [clock, list] = await Promise.all([cloud.ntp(), cloud.list()])
  return [
    clock.ok ? aboutClock(clock.data) : ill('clock', ENGLISH(clock.why)),
    list.ok ? listed(breakers, list.data) : ill('thingboot', ENGLISH(list.why)),
  ]
}

function aboutClock(ahead: number): Finding {
  const seconds = Math.round(ahead / 1000)
  const detail = `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the cloud`
  return Math.abs(ahead) < CLOCK_TOLERANCE ? well('clock', detail) : ill('clock', `${detail}: set it by NTP`)
}

/** A breaker that the account does not list is never heard of. */
function listed(breakers: Config['breakers'], devices: readonly { device: string }[]): Finding {
  const ids = new Set(devices.map((one) => one.device))
  const missing = breakers.filter((one) => !ids.has(one.id)).map((one) => `${one.name} (${one.id})`)
  const detail = `the cloud knows ${devices.length} devices`
  if (missing.length === 0) return well('thingboot', detail)
  const why = 'check their ids, and whose account thingboot.appId is'
  return ill('thingboot', `${detail}, but not ${missing.join(', ')}: ${why}`)
}
