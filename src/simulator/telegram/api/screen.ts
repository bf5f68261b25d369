/** UTF-16 offsets, as in the Bot API. */
export interface Entity {
  type: string
  offset: number
  length: number
  url?: string
  language?: string
  user?: { id: number }
  custom_emoji_id?: string
  unix_time?: number
  date_time_format?: string
}

export interface SeenButton {
  text: string
  data?: string
  url?: string
  copyText?: string
  disabled?: boolean
  style?: 'primary' | 'success' | 'danger'
}

export interface SeenMessage {
  /** 0 for an ephemeral message. */
  id: number
  ephemeralId?: number
  /** The only person who sees it. */
  receiver?: number
  kind: 'text' | 'rich' | 'photo' | 'document' | 'service'
  /** User or bot id; absent for channel posts. */
  from?: number
  /** Plain text, caption, or the rich message's source. Empty for service messages. */
  text: string
  entities: Entity[]
  /** Rows of buttons; empty when there is no keyboard. */
  keyboard: SeenButton[][]
  /** Width and height of a photo, in pixels; for its bytes see `file()`. */
  file?: { id: string; name?: string; width?: number; height?: number; bytes: number }
  replyTo?: number
  thread?: number
  silent: boolean
  pinned: boolean
  /** The bot's reactions, as emoji. */
  reactions: string[]
  at: number
  /** When it was last edited. */
  editedAt?: number
}
