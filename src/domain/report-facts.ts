import type { ReckonedBy } from './energy-use.ts'
import type { Message } from './message.ts'
import type { ReportEvery } from './report-schedule.ts'
import { median as middleOf } from './robust.ts'

/** An amount in a currency (ISO 4217). */
export interface Paid {
  amount: number
  currency: string
}

/** What one breaker used in a period, and what is usual for it. */
export interface BreakerUse {
  id: string
  name: string
  site: string
  /** Absent: nothing was measured. */
  kwh?: number
  /** kWh in periods of the same kind before; absent while there are too few. */
  usual?: number
  cost?: Paid
  by?: ReckonedBy
  /** When part of it flowed is not known. */
  isEstimated?: boolean
  /** How long nothing was measured, ms. */
  missing: number
}

/** One bar of the report's picture. */
export interface ReportBar {
  label: string
  kwh: number | null
  usual: number | null
  isEstimated?: boolean
}

/** Something that draws otherwise than usual, and why it is said to. */
export interface Abnormality {
  /** Its id. */
  breaker: string
  /** Its name, or what is said of it. */
  what: string | Message
  reason: Message
}

/** The trips of one circuit from one cause. */
export interface TripCount {
  title: string
  cause: Message | string
  count: number
}

/** How long something was away, in all, and how often. */
export interface AwayTime {
  what: string
  /** ms. */
  lasted: number
  times: number
}

/** The reports left out before one, and the days that their periods begin and end with. */
export interface Missed {
  count: number
  first: string
  last: string
}

/** All that a report tells of. */
export interface ReportFacts {
  room: string
  every: ReportEvery
  /** The number of its period, and the days that this begins and ends with: «2026-11-26». */
  period: number
  days: { first: string; last: string }
  /** 1: the last period of its kind; 0: the present one. */
  ago: number
  /** The period is not over: counted up to then, ms. */
  soFar?: number
  /** Sent late: when it was to be sent, ms. */
  late?: number
  missed?: Missed
  breakers: BreakerUse[]
  /** What is usual for the room, kWh. */
  usual?: number
  peak?: {
    /** Of the hour as a mean, W. */
    watts: number
    from: number
    to: number
  }
  bars: ReportBar[]
  abnormal: Abnormality[]
  trips: TripCount[]
  away: AwayTime[]
}

/** What all of them used, kWh; undefined where nothing was measured. */
export function totalOf(breakers: readonly BreakerUse[]): number | undefined {
  const known = breakers.flatMap(({ kwh }) => kwh ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, kwh) => sum + kwh, 0)
}

/** What all of them cost, by currency. */
export function costsOf(breakers: readonly BreakerUse[]): Paid[] {
  const byCurrency = Map.groupBy(
    breakers.flatMap(({ cost }) => cost ?? []),
    ({ currency }) => currency,
  )
  return [...byCurrency].map(([currency, all]) => ({
    currency,
    amount: all.reduce((sum, { amount }) => sum + amount, 0),
  }))
}

/** The middle one; of an even number the mean of both. Undefined of none. */
export const median = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : middleOf(values)
