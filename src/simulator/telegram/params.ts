import { parseJson } from '../kit/json.ts'
import type { Upload } from '../kit/multipart.ts'
import { badRequest } from './errors.ts'

/** The parameters of a call, whichever way they came. */
export interface Params {
  has(name: string): boolean
  string(name: string): string | undefined
  /** Undefined if it is missing or no number, as the official server reads them. */
  integer(name: string): number | undefined
  boolean(name: string): boolean
  /** An object or array, or one in a JSON string; throws the Bot API's error for bad JSON. */
  json(name: string): unknown
  file(name: string): Upload | undefined
  /** As it goes into the log of calls. */
  payload(): Record<string, unknown>
}

export function createParams(values: Record<string, unknown>, files: Map<string, Upload>): Params {
  const string = (name: string) => {
    const value = values[name]
    if (value === undefined || value === null) return undefined
    return typeof value === 'object' ? JSON.stringify(value) : wellFormed(String(value))
  }
  return {
    has: (name) => string(name) !== undefined,
    string,
    integer(name) {
      const value = string(name)?.trim()
      return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined
    },
    boolean: (name) => /^(true|yes|1)$/i.test(string(name) ?? ''),
    json(name) {
      const value = values[name]
      return typeof value === 'string' && value !== '' ? objectOf(name, value) : value
    },
    file: (name) => files.get(name),
    payload: () => ({
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, readable(value)])),
      ...Object.fromEntries(
        [...files].map(([name, file]) => [name, { file: file.name, bytes: file.bytes.length }]),
      ),
    }),
  }
}

/** Half a surrogate pair, as a careless cut leaves it, is no UTF-8 (seen in the official server). */
export function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw badRequest('Strings must be encoded in UTF-8')
  return text
}

function objectOf(name: string, text: string): unknown {
  const parsed = parseJson(text)
  if (parsed === undefined) throw badRequest(`Can't parse ${name} JSON object`)
  return parsed
}

function readable(value: unknown): unknown {
  return typeof value === 'string' && /^[[{]/.test(value) ? (parseJson(value) ?? value) : value
}
