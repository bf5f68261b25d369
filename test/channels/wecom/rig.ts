import { expect, onTestFinished, vi } from 'vitest'
import type { ChatAnswer, ChatInput, Log, PressInput, TextInput } from '../../../src/channels/channel.ts'
import { createWeComChannel, type WeComOptions } from '../../../src/channels/wecom/index.ts'
import type { LoggedFrame, WeComSettings, WeComSim } from '../../../src/simulator/wecom/index.ts'
import { BOT, GROUP, startSim } from '../../simulator/wecom/support.ts'
import { sampleCards } from '../../support/cards.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'

export { BOT, GROUP }
export const CARDS = sampleCards('zh-CN')
export const SECRET = 'wecom-secret-7Q'
export const ROBOT_KEY = 'robot-key-0f3d-7Q'
/** What the simulator calls a robot's message, for its faults. */
export const ROBOT = { cmd: 'webhook/send' }

/** Options of the adapter; `robot`: the group has one of its own. */
type Options = Partial<WeComOptions> & { robot?: boolean }

/** How the engine behaves; by default it takes all and answers nothing. */
export interface Engine {
  taken(input: ChatInput): Promise<void>
  answer(input: ChatInput): Promise<ChatAnswer>
}

export type Rig = Awaited<ReturnType<typeof createRig>>

/**
 * The adapter against a simulated WeCom, with everything recorded that it says. At the end of the test it is stopped,
 * and fails the test if a secret was told or the console was used.
 */
export async function createRig({ robot, ...options }: Options = {}, settings: Partial<WeComSettings> = {}) {
  const sim = await startSim(settings)
  sim.addBot({ botId: BOT.botId, secret: SECRET })
  const { log, lines } = createRecorder()
  const inputs: ChatInput[] = []
  const shown: boolean[] = []
  /** Whether the presser was shown the toast. */
  const told: (boolean | undefined)[] = []
  const engine: Engine = { taken: async () => {}, answer: async () => ({}) }
  sim.addGroupRobot({ key: ROBOT_KEY, chatid: GROUP })
  const robots = { baseUrl: sim.url, keys: new Map([[GROUP, ROBOT_KEY]]) }
  const channel = createChannel(sim, log, { ...(robot && { robots }), ...options })
  const consoles = (['debug', 'info', 'warn', 'error', 'log'] as const).map((level) =>
    vi.spyOn(console, level),
  )

  onTestFinished(async () => {
    lines.push(JSON.stringify(channel.health()))
    await channel.stop()
    await until(() => sim.conns().every(({ open }) => !open), 'the end of all connections')
    const printed = consoles.flatMap((spy) => spy.mock.calls)
    for (const spy of consoles) spy.mockRestore()
    expect(printed).toEqual([])
    expect(lines.filter((line) => /response_code|from ip|127\.0\.0\.1, /.test(line))).toEqual([])
    expect(lines.filter((line) => line.includes(SECRET) || line.includes(ROBOT_KEY))).toEqual([])
  })

  return {
    ...{ sim, channel, engine, inputs, shown, told, log, lines },
    start: () =>
      channel.start((input) => {
        inputs.push(input)
        return {
          taken: engine.taken(input),
          answer: engine.answer(input),
          shown(yes, _own, toast) {
            shown.push(yes)
            told.push(toast)
          },
        }
      }),
    ready: () => until(() => channel.health().state === 'ready', 'readiness'),
    presses: () => inputs.filter((input): input is PressInput => input.kind === 'press'),
    texts: () => inputs.filter((input): input is TextInput => input.kind === 'text'),
  }
}

/** A rig that is ready, with one card in the group under the key `card-1`. */
export async function createReadyRig(options: Options = {}, settings: Partial<WeComSettings> = {}) {
  const rig = await createRig(options, settings)
  await rig.start()
  await rig.ready()
  const delivery = await rig.channel.send(GROUP, { card: CARDS.open! }, 'card-1')
  expect(delivery).toEqual({ outcome: 'delivered', message: 'card-1' })
  return rig
}

export function createChannel(sim: WeComSim, log: Log, options: Partial<WeComOptions> = {}) {
  return createWeComChannel({
    botId: BOT.botId,
    secret: SECRET,
    wsUrl: sim.wsUrl,
    log,
    now: sim.clock.now,
    ...options,
    timing: { firstPause: 20, longestPause: 80, ...options.timing },
  })
}

/** The commands of one kind that came from clients, oldest first. */
export const sent = (sim: WeComSim, cmd: string): LoggedFrame[] =>
  sim.frames().filter((frame) => frame.direction === 'sent' && frame.cmd === cmd)
export const subscribes = (sim: WeComSim) => sent(sim, 'aibot_subscribe').length
export const posts = (sim: WeComSim) => sent(sim, 'aibot_send_msg')
export const updates = (sim: WeComSim) => sent(sim, 'aibot_respond_update_msg')

/** What the bot has posted in a chat, as people see it. */
export const botMessages = (sim: WeComSim, chat: string | { user: string } = GROUP) =>
  sim.messages(chat).filter((message) => 'bot' in message.from && !message.hidden)

/** What the group robot has posted, oldest first. */
export const robotMessages = (sim: WeComSim) =>
  sim.messages(GROUP).filter((message) => 'robot' in message.from && !message.hidden)

export const openConns = (sim: WeComSim) => sim.conns().filter(({ open }) => open)

/** The data of the sample card's button. */
export const dataOf = (action: string) => CARDS.open!.buttons.find((button) => button.action === action)!.data
