import axios from 'axios'
import { DWClient, type DWClientDownStream } from 'dingtalk-stream'
import { afterEach, beforeEach, vi } from 'vitest'
import type { DingTalkSim } from '../../../src/simulator/dingtalk/index.ts'
import { until } from '../../support/until.ts'
import { APP, startSim } from './support.ts'

export const CARD_TOPIC = '/v1.0/card/instances/callback'
export const ROBOT_TOPIC = '/v1.0/im/bot/messages/get'

/**
 * Leads the official SDK to the simulator without changing a line or overriding a method of it: its addresses are
 * constants, so only the host of what it asks through axios' default instance is exchanged on the way out.
 * Also silences its console output. Returns the way to undo both.
 */
function leadSdkTo(url: () => string): () => void {
  const interceptor = axios.interceptors.request.use((config) => ({
    ...config,
    url: (config.url ?? '').replace(/^https:\/\/o?api\.dingtalk\.com/, url()),
  }))
  const silenced = [
    vi.spyOn(console, 'info').mockImplementation(() => {}),
    vi.spyOn(console, 'warn').mockImplementation(() => {}),
  ]
  return () => {
    axios.interceptors.request.eject(interceptor)
    for (const spy of silenced) spy.mockRestore()
  }
}

/** The unmodified client; it ACKs only where the given handlers do. */
async function connectSdk(
  handlers: {
    robot?: (client: DWClient, frame: DWClientDownStream) => void
    card?: (client: DWClient, frame: DWClientDownStream) => void
  },
  options: { clientId?: string; clientSecret?: string } = {},
): Promise<DWClient> {
  // Without these two it would reconnect for ever and share one array of subscriptions among all instances.
  const quiet = { autoReconnect: false, subscriptions: [{ type: 'EVENT', topic: '*' }] }
  const client = new DWClient({ ...APP, ...quiet, ...options })
  const { robot, card } = handlers
  if (robot) client.registerCallbackListener(ROBOT_TOPIC, (frame) => robot(client, frame))
  if (card) client.registerCallbackListener(CARD_TOPIC, (frame) => card(client, frame))
  await client.connect()
  return client
}

/** A simulator for each test and the SDK's way to it; all is closed afterwards. */
export function useSdk() {
  const clients: DWClient[] = []
  let sim: DingTalkSim
  let restore: () => void
  beforeEach(async () => {
    sim = await startSim()
    restore = leadSdkTo(() => sim.url)
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect()
    await sim.close()
    restore()
  })
  return {
    current: () => sim,
    async connect(...args: Parameters<typeof connectSdk>): Promise<DWClient> {
      const client = await connectSdk(...args)
      clients.push(client)
      return client
    },
  }
}

/** A handler that takes every message, and what it took. */
export function taker() {
  const frames: DWClientDownStream[] = []
  const handler = (client: DWClient, frame: DWClientDownStream) => {
    frames.push(frame)
    client.socketCallBackResponse(frame.headers.messageId, null)
  }
  return { frames, handler }
}

export const acks = (sim: DingTalkSim) => sim.calls.filter((entry) => entry.kind === 'ack')
export const frames = (sim: DingTalkSim) => sim.calls.filter((entry) => entry.kind === 'frame')

/** Moves the clock by at least a minute and waits until all that fell due has been done: the next ping shows it. */
export async function pass(sim: DingTalkSim, ms: number): Promise<void> {
  const pings = () => frames(sim).filter(({ topic }) => topic === 'ping').length
  const before = pings()
  sim.clock.advance(ms)
  await until(() => pings() > before)
}
