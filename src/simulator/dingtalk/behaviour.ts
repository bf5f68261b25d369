/**
 * Everything that is inferred, unknown, or a number of DingTalk's: switchable, so that a service can be tested on
 * both sides. Times are ms of the sim's clock.
 */
export interface Behaviour {
  /** Status of a bad or expired token (documented 400; some report 401). Default 400. */
  invalidTokenStatus: 400 | 401
  /** Documented 7200 s. */
  tokenLifetime: number
  /** Documented 90 s, single use. */
  ticketLifetime: number
  /** How long an access address of a message may be replied to. Documented «about 90 min». */
  sessionLifetime: number
  /** Status of the answer to an expired `sessionWebhook`. Inferred 200. */
  expiredSessionStatus: 200 | 400
  /** `errcode` of the old API and of quota frames comes as a string (inferred: seen). Default false. */
  errcodeAsString: boolean

  /** Documented 20 per second for each API of an app. Infinity: no limit. */
  callsPerSecond: number
  /** Documented 5,000 per month. Infinity: no limit. */
  callsPerMonth: number
  /** Documented 3,000 per month; beyond it messages come without text and with code 20001. */
  pushesPerMonth: number
  /** Whether replies by `sessionWebhook` count toward the monthly calls. Unknown; default false. */
  sessionCounts: boolean
  /** Whether uploads of media count toward the monthly calls. Unknown; default true. */
  uploadsCount: boolean
  /** How long what was uploaded can be named in messages. Said by many: 3 days. */
  mediaLifetime: number
  /** A picture that names media which are unknown, too old, or of another app: refused (inferred), or nothing is shown. */
  unknownMedia: 'refused' | 'not shown'
  /** Whether presses of cards count toward the monthly pushes. Unknown; default true. */
  pressesCount: boolean

  /** How a group that the robot cannot reach is reported for cards: inside HTTP 200, or as an error (our choice). */
  deliveryFailure: 'result' | 'error'
  /** User ids that one-to-one messages report as flow-controlled. */
  flowControlledUsers: string[]
  /** Enforce 1 KB for a card variable (documented limit, enforcement unknown). Default false. */
  strictVariables: boolean
  /** A private variable hides the public one of its name (inferred). Default true. */
  privateHides: boolean
  /** A changed `sys_full_json_obj` changes the buttons (inferred). Default true. */
  buttonsFollow: boolean
  /** `request: true` buttons call back over Stream (inferred for the built-in template). Default true. */
  buttonsCallBack: boolean
  /** Where the action of a press comes. Default `both`. */
  pressAction: 'actionIds' | 'params' | 'both'
  /** Documented as a JSON string; an object has been seen. */
  pressContent: 'string' | 'object'
  /** Default `IM_GROUP`; `IM`, `im` have been seen. */
  pressSpaceType: string
  /** Whether `spaceId` and `spaceType` come at all. Default true. */
  pressWithSpace: boolean
  /** Whether the undocumented `value` comes. Default false. */
  pressWithValue: boolean
  /** Documented 2 s. */
  pressDeadline: number
  /** Whether an ACK after the deadline still changes the card. Unknown; default false. */
  lateAckApplies: boolean

  /** After how long without ACK a robot message or event comes again (inferred: 60 s, also about 16 s). */
  redeliverAfter: number
  /** How many times at most. Unknown; default 3. 0: never. */
  redeliverTimes: number
  /** Pushes wait for a bot that is away, rather than being lost (unknown). Default false. */
  keepForAbsent: boolean
  /** An app that is not published may open a connection all the same (documented only as «may give 400»). */
  unpublishedConnects: boolean
  /** The legacy SYSTEM frames CONNECTED and REGISTERED are sent after a handshake. Default false. */
  legacySystemFrames: boolean
  /** How often SYSTEM ping is sent (unknown). Default 30 s; Infinity: never. */
  pingEvery: number
  /** Reset a socket whose echo does not come before the next ping. Default false. */
  dropWithoutEcho: boolean
  /** From the disconnect frame to the close. Seen: about 10 s. */
  closeAfterDisconnect: number
  /** A `dtmd` link in a group mentions the robot by itself (unknown). Default true. */
  dtmdMentions: boolean
}

const minute = 60_000

export const defaultBehaviour: Behaviour = {
  invalidTokenStatus: 400,
  tokenLifetime: 120 * minute,
  ticketLifetime: 1.5 * minute,
  sessionLifetime: 90 * minute,
  expiredSessionStatus: 200,
  errcodeAsString: false,
  callsPerSecond: 20,
  callsPerMonth: 5_000,
  pushesPerMonth: 3_000,
  sessionCounts: false,
  uploadsCount: true,
  mediaLifetime: 72 * 60 * minute,
  unknownMedia: 'refused',
  pressesCount: true,
  deliveryFailure: 'result',
  flowControlledUsers: [],
  strictVariables: false,
  privateHides: true,
  buttonsFollow: true,
  buttonsCallBack: true,
  pressAction: 'both',
  pressContent: 'string',
  pressSpaceType: 'IM_GROUP',
  pressWithSpace: true,
  pressWithValue: false,
  pressDeadline: 2_000,
  lateAckApplies: false,
  redeliverAfter: minute,
  redeliverTimes: 3,
  keepForAbsent: false,
  unpublishedConnects: false,
  legacySystemFrames: false,
  pingEvery: minute / 2,
  dropWithoutEcho: false,
  closeAfterDisconnect: 10_000,
  dtmdMentions: true,
}
