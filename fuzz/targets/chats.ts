import fc from 'fast-check'
import type { ChatInput } from '../../src/channels/channel.ts'
import { parseFrame, parsePress, parseRobotMessage } from '../../src/channels/dingtalk/parse.ts'
import { createSessions } from '../../src/channels/dingtalk/sessions.ts'
import { readMembership, readMessage, readPress } from '../../src/channels/telegram/inputs.ts'
import { readFrame } from '../../src/channels/wecom/inputs.ts'
import { bodies, mutated, torn } from '../mutate.ts'
import { DING_FRAMES, DING_MESSAGES, DING_PRESSES, NOW, UPDATES, WECOM_FRAMES } from '../samples.ts'
import { claim, target } from '../target.ts'

const BOT = { id: 1, username: 'breaker_bot' }
/** The farthest moment that a `Date` can hold, ms. */
const LAST_MOMENT = 8.64e15

/** What the engine may rely on, whoever speaks. */
function check(input: Omit<ChatInput, 'id'> & { id?: string }): void {
  const { id = '-', chat, at } = input
  claim(typeof id === 'string' && id !== '', `id ${id}`)
  claim(typeof chat === 'string', `chat ${chat}`)
  claim(Number.isFinite(at) && Math.abs(at) <= LAST_MOMENT, `at ${at}`)
  if ('sender' in input) {
    const { sender } = input as { sender: { id: unknown; anonymous?: unknown } }
    claim(typeof sender.id === 'string', 'sender')
    claim(sender.id !== '' || sender.anonymous === true, 'somebody without an id is taken for a person')
  }
  JSON.stringify(input)
}

function probeTelegram(update: unknown): void {
  const { message, callback_query, my_chat_member } = Object(update) as Record<string, unknown>
  const inputs = [readMessage(message, BOT), readPress(callback_query, NOW)]
  for (const input of inputs) if (input) check(input)
  readMembership(my_chat_member)
}

function probeDingTalk(raw: string): void {
  const frame = parseFrame(parsed(raw))
  if (!frame) return
  const { time } = frame.headers
  const press = parsePress(frame.data, time ?? NOW)
  if (press) check(press)
  probeRobot(frame.data)
}

function probeRobot(data: string): void {
  const heard = parseRobotMessage(data, NOW)
  if (heard.kind !== 'text') return
  check(heard.input)
  if (!heard.session) return
  const sessions = createSessions('https://oapi.dingtalk.com', () => NOW)
  sessions.remember('x', heard.session.url, heard.session.until)
  const kept = sessions.fresh('x')
  claim(kept === undefined || new URL(kept).hostname.endsWith('.dingtalk.com'), `session at ${kept}`)
}

function probeWeCom(raw: string): void {
  const heard = readFrame(parsed(raw), NOW)
  if (heard.kind === 'press' || heard.kind === 'text') check(heard.input)
  if (heard.kind === 'other') claim(heard.what.length <= 40, 'what is logged grows')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const json = (samples: readonly unknown[]) => mutated(samples).map((one) => JSON.stringify(one) ?? '')

export const chats = [
  target({ name: 'telegram', weight: 3, inputs: mutated(UPDATES), probe: probeTelegram }),
  target({ name: 'dingtalk-frame', weight: 2, inputs: bodies(DING_FRAMES), probe: probeDingTalk }),
  target({
    name: 'dingtalk-data',
    weight: 2,
    inputs: fc.oneof(json(DING_MESSAGES), torn(json(DING_MESSAGES))),
    probe: probeRobot,
  }),
  target({
    name: 'dingtalk-press',
    weight: 2,
    inputs: fc.oneof(json(DING_PRESSES), torn(json(DING_PRESSES))),
    probe(data: string) {
      const press = parsePress(data, NOW)
      if (press) check(press)
    },
  }),
  target({ name: 'wecom', weight: 3, inputs: bodies(WECOM_FRAMES), probe: probeWeCom }),
]
