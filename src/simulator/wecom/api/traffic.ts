import type { JsonObject } from '../../kit/json.ts'

export interface LoggedFrame {
  at: number
  conn: number
  /** From the client's side: `sent` by the client, `received` by it. */
  direction: 'sent' | 'received'
  /** Undefined for answers (they have none) and for what is not JSON. */
  cmd?: string
  reqId?: string
  errcode?: number
  /** The frame, or undefined if the text is not a JSON object. */
  frame?: JsonObject
  text: string
}

export interface ConnView {
  id: number
  botId?: string
  /** `kicked` ones still answer pings but get nothing. */
  state: 'new' | 'subscribed' | 'kicked'
  open: boolean
  openedAt: number
  pings: number
}
