/** A refusal in the Bot API's own form. */
export class ApiError extends Error {
  readonly code: number
  readonly parameters: ErrorParameters

  constructor(code: number, message: string, parameters: ErrorParameters = {}) {
    super(describe(code, message))
    this.code = code
    this.parameters = parameters
  }
}

export interface ErrorParameters {
  /** Seconds. */
  retry_after?: number
  migrate_to_chat_id?: number
}

const PREFIXES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

/** Puts the prefix of the code in front, and lower-cases the first letter unless a raw code follows (seen in the official server). */
export function describe(code: number, message: string): string {
  const prefix = PREFIXES[code] ?? 'Error'
  if (message === '') return prefix
  const raw = /^.[A-Z_]/.test(message)
  return `${prefix}: ${raw ? message : message.charAt(0).toLowerCase() + message.slice(1)}`
}

export const badRequest = (message: string, parameters: ErrorParameters = {}) =>
  new ApiError(400, message, parameters)

export const forbidden = (message: string) => new ApiError(403, message)

export const tooMany = (retryAfter: number) =>
  new ApiError(429, `Retry after ${retryAfter}`, { retry_after: retryAfter })
