import { isObject, type JsonObject } from '../kit/json.ts'

/** The value itself if it is an object, else an empty one. */
export const fields = (value: unknown): JsonObject => (isObject(value) ? value : {})

export const isText = (value: unknown): value is string => typeof value === 'string'

export const isTextMap = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every(isText)

export const textList = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : [])

export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')
