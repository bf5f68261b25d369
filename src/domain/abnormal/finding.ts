import type { Draw } from './draw.ts'
import type { DrawKind, DrawRules } from './rules.ts'
import type { Usual } from './usual.ts'

/** One thing that is abnormal, with its evidence. */
export interface Finding {
  kind: DrawKind
  breaker: string
  /** ms. */
  since: number
  /** More or less than usual, above or below the range. */
  side: 'more' | 'less'
  /** What was measured, and what it is held against. */
  value: number
  unit: 'W' | 'V' | 'A'
  /** What is usual, or the range; W, V, A. */
  low?: number
  middle?: number
  high?: number
  /** Of how many hours, or days, that is known. */
  known?: number
  /** The longest pause that is usual in the draw, ms. */
  pause?: number
}

/** Somebody said that this is normal: what a person has taught. */
export interface Accepted {
  /** Of the alarm that it was said of. */
  id: string
  kind: DrawKind
  /** What was measured then. */
  value: number
  /** From here on up or down: W, V, A; of a stop: ms of a pause. */
  atMost?: number
  atLeast?: number
  /** Hours of the day; absent: any. */
  hours?: number[]
  /** When it was said, ms, and by whom. */
  at: number
  by: string
}

/** Whether the contacts let anything be drawn. */
export interface Contacts {
  isClosed?: boolean
  /** ms. */
  since?: number
}

/** All that is known of a breaker when it is looked at. */
export interface Sight {
  breaker: string
  now: number
  timezone: string
  rules: DrawRules
  /** Absent: too little is known yet. */
  usual?: Usual
  /** The hours of the last days that are over, oldest first. */
  hours: readonly Draw[]
  /** The minutes just past, oldest first; as many as there are for. */
  minutes: readonly Draw[]
  contacts: Contacts
  /** A. */
  ratedCurrent?: number
  /** V. */
  nominalVoltage: number
  /** The longest usual pause while it is expected to draw, ms; absent: not looked for. */
  pause?: number
  accepted: readonly Accepted[]
  standing: readonly Finding[]
}

/**
 * It is well again, somebody opened the contacts, it is not looked for any more, or it has lasted for so long that it is
 * what is usual now.
 */
export type EndOf = 'well' | 'opened' | 'off' | 'usual'

/** What one kind of judgement makes of a sight: something that lasts by now, or that what stood is over. */
export interface Verdict {
  begins?: Finding
  ends?: { kind: DrawKind; why: EndOf }
}

export const standingOf = ({ standing }: Sight, kind: DrawKind): Finding | undefined =>
  standing.find((one) => one.kind === kind)
