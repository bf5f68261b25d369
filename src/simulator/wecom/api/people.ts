export interface BotSpec {
  botId: string
  secret: string
  /** The name people mention; default `BreakerBot`. */
  name?: string
}

export interface UserSpec {
  userid: string
  /** Within the bot's visible range; default true. */
  visible?: boolean
  /** Has talked to the bot in the one-to-one chat; default: as before, at first false. */
  interacted?: boolean
}

export interface ChatSpec {
  chatid: string
  /** Userids; unknown ones are added as users. */
  members: string[]
  /** The bot is in the group; default true. */
  botMember?: boolean
  /** Someone has talked to the bot here; default: as before, at first false. */
  interacted?: boolean
}

/** A group by its chatid, or somebody's one-to-one chat with the bot. */
export type ChatRef = string | { user: string }
