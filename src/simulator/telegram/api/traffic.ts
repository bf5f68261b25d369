export interface ApiCall {
  /** 1, 2, 3 … in order of arrival. */
  n: number
  at: number
  bot: number
  /** In the documented spelling, whatever the client wrote. */
  method: string
  /** Parameters after JSON strings were parsed; uploads as `{ file: name, bytes }`. */
  payload: Record<string, unknown>
  /** HTTP status sent, 0 when the connection was broken or left hanging by a fault. */
  status?: number
  /** The description sent, which every error has and few successes. */
  description?: string
  answeredAt?: number
  /** Set when a fault hit it. */
  fault?: TelegramFault
}

export interface WebhookPush {
  at: number
  bot: number
  updateId: number
  /** HTTP status received, 0 for a connection error or timeout. */
  status: number
}

/** What goes wrong with one call. */
export type TelegramFault =
  /** Refused in the Bot API's own form; nothing is done. */
  | {
      kind: 'error'
      code: number
      description: string
      parameters?: { retry_after?: number; migrate_to_chat_id?: number }
    }
  /** Something in front answers with this body, with the work left or (`done`) done. */
  | { kind: 'body'; status: number; body: string; contentType?: string; done?: boolean }
  /** The work is done, but the 200 carries only half of the JSON. */
  | { kind: 'truncated' }
  /** The connection is reset, before or after the work is done. */
  | { kind: 'reset'; when: 'before' | 'after' }
  /** Never answered, with the work left or done. */
  | { kind: 'hang'; done: boolean }
  /** Done at once, answered after so many real ms; with `drip` the body comes byte by byte over that time. */
  | { kind: 'slow'; ms: number; drip?: boolean }
