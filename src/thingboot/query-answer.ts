import type { Report, ReportKind } from '../domain/report.ts'
import { isQueryRef, QUERIES, type Query } from './order.ts'
import type { ProductProfile } from './profile.ts'
import { type Fields, fieldsOf, isFields, textOf, valuesIn } from './values.ts'

/** The answer to a `query`, as a push brings it. */
export interface QueryAnswer {
  /** The fields that hold the lifelong counter, as a place for readings; empty where something else was asked. */
  place: Fields
  /** True where `energy` in this push is another counter than the lifelong one. */
  isOther: boolean
}

/**
 * Recognises the answer to a `query`: by our own reference, or by a field `query` that says what was asked, alone
 * (`"total"`) or around the answer (`{"total": …}`). What it looks like is not documented (inferred): the profile says
 * which fields hold the counter. Undefined for all else.
 */
export function queryAnswerIn(
  places: readonly Fields[],
  profile: ProductProfile,
  told: ReportKind | undefined,
  extra: string | undefined,
): QueryAnswer | undefined {
  if (told !== undefined && told !== 'order' && told !== 'state') return undefined
  const inside = places.map((place) => fieldsOf(place.query)).filter(isFields)
  const named = places.map((place) => queryNamed(place.query)).find((one) => one !== undefined)
  const isOurs = extra !== undefined && isQueryRef(extra)
  const asked =
    named ?? inside.flatMap((one) => Object.keys(one)).find(isQuery) ?? (isOurs ? 'total' : undefined)
  if (asked === undefined) return undefined
  if (asked !== 'total') return { place: {}, isOther: true }
  const all = [...inside, ...places]
  const found = Object.entries(profile.queryAnswers).flatMap(([reading, fields]) => {
    const value = fields.flatMap((field) => all.map((one) => one[field])).find((one) => one !== undefined)
    return value === undefined ? [] : [[reading, value]]
  })
  return { place: Object.fromEntries(found), isOther: false }
}

/**
 * What a push measured, its answer included. What the other counters tell is not kept: they are cleared at midnight, or
 * by whoever likes to.
 */
export function valuesWith(
  answer: QueryAnswer | undefined,
  places: readonly Fields[],
  profile: ProductProfile,
): Pick<Report, 'readings' | 'doubted' | 'answer'> {
  const { readings, doubted } = valuesIn(answer ? [answer.place, ...places] : places, profile)
  const { energy: _, ...others } = readings
  return {
    readings: answer?.isOther ? others : readings,
    ...(Object.keys(doubted).length > 0 && { doubted }),
    ...(answer && { answer: true as const }),
  }
}

const isQuery = (word: string): word is Query => QUERIES.some((query) => query === word)

function queryNamed(value: unknown): Query | undefined {
  const word = textOf(value, 20) ?? ''
  return isQuery(word) ? word : undefined
}
