import type { Reply } from '../../domain/decision.ts'
import type { AskAction } from '../../domain/event.ts'
import type { Asking, Via } from '../../domain/people.ts'

/** Something that was asked for by the API, by a person at the console or by a program. */
export interface ConsoleWork {
  from: 'console'
  /** As somebody who types would be known; without a channel a program. */
  by: Asking & { via: Via }
  deed: Deed
  /** What the answer is kept under, and what was asked: the same key must not mean another thing. */
  key: string
  print: string
}

/** What can be asked for by the API. */
export type Deed =
  | {
      do: 'ask'
      breaker: string
      action: AskAction
      circuit?: string
      reason?: string
      /** Of the confirming step, and of taking a request back. */
      nonce?: string
    }
  /** A group, site or room is to be opened. */
  | { do: 'off'; place: string }
  | { do: 'run'; action: 'confirm' | 'cancel'; run: string; nonce: string }

/** What came of a deed, as kept for a day: for whoever asks again with the same key. */
export interface Outcome {
  reply: Reply
  /** `asked`: it waits for the confirming step; `sent`: a command is on its way; `done`: nothing more follows. */
  state: 'refused' | 'asked' | 'sent' | 'done'
  /** What the confirming step takes. */
  confirm?: { nonce: string; expiresAt: number; secondPerson: boolean }
  breaker?: string
  operation?: string
  run?: string
  print: string
}

export interface Kept extends Outcome {
  by: string
}

/** It is on disk and will be decided. */
export interface Waiting {
  id: string
  state: 'waiting'
}
export type Decided = Outcome & { id: string }
/** `other`: the key was used for something else. */
export type Told = Decided | Waiting | { id: string; state: 'other' }
