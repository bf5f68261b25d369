import type { ChatInput, Delivery, Receipt } from '../../../src/channels/channel.ts'
import { createTelegramChannel, type TelegramOptions } from '../../../src/channels/telegram/index.ts'
import type {
  ApiCall,
  TelegramFault,
  TelegramSim,
  TelegramSimOptions,
} from '../../../src/simulator/telegram/api.ts'
import { createTelegramSim } from '../../../src/simulator/telegram/index.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
import { GIVEN_UP } from '../conformance/rig.ts'

export const TOKEN = '900:AAE-secret_of_the_bot'
const BOT = { token: TOKEN, username: 'breaker_bot', canReadAllGroupMessages: true }
export const GROUP = -100200
export const FORUM = -100300
export const LI = { id: 52, name: '李工' }
export const WANG = { id: 53, name: 'Wang' }

type Channel = ReturnType<typeof createTelegramChannel>

/** The adapter against a simulated Telegram, with everything recorded that it says. */
export interface Rig {
  sim: TelegramSim
  channel: Channel
  /** What the engine was handed, in order. */
  inputs: ChatInput[]
  /** Whether the adapter said that the toast of each press was shown. */
  told: (boolean | undefined)[]
  /** What was logged: level, message, details. */
  lines: string[]
  /** How the engine behaves; by default it takes all and answers nothing. */
  engine: { receive(input: ChatInput): { taken?: Promise<void>; answer?: Receipt['answer'] } }
  /** Starts and goes on at once. */
  begin(): Promise<void>
  /** Starts and waits until it is ready. */
  start(): Promise<void>
  /** Another adapter on the same Telegram, as after a restart; the first one has to be stopped by then. */
  restart(options?: Partial<TelegramOptions>): Promise<Channel>
  /** Telegram begins anew at the same address, and knows nothing of what was before. */
  forget(): Promise<void>
  /** Stops all and fails if a secret was logged. */
  close(): Promise<void>
}

export async function createRig(
  options: Partial<TelegramOptions> = {},
  simOptions: TelegramSimOptions = {},
): Promise<Rig> {
  const sim = await createTelegramSim(simOptions)
  populate(sim)
  const { log, lines } = createRecorder()
  const open = (more: Partial<TelegramOptions>) =>
    createTelegramChannel({
      token: TOKEN,
      apiRoot: sim.url,
      mode: 'polling',
      proxy: null,
      log,
      ...options,
      ...more,
      timing: { callWithin: GIVEN_UP, ...options.timing, ...more.timing },
    })
  const receive = (input: ChatInput): Receipt => {
    rig.inputs.push(input)
    const { taken = Promise.resolve(), answer = Promise.resolve({}) } = rig.engine.receive(input)
    return { taken, answer, shown: (_taken, _own, told) => void rig.told.push(told) }
  }
  const rig: Rig = {
    sim,
    channel: open({}),
    inputs: [],
    told: [],
    lines,
    engine: { receive: () => ({}) },
    begin: () => rig.channel.start(receive),
    async start() {
      await rig.begin()
      await until(() => rig.channel.health().state === 'ready')
    },
    async restart(more = {}) {
      await rig.channel.stop()
      rig.channel = open(more)
      await rig.begin()
      return rig.channel
    },
    async forget() {
      const port = Number(new URL(sim.url).port)
      await rig.sim.close()
      rig.sim = await createTelegramSim({ ...simOptions, port })
      populate(rig.sim)
    },
    async close() {
      const health = JSON.stringify(rig.channel.health())
      await rig.channel.stop()
      await rig.sim.close()
      const secrets = ['AAE-secret', rig.channel.webhook?.path].filter((secret) => secret !== undefined)
      const leaks = [...lines, health].filter((line) => secrets.some((secret) => line.includes(secret)))
      if (leaks.length > 0) throw new Error(`a secret was told: ${leaks[0]}`)
    },
  }
  return rig
}

function populate(sim: TelegramSim): void {
  sim.addBot(BOT)
  sim.addUser(LI)
  sim.addUser(WANG)
  const members = [LI.id, WANG.id]
  sim.addChat({ id: GROUP, type: 'supergroup', title: 'Night shift', members })
  const topics = [{ id: 12, name: 'Pond 1' }]
  sim.addChat({ id: FORUM, type: 'supergroup', title: 'Ponds', members, topics })
}

/** The calls of one method so far. */
export function callsOf(sim: TelegramSim, method: string): ApiCall[] {
  return sim.calls.filter((call) => call.method === method)
}

/** Something goes wrong with the next calls of one method. */
export function hurt(sim: TelegramSim, method: string, effect: TelegramFault, times = 1): () => void {
  return sim.faults.add({ when: (call) => call.method === method, times, effect })
}

/** Telegram's own refusal. */
export function refuse(
  code: number,
  description: string,
  parameters?: { retry_after?: number; migrate_to_chat_id?: number },
): TelegramFault {
  return { kind: 'error', code, description, ...(parameters && { parameters }) }
}

/** The id of a delivered message. */
export function delivered(delivery: Delivery): number {
  if (delivery.outcome !== 'delivered') throw new Error(`not delivered: ${JSON.stringify(delivery)}`)
  return Number(delivery.message)
}
