import { expect, vi } from 'vitest'
import type { ChatInput, Receipt } from '../../../src/channels/channel.ts'
import { createDingTalkChannel, type DingTalkOptions } from '../../../src/channels/dingtalk/index.ts'
import {
  createDingTalkSim,
  type DingTalkFault,
  type DingTalkSim,
  type DingTalkSimOptions,
} from '../../../src/simulator/dingtalk/index.ts'
import { sampleCards } from '../../support/cards.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
import { GIVEN_UP, PING_EVERY } from '../conformance/rig.ts'

export const APP = { clientId: 'dingapp1', clientSecret: 'app-secret-1' }
export const GROUP = 'cidGroup1=='
export const CARDS = sampleCards('zh-CN')
export const CARDS_PATH = '/v1.0/card/instances'
export const CREATE_PATH = `${CARDS_PATH}/createAndDeliver`
export const GROUP_PATH = '/v1.0/robot/groupMessages/send'
export const OPEN_PATH = '/v1.0/gateway/connections/open'
export const TOKEN_PATH = '/v1.0/oauth2/accessToken'
export const SESSION_PATH = '/robot/sendBySession'

/** The adapter against a simulated DingTalk, with everything recorded that it says. */
export interface Rig {
  sim: DingTalkSim
  channel: ReturnType<typeof createDingTalkChannel>
  /** What the engine was handed, in order, and whether the adapter said that the answer's card is shown. */
  inputs: ChatInput[]
  shown: boolean[]
  /** Whether the presser was shown the toast. */
  told: (boolean | undefined)[]
  /** What was logged: level, message, details. */
  lines: string[]
  /** How the engine behaves; by default it takes all and answers nothing. */
  engine: { receive(input: ChatInput): { taken?: Promise<void>; answer?: Receipt['answer'] } }
  start(): Promise<void>
  /** Stops all; fails if a secret was told, the console was used or a rule of DingTalk was broken. */
  close(): Promise<void>
}

export async function createRig(
  options: Partial<DingTalkOptions> = {},
  simOptions: DingTalkSimOptions = {},
): Promise<Rig> {
  const sim = await createDingTalkSim(simOptions)
  populate(sim)
  const { log, lines } = createRecorder()
  const consoles = (['info', 'warn', 'error', 'log'] as const).map((level) => vi.spyOn(console, level))
  const timing = {
    firstPause: 20,
    longestPause: 200,
    pingEvery: PING_EVERY,
    openWithin: GIVEN_UP,
    callWithin: GIVEN_UP,
  }
  const rig: Rig = {
    sim,
    channel: createDingTalkChannel({
      ...APP,
      apiBase: sim.url,
      oapiBase: sim.url,
      log,
      now: sim.clock.now,
      ...options,
      timing: { ...timing, ...options.timing },
    }),
    inputs: [],
    shown: [],
    told: [],
    lines,
    engine: { receive: () => ({}) },
    async start() {
      await rig.channel.start((input) => {
        rig.inputs.push(input)
        const { taken = Promise.resolve(), answer = Promise.resolve({}) } = rig.engine.receive(input)
        const shown: Receipt['shown'] = (yes, _own, toast) => {
          rig.shown.push(yes)
          rig.told.push(toast)
        }
        return { taken, answer, shown }
      })
      await until(() => rig.channel.health().state === 'ready')
    },
    async close() {
      lines.push(JSON.stringify(rig.channel.health()))
      await rig.channel.stop()
      const { secrets, violations } = sim
      await sim.close()
      const printed = consoles.flatMap((spy) => spy.mock.calls)
      for (const spy of consoles) spy.mockRestore()
      expect(printed).toEqual([])
      expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
      expect(violations).toEqual([])
    },
  }
  return rig
}

function populate(sim: DingTalkSim): void {
  sim.addApp(APP)
  sim.addUser({ userId: 'manager123', name: '张三', admin: true })
  sim.addUser({ userId: 'elec7', name: '电工甲' })
  sim.addUser({ userId: 'guest', name: '访客', outsider: true })
  const members = ['manager123', 'elec7', 'guest']
  sim.addGroup({ conversationId: GROUP, title: '配电运维群', members, robots: [APP.clientId] })
}

/** Something goes wrong with the next calls of one path. */
export function hurt(sim: DingTalkSim, path: string, effect: DingTalkFault, times = 1): () => void {
  return sim.faults.add({ when: (call) => call.path === path, times, effect })
}

/** How many requests came for a path, with whatever method. */
export function requests(sim: DingTalkSim, path: string): number {
  return sim.calls.filter((entry) => entry.kind === 'request' && entry.path === path).length
}

export const acks = (sim: DingTalkSim) => sim.calls.filter((entry) => entry.kind === 'ack')

/** The texts of the robot in a group, oldest first. */
export const robotTexts = (sim: DingTalkSim) =>
  sim.messages(GROUP).flatMap((message) => (message.kind === 'robot' ? [message.text] : []))
