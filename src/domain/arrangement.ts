import type { AuditLine, Reply } from './decision.ts'
import type { Cover } from './duty.ts'
import type { Message } from './message.ts'
import type { Policy } from './policy.ts'
import type { EndedWindow, Scope, Window, WindowKind } from './window.ts'

/** What was set in chats. */
export interface Arrangements {
  windows: Window[]
  /** Occurrences of configured windows that were ended by word. */
  ended: EndedWindow[]
  covers: Cover[]
}

/** What a person wants to be so for a time. */
export type Arrange =
  | { do: 'set'; kind: WindowKind; scope: Scope; when: Window['when']; reason?: string }
  /** Without a scope: all of the kind in the room. */
  | { do: 'end'; kind: WindowKind; scope?: Scope }
  | { do: 'cover'; person: string; from: number; until: number }
  | { do: 'uncover' }

export interface ArrangeDecision {
  reply: Reply
  /** Absent: nothing changes. */
  next?: Arrangements
  /** The rooms that are told, and what. */
  rooms: string[]
  notice?: Message
  set?: Window
  /** Those set before whose place the new one takes. */
  replaced?: Window[]
  ended: { window: Window; from: number }[]
  audit: AuditLine[]
}

export interface ArrangeGiven {
  /** With what was set in chats. */
  policy: Policy
  now: number
  newId: () => string
  /** Where it was written. */
  room: string
}
