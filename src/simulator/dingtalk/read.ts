/** Looking at what comes from outside: never a cast, never an exception. */

export type Fields = Record<string, unknown>

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value itself if it is an object, else an empty one. */
export const fields = (value: unknown): Fields => (isRecord(value) ? value : {})

export const isText = (value: unknown): value is string => typeof value === 'string'

export const isTextMap = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every(isText)

export const textList = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : [])

/** The parsed JSON, or undefined where it is none. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')
