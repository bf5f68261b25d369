export interface SayOptions {
  /** Message id that it answers. */
  replyTo?: number
  /** Topic. */
  thread?: number
  /**
   * `anonymous-admin`: from GroupAnonymousBot with `sender_chat` = the chat. `channel`: from «Channel Bot» with some
   * channel as `sender_chat`. `auto-forward`: from 777000, forwarded from the linked channel.
   */
  as?: 'anonymous-admin' | 'channel' | 'auto-forward'
  /** Which bot a private message is for. Default: the first. */
  bot?: number
}

/** A message by its id, or an ephemeral one by its `ephemeral_message_id`. */
export type MessageRef = number | { ephemeral: number }

export type PressedButton = { text: string } | { data: string }

export interface PressOptions {
  /** The update carries an InaccessibleMessage (`date: 0`). Always so when the message was deleted. */
  inaccessible?: boolean
  /** Whose press it is to hear of when the message does not tell. Default: the first bot. */
  bot?: number
}

export interface Press {
  /** `callback_query.id`. */
  id: string
  /** Resolves with what the presser is shown, or undefined when the window closes unanswered. */
  answered: Promise<PressAnswer | undefined>
}

export interface PressAnswer {
  text?: string
  showAlert: boolean
  url?: string
}
