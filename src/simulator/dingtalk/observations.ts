/**
 * What became of a press. `updated` and `unchanged`: acknowledged in time, with and without a change of the card;
 * `timed out`: no ACK in time; `refused`: an ACK in time, with another code than 200 or of a wrong shape;
 * `lost`: nobody was there to take it, or the card was not sent with `callbackType: STREAM`.
 */
export type PressOutcome = 'updated' | 'unchanged' | 'timed out' | 'refused' | 'lost'

/** Everything that passed, in order. Bodies are as sent; secrets are in them. */
export type LogEntry = { at: number } & (
  | {
      kind: 'request'
      method: string
      path: string
      query: Record<string, string>
      body: unknown
      clientId?: string
      /** 0 and undefined until it is answered in whole. */
      status: number
      answer: unknown
    }
  | { kind: 'socket opened' | 'socket closed'; socket: string; clientId: string }
  | { kind: 'frame'; socket: string; type: string; topic: string; messageId: string; data: unknown }
  | { kind: 'ack'; socket: string; messageId: string; code: number; data: unknown; late: boolean }
  | { kind: 'press'; outTrackId: string; user: string; actionId: string; outcome: PressOutcome }
  | { kind: 'lost'; clientId: string; topic: string; data: unknown }
)

export interface Counters {
  /** Gateway opens, all and in the last minute of the sim's clock: a reconnect storm shows here. */
  opens: number
  opensLastMinute: number
  /** Requests by `METHOD /path`, answered or not. */
  requests: Record<string, number>
  /** What counts toward the monthly quotas, in the present month. */
  monthlyCalls: number
  monthlyPushes: number
  /** Robot messages and events that nobody took: no socket there, or never acknowledged however often they came. */
  messagesLost: number
  redeliveries: number
  /** Presses by what became of them. */
  presses: Record<PressOutcome, number>
}

/** A DING as one person gets it: in the app, by SMS, or as a call. */
export interface SimDing {
  id: string
  at: number
  user: string
  remindType: 1 | 2 | 3
  content: string
}
