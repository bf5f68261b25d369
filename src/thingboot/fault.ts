import type { Cause, ReportKind } from '../domain/report.ts'
import { causeOf, meansNoFault, moverOf, type ProductProfile } from './profile.ts'
import { type Fields, textOf } from './values.ts'

export interface FaultFound {
  fault?: { cause: Cause; raw: string }
  /** A word in these fields says that a person moved the contacts. */
  byHand: boolean
}

/** Fields that exist to name a fault: any word there is one. */
const FAULT_FIELDS = ['fault', 'alarm'] as const
/** Fields that may speak of other things (a time-out, a heartbeat): words that we do not know count in events only. */
const REASON_FIELDS = ['error', 'reason', 'cause'] as const

/**
 * The fault that a push names: in its fields, or by the event's name; a word that we know goes before one that we do
 * not. The names of the fields are inferred, not documented.
 */
export function faultIn(
  places: readonly Fields[],
  profile: ProductProfile,
  name: string | undefined,
  kind: ReportKind | undefined,
): FaultFound {
  const faults = wordsIn(places, FAULT_FIELDS)
  const reasons = wordsIn(places, REASON_FIELDS)
  const isKnown = (word: string) => causeOf(profile, word) !== 'unknown'
  const isHand = (word: string) => moverOf(profile, word) === 'hand'
  const isEvent = kind === undefined || kind === 'event'
  const raw =
    [...faults, ...reasons].find(isKnown) ??
    (name !== undefined && isKnown(name) ? name : undefined) ??
    faults.find((word) => !isHand(word)) ??
    (isEvent ? reasons.find((word) => !isHand(word)) : undefined)
  return {
    ...(raw !== undefined && { fault: { cause: causeOf(profile, raw), raw } }),
    byHand: [...faults, ...reasons].some(isHand),
  }
}

function wordsIn(places: readonly Fields[], names: readonly string[]): string[] {
  return places.flatMap((place) => names.flatMap((name) => words(place[name], 2)))
}

/** The words of a fault value: one word, a list of them, or flags by name. */
function words(value: unknown, depth: number): string[] {
  if (typeof value === 'object' && value !== null) {
    if (depth === 0) return []
    return Object.entries(value).flatMap(([key, inner]) =>
      isRaised(inner) && !Array.isArray(value) ? words(key, 0) : words(inner, depth - 1),
    )
  }
  const word = textOf(value, 100)
  return word === undefined || meansNoFault(word) ? [] : [word]
}

function isRaised(value: unknown): boolean {
  return value === true || value === 1 || value === '1'
}
