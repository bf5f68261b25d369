export interface NewBot {
  token: string
  username: string
  name?: string
  /** False (the default) means privacy mode is on. */
  canReadAllGroupMessages?: boolean
}

export interface NewUser {
  id: number
  name: string
  username?: string
  languageCode?: string
  /** Has pressed Start, so that bots may write one-to-one; writing to one does that too. Default true. */
  started?: boolean
}

export type ChatType = 'private' | 'group' | 'supergroup' | 'channel'

export interface NewChat {
  /** Negative for groups, supergroups and channels. */
  id: number
  type: Exclude<ChatType, 'private'>
  title: string
  /** User ids. */
  members?: number[]
  /** User ids; they are members too. */
  admins?: number[]
  /** The bots are administrators, so privacy mode does not hold them. */
  botAdmin?: boolean
  /** Bot ids. Default: all. */
  bots?: number[]
  /** Makes it a forum. General (id 1) is always there. */
  topics?: { id: number; name: string }[]
}

export type MemberStatus = 'member' | 'administrator' | 'restricted' | 'left' | 'kicked'

export type TopicState = 'open' | 'closed' | 'deleted'
