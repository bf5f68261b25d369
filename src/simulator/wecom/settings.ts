/**
 * What the simulator insists on. A rule is switched off by `false`, a limit by `Infinity`; both may be changed
 * while it runs. Times are ms on the simulator's clock unless said otherwise.
 */
export interface WeComSettings {
  /** 846609 for every command on a connection that has not subscribed. */
  subscribeFirst: boolean
  /** 853000 for a wrong pair of bot id and secret. */
  checkSecret: boolean
  /** A second subscriber kicks the first. */
  oneConnectionPerBot: boolean
  /** How long a kicked connection stays open, half alive. Default 2 000; 2 to 313 s were seen. */
  kickCloseDelay: number
  /** `abrupt` ends a kicked connection without a close frame (1006), as was seen as well. */
  kickCloseMode: 'clean' | 'abrupt'
  subscribesPerMinute: number
  /** The code beyond {@link subscribesPerMinute}; the real one is unknown. */
  subscribeLimitCode: number
  /** Closes a connection without `ping` for so long; in real time, because clients ping in real time. Default 100 000. */
  idleTimeout: number
  /** 93006 for an unknown chat, 93001 for a group without the bot. */
  checkTarget: boolean
  /** A chat must have talked to the bot before it can be sent to. */
  requireInteraction: boolean
  /** The code where it has not: 846607 (default) or 93006. */
  notInteractedCode: number
  /** 40008 for message types that a command does not take. */
  checkMessageType: boolean
  /** UTF-8 bytes of markdown. Default 20 480. */
  markdownBytes: number
  /** Template cards are validated, task ids are used once. */
  checkCards: boolean
  /** A card with `source` is accepted and never shown. */
  sourceHidesCard: boolean
  /** Replies and proactive messages per conversation: 30 in 60 s and 1 000 in 3 600 s. */
  messagesPerMinute: number
  messagesPerHour: number
  /** Card updates count towards these two; unknown, so the stricter reading is the default. */
  updatesCount: boolean
  /** 846605 for an answer whose req_id does not belong to a callback of the right kind. */
  checkCallback: boolean
  /** 846606 for a second answer to a callback. */
  answerOnce: boolean
  /** How long a message can be replied to. Default 24 h. */
  replyWindow: number
  /** How long an event can be answered. Default 5 000. */
  eventWindow: number
  /** How long a stream can be continued. Default 600 000. */
  streamWindow: number
  /** How long a `response_url` works. Default 1 h. */
  responseUrlWindow: number
  /** Groups deliver only messages that mention the bot. */
  mentionNeeded: boolean
  /** Only people within the bot's visible range reach it. */
  checkVisibility: boolean
  uploadsPerMinute: number
  uploadsPerHour: number
  /** Messages per minute of a group robot. Default 20. */
  robotPerMinute: number
  /** Error texts carry the hint, the caller's address and a link, as the real ones do. */
  errmsgSuffix: boolean
}

const MINUTE = 60_000

/** All rules on, all limits as documented or seen. */
export function strictSettings(): WeComSettings {
  return {
    subscribeFirst: true,
    checkSecret: true,
    oneConnectionPerBot: true,
    kickCloseDelay: 2_000, // seen: 2 s to 313 s
    kickCloseMode: 'clean',
    subscribesPerMinute: 20, // documented that there is a limit; number and code are inferred
    subscribeLimitCode: 45009,
    idleTimeout: 100_000, // inferred from the recommended ping every 30 s
    checkTarget: true,
    requireInteraction: true,
    notInteractedCode: 846607, // inferred
    checkMessageType: true,
    markdownBytes: 20_480, // documented
    checkCards: true,
    sourceHidesCard: true, // seen by one careful tester
    messagesPerMinute: 30, // documented
    messagesPerHour: 1_000, // documented
    updatesCount: true, // unknown; the stricter reading
    checkCallback: true,
    answerOnce: true,
    replyWindow: 24 * 60 * MINUTE, // documented
    eventWindow: 5_000, // documented and seen
    streamWindow: 10 * MINUTE, // documented: 6 min on older pages, 10 on newer ones
    responseUrlWindow: 60 * MINUTE, // documented for the call-back mode
    mentionNeeded: true,
    checkVisibility: true,
    uploadsPerMinute: 30, // documented
    uploadsPerHour: 1_000, // documented
    robotPerMinute: 20, // documented
    errmsgSuffix: true,
  }
}
