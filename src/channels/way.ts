import type { CardText, Locale } from '../domain/card-text.ts'
import type { WayName } from '../domain/way.ts'

export type { WayName }

/** A means to reach a person, or another system, in one direction. It supervises itself and logs no secret. */
export interface Way {
  readonly name: WayName
  /**
   * @param to a phone number (voice), a DingTalk staff id (ding-*), a mail address, or a web-hook's name
   * @param key the same when the same notice is tried again; [0-9A-Za-z_-], at most 64 characters. Never rejects.
   */
  send(to: string, notice: Notice, key: string): Promise<Handed>
  /** Stops for good: no timer or socket is left, and what is under way is told of as `unknown` or `later`. */
  stop(): Promise<void>
}

/** What is to be told, in one language. All strings are plain text that a way escapes. */
export interface Notice {
  /** Stable over all that is told about one alarm: mails are threaded by it. [0-9A-Za-z.-], at most 64 characters. */
  thread: string
  /** `report`: of no alarm; mails only. */
  event: 'raised' | 'repeated' | 'acknowledged' | 'reopened' | 'resolved' | 'report'
  locale: Locale
  /** Nothing is the matter: it is tried whether alarms arrive. */
  isDrill?: true
  /** One line: «过载跳闸 · 3号增氧机 (一号鱼塘)». */
  title: string
  /** Whole sentences, to read or to hear. */
  text: string
  /** The card as the chats have it, where it is about one alarm. */
  card?: CardText
  /** For templates and programs: site, breaker, cause, severity, room, incident … */
  facts: Record<string, string | number>
  /** What a mail brings along. */
  files?: readonly { name: string; type: string; content: string | Uint8Array }[]
}

/**
 * What became of it. `why` is for the person who runs the service and holds no secret.
 * - `delivered`: the provider took it; `ref` is its name for it.
 * - `later`: refused for now, or certainly not sent; try again after `retryAfter` ms.
 * - `refused`: for good.
 * - `unknown`: it may have been taken.
 */
export type Handed =
  | { outcome: 'delivered'; ref?: string }
  | { outcome: 'later'; why: string; retryAfter?: number; code?: string }
  | { outcome: 'refused'; why: string; code?: string }
  | { outcome: 'unknown'; why: string }
