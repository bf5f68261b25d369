import { DRAW_KINDS, type DrawKind, type DrawRules } from '../domain/abnormal/rules.ts'
import type { Config } from './schema.ts'

/** What of a draw is called abnormal, in the form that decisions use. */
export function toDraw({ abnormal }: Config): DrawRules {
  const {
    enabled,
    nothing,
    spreads,
    share,
    sustained,
    stoppedFor,
    rise,
    voltageWithin,
    nearRatingFrom,
    outFor,
  } = abnormal
  const kinds = DRAW_KINDS.flatMap((kind) => (enabled && abnormal[kind] ? [[kind, abnormal[kind]]] : []))
  return {
    kinds: Object.fromEntries(kinds),
    ...{ nothing, spreads, sustained, stoppedFor, outFor },
    share: share / 100,
    rise: rise / 100,
    voltageWithin: voltageWithin / 100,
    nearRating: nearRatingFrom / 100,
  }
}

/** What is not looked for at one breaker. */
export function toUnwatched({ abnormal }: Config['breakers'][number]): { unwatched?: DrawKind[] } {
  if (abnormal === undefined) return {}
  return { unwatched: DRAW_KINDS.filter((kind) => abnormal === false || abnormal[kind] === false) }
}
