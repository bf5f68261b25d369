import { randomInt } from 'node:crypto'
import type { JsonObject } from '../kit/json.ts'

/** What a command or an HTTP call is answered with. */
export interface Answer {
  errcode: number
  errmsg: string
  body?: JsonObject
}

/** The texts of the codes. Clients branch on the code alone, as the documentation tells them to. */
const TEXTS: Record<number, string> = {
  40004: 'invalid media type',
  40005: 'invalid file type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40058: 'invalid Request Parameter',
  42014: 'invalid template_card task_id',
  42039: 'invalid template_card button',
  42045: 'invalid template_card card_action',
  42049: 'invalid template_card submit_button',
  45009: 'api freq out of limit',
  47001: 'data format error',
  93000: 'invalid webhook url',
  93004: 'robot removed or stopped',
  93001: 'pushing to this chat is not allowed',
  93006: 'invalid chatid',
  846604: 'websocket request expired, response is invalid',
  846605: 'invalid req_id',
  846606: 'request already responded',
  846607: 'aibot send msg frequency limit exceeded',
  846608: 'stream message update expired',
  846609: 'aibot websocket not subscribed',
  853000: 'invalid bot_id or secret',
}

export function ok(body?: JsonObject): Answer {
  return { errcode: 0, errmsg: 'ok', ...(body && { body }) }
}

/** A refusal; `detail` says which member is at fault and is the simulator's own addition. */
export function refuse(errcode: number, detail?: string): Answer {
  const text = TEXTS[errcode] ?? 'unknown error'
  return { errcode, errmsg: detail ? `${text}: ${detail}` : text }
}

/** The tail of real error texts, as seen on live tenants: clients must not log it, it holds an address. */
export function withSuffix(answer: Answer, ip: string): Answer {
  if (answer.errcode === 0) return answer
  const hint = Array.from({ length: 19 }, () => randomInt(10)).join('')
  const link = `https://open.work.weixin.qq.com/devtool/query?e=${answer.errcode}`
  return { ...answer, errmsg: `${answer.errmsg}, hint: [${hint}], from ip: ${ip}, more info at ${link}` }
}
