import type { JsonObject } from '../../kit/json.ts'

export interface ChatMessage {
  /** The simulator's own id. */
  id: string
  /** When it was posted, ms since 1970. */
  at: number
  from: { user: string } | { bot: string } | { robot: string }
  /** How it came: a person, one of the three commands, a `response_url`, or the group robot's address. */
  via: 'person' | 'send' | 'reply' | 'welcome' | 'response_url' | 'robot'
  msgtype: string
  /** What can be read: the text, the markdown, the stream so far, or the card's title. */
  text: string
  /** The body as it was sent. */
  body: JsonObject
  /** Set on cards. The views of it: {@link WeComSim.cardAsSeenBy}. */
  taskId?: string
  /** Accepted, but never shown to anyone. */
  hidden?: boolean
}

export interface CardView {
  taskId: string
  cardType: string
  title: string
  desc: string
  subTitle: string
  rows: { keyname: string; value: string }[]
  buttons: CardButtonView[]
  /** 1 as sent, one more for each update that this viewer got. */
  version: number
  /** This viewer's copy was last changed by an update for named people only. */
  private: boolean
  /** The whole card. */
  card: JsonObject
}

export interface CardButtonView {
  text: string
  key: string
  style: number
  /** Set on a link, which calls nobody back. */
  url?: string
}
