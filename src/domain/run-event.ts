import type { AuditLine, Given, Reply } from './decision.ts'
import type { StepTold } from './event.ts'
import type { GroupRun } from './group-run.ts'
import type { Message } from './message.ts'
import type { ChannelName, Via } from './people.ts'
import type { ChatRef } from './policy.ts'

/** A button of a run's card was pressed, or a word typed that means it. */
export interface RunAsk {
  type: 'run-ask'
  action: 'confirm' | 'cancel'
  channel: ChannelName
  sender: string
  anonymous: boolean
  /** By what, where by no chat. */
  via?: Via
  nonce?: string
  typed: boolean
  /** When the person gave it, ms since 1970; absent: only just now. */
  givenAt?: number
}

/** Everything that can change a group run. */
export type RunEvent =
  | RunAsk
  | { type: 'run-expired' }
  /** The pause between two closes is over. */
  | { type: 'run-turn' }
  | { type: 'run-told'; breaker: string; circuit: string; told: StepTold }
  /** Another run goes the other way. */
  | { type: 'run-halted'; why: Message }
  /** Nothing more is waited for. */
  | { type: 'run-lapsed' }

/** What must follow from a decision on a run; the engine makes jobs of it. */
export type RunEffect =
  /** Bring its card up to date in all its chats. `milestone`: worth a message where a card cannot be changed. */
  | { do: 'card'; milestone: boolean; freshIn?: ChatRef }
  | { do: 'step'; breaker: string; circuit: string }
  /** Runs that close breakers of this one stop. */
  | { do: 'halt-closing' }
  | { do: 'timer'; id: string; at: number; event: RunEvent }
  | { do: 'cancel-timer'; id: string }

export interface RunDecision {
  run: GroupRun
  effects: RunEffect[]
  audit: AuditLine[]
  reply?: Reply
}

export interface RunGiven extends Given {
  /** When all control was last switched off by word of mouth, ms; a run confirmed before does not go on. */
  offAt?: number
}
