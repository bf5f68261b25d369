import { isObject, type JsonObject, parseJson } from '../kit/json.ts'

/** A JSON object, or undefined for everything else (arrays included). */
export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

/** The object that a text holds, or undefined if it is not JSON or not an object. */
export function parseObject(text: string): JsonObject | undefined {
  return asObject(parseJson(text))
}

export const member = (of: JsonObject | undefined, key: string): JsonObject | undefined => asObject(of?.[key])

/** A text that is not empty. */
export function textOf(of: JsonObject | undefined, key: string): string | undefined {
  const value = of?.[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number. */
export function numberOf(of: JsonObject | undefined, key: string): number | undefined {
  const value = of?.[key]
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

/** The objects of a list; undefined if it is no list or holds anything else. */
export function listOf(of: JsonObject | undefined, key: string): JsonObject[] | undefined {
  const value = of?.[key]
  if (!Array.isArray(value)) return undefined
  const objects = value.map(asObject)
  return objects.every((item) => item !== undefined) ? objects : undefined
}

/** A list of texts; undefined if it is no list or holds anything else. */
export function textsOf(of: JsonObject | undefined, key: string): string[] | undefined {
  const value = of?.[key]
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}
