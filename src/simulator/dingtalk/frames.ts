import { isObject, parseJson } from '../kit/json.ts'
import { fields, isText, isTextMap } from './read.ts'

export const TOPIC_ROBOT = '/v1.0/im/bot/messages/get'
export const TOPIC_CARD = '/v1.0/card/instances/callback'

/** A downstream frame; `data` goes out as a JSON string. */
export interface Frame {
  type: 'SYSTEM' | 'EVENT' | 'CALLBACK'
  topic: string
  messageId: string
  data: unknown
  /** Further headers, as EVENT frames have them. */
  headers?: Record<string, string>
}

/** The only thing that may come upstream. */
export interface Ack {
  code: number
  messageId: string
  /** The parsed `data`, undefined if it is no JSON. */
  data: unknown
}

export function encodeFrame(
  frame: Frame,
  from: { appId: string; connectionId: string; time: number },
): string {
  const headers = {
    appId: from.appId,
    connectionId: from.connectionId,
    contentType: 'application/json',
    messageId: frame.messageId,
    time: String(from.time),
    topic: frame.topic,
    ...frame.headers,
  }
  return JSON.stringify({ specVersion: '1.0', type: frame.type, headers, data: JSON.stringify(frame.data) })
}

/** Undefined for anything that is not an ACK to the letter: number, message id, and `data` as a string. */
export function decodeAck(text: string): Ack | undefined {
  const frame = fields(parseJson(text))
  const messageId = fields(frame.headers).messageId
  if (typeof frame.code !== 'number' || !isText(messageId) || !isText(frame.data)) return undefined
  return { code: frame.code, messageId, data: parseJson(frame.data) }
}

/** What an ACK to a card press asks for. */
export interface CardChange {
  publicData?: Record<string, string>
  /** For the presser. */
  privateData?: Record<string, string>
  publicByKey: boolean
  privateByKey: boolean
}

/** Reads the `data` of an ACK to a press; undefined where its shape is wrong, which unknown members are too. */
export function decodeCardResponse(data: unknown): CardChange | undefined {
  if (!isObject(data) || !onlyHas(data, ['response'])) return undefined
  const response = data.response ?? {}
  const known = ['cardUpdateOptions', 'cardData', 'userPrivateData']
  if (!isObject(response) || !onlyHas(response, known)) return undefined
  const publicData = paramMap(response.cardData)
  const privateData = paramMap(response.userPrivateData)
  if (publicData === 'wrong' || privateData === 'wrong') return undefined
  const options = fields(response.cardUpdateOptions)
  return {
    ...(publicData && { publicData }),
    ...(privateData && { privateData }),
    publicByKey: options.updateCardDataByKey === true,
    privateByKey: options.updatePrivateDataByKey === true,
  }
}

/** The `cardParamMap` in it; undefined where there is none. */
export function paramMap(value: unknown): Record<string, string> | undefined | 'wrong' {
  if (value === undefined || value === null) return undefined
  const map = fields(value).cardParamMap
  return isTextMap(map) ? map : 'wrong'
}

const onlyHas = (value: object, names: string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name))
