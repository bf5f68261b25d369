import { randomUUID } from 'node:crypto'
import { isObject, type JsonObject } from '../kit/json.ts'
import type { ChatMessage } from './api.ts'
import type { Chats } from './chats.ts'
import type { Core } from './core.ts'
import { isText } from './read.ts'
import { fail } from './world.ts'

type RobotMessage = Extract<ChatMessage, { kind: 'robot' }>

/** Puts a robot's message into a chat; returns its id. */
export function writeRobotMessage(
  core: Core,
  chats: Chats,
  chat: string,
  message: Pick<RobotMessage, 'via' | 'type' | 'content'>,
): string {
  const text = message.type === 'sampleImageMsg' ? '' : readable(message.content).join('\n')
  const id = randomUUID()
  return chats.write(chat, { kind: 'robot', id, at: core.clock.now(), ...message, text, recalled: false })
}

/** All strings in it, in order. */
const readable = (value: unknown): string[] => {
  if (isText(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(readable)
  return isObject(value) ? Object.values(value).flatMap(readable) : []
}

const DTMD = /dtmd:\/\/dingtalkclient\/sendMessage\?content=([^\s)"'&]+)/g

/** Clicking a link that makes the user speak (inferred): the user writes what the n-th one says. */
export function clickDtmd(core: Core, chats: Chats, user: string, messageId: string, n: number) {
  const found = chats.find(messageId) ?? fail(`no robot message ${messageId}`)
  const content = [...found.message.text.matchAll(DTMD)][n]?.[1] ?? fail(`no dtmd link ${n} in ${messageId}`)
  const group = core.world.groups.has(found.chat)
  const text = decodeURIComponent(content)
  return group
    ? chats.say(found.chat, user, text, { at: core.behaviour.dtmdMentions })
    : chats.say({ user }, user, text)
}

/** Parameter names of each `msgKey`, to the letter (documented). */
const MESSAGE_KEYS = new Map(
  Object.entries({
    sampleText: ['content'],
    sampleMarkdown: ['title', 'text'],
    sampleLink: ['text', 'title', 'picUrl', 'messageUrl'],
    sampleImageMsg: ['photoURL'],
    sampleActionCard: ['title', 'text', 'singleTitle', 'singleURL'],
    sampleActionCard2: verticalButtons(2),
    sampleActionCard3: verticalButtons(3),
    sampleActionCard4: verticalButtons(4),
    sampleActionCard5: verticalButtons(5),
    sampleActionCard6: ['title', 'text', 'buttonTitle1', 'buttonUrl1', 'buttonTitle2', 'buttonUrl2'],
  }),
)

export const isMessageKey = (msgKey: string): boolean => MESSAGE_KEYS.has(msgKey)

function verticalButtons(count: number): string[] {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return ['title', 'text', ...numbers.flatMap((n) => [`actionTitle${n}`, `actionURL${n}`])]
}

/** Whether the parameters are those of the key: all of them, no other, all strings. */
export const fitsKey = (msgKey: string, params: JsonObject): boolean => {
  const names = MESSAGE_KEYS.get(msgKey) ?? []
  return Object.keys(params).length === names.length && names.every((name) => isText(params[name]))
}
