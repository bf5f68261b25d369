import type { PushRecord, TripCause } from '../src/simulator/thingboot/api.ts'
import type { Platform } from './fleet.ts'

/** A breaker that tripped, and what became of the cloud's one push. */
export interface Trip {
  breaker: string
  cause: TripCause
  /** The time in the push, ms. */
  at: number
  push: PushRecord
}

/** What a person asked of a breaker, as the person would swear to it. */
export interface Deed {
  at: number
  person: string
  platform: Platform
  breaker: string
  action: string
  /** What the pressed button said, or the line as it was typed. */
  by: { press: string } | { line: string }
}

/** A life of the service that was ended. */
export interface Kill {
  at: number
  step: Step
  /** Which instances, counted from 0. */
  victims: readonly number[]
  /** False when the step did not come in time, so that the kill fell at some instant. */
  met: boolean
}

/** Where a kill strikes. `instant`: anywhere, also while the service is still starting. */
export const STEPS = [
  'instant',
  'starting',
  'after accept',
  'after commit',
  'before send',
  'after send',
  'before control',
  'at control',
  'after control',
] as const
export type Step = (typeof STEPS)[number]

/** What may befall a store that is a server of its own. */
export const MISHAPS = ['killed', 'frozen', 'rewriting'] as const
export type MishapKind = (typeof MISHAPS)[number]

/** Something that befell the store while the service ran, from `at` until it was over. */
export interface Mishap {
  at: number
  until: number
  kind: MishapKind
}

/** What was done to the service and by whom: kept by the runner, beside the simulators' own logs. */
export interface Ledger {
  trips: Trip[]
  deeds: Deed[]
  kills: Kill[]
  mishaps: Mishap[]
}

export const emptyLedger = (): Ledger => ({ trips: [], deeds: [], kills: [], mishaps: [] })
