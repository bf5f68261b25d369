import { setTimeout as delay } from 'node:timers/promises'
import { createWeComChannel } from '../../channels/wecom/index.ts'
import type { ChannelsConfig } from '../../config/schema.ts'
import { botLease } from '../../engine/connections.ts'
import { createLog } from '../../log.ts'
import { fileOf } from '../../store/place.ts'
import type { Store } from '../../store/store.ts'
import { type Finding, ill, PATIENCE, type RoomChat, well } from './finding.ts'

type WeCom = NonNullable<ChannelsConfig['wecom']>

const silent = createLog({ level: 'silent' })
/** While it is tried, no instance of the service may connect. ms. */
const HOLD = 20_000
const HOLDER = 'check'

/**
 * Connects, where that throws no running service out, and says what cannot be tried.
 * @param store undefined: it could not be opened, so a service may be running
 */
export async function tryWeCom(
  wecom: WeCom,
  chats: readonly RoomChat[],
  url: string,
  store: Store | undefined,
): Promise<Finding[]> {
  const groups = chats.map(({ room, chat }) =>
    well(
      `wecom ${room}`,
      `${chat}: not tried, for that takes a message; somebody must have mentioned the bot there once before it may write`,
    ),
  )
  return [await tryConnection(wecom, url, store), ...groups]
}

async function tryConnection(wecom: WeCom, url: string, store: Store | undefined): Promise<Finding> {
  const lease = botLease(`wecom:${wecom.botId}`)
  // A file that is open here is open nowhere else.
  const isFree = store && (fileOf(url) !== undefined || (await store.lease(lease, HOLDER, HOLD)))
  if (!isFree) return well('wecom', 'not tried: a second connection would throw the running service out')
  try {
    return await connect(wecom)
  } finally {
    await store.release(lease, HOLDER)
  }
}

async function connect({ botId, secret, wsUrl }: WeCom): Promise<Finding> {
  const channel = createWeComChannel({ botId, secret, wsUrl, log: silent })
  await channel.start(() => ({
    taken: Promise.reject(new Error('only a check')),
    answer: Promise.resolve({}),
    shown() {},
  }))
  const isOver = () => ['ready', 'failed'].includes(channel.health().state)
  for (let waited = 0; waited < PATIENCE && !isOver(); waited += 100) await delay(100)
  const { state, detail } = channel.health()
  await channel.stop()
  return state === 'ready'
    ? well('wecom', 'botId and secret are right')
    : ill('wecom', detail ?? 'no answer within 10 s: check wsUrl and the network')
}
