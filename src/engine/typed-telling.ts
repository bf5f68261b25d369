import { findBreaker } from '../domain/find-breaker.ts'
import type { Place, Typed } from './place.ts'
import { notOne } from './typed-none.ts'

/** `告警计划 3号增氧机`, `演练`: of a breaker, or in reply to its card; a drill may be of the whole room. */
export function aboutTelling(command: 'plan' | 'drill', rest: string, place: Place): Typed {
  const answered = place.breakers.find((one) => one.id === place.answered?.breaker)
  if (rest === '' && command === 'drill') return { kind: 'drill', ...(answered && { breaker: answered }) }
  const implied = answered ?? (place.breakers.length === 1 ? place.breakers[0] : undefined)
  if (rest === '' && implied) return { kind: 'plan', breaker: implied }
  const found = findBreaker(place.breakers, rest)
  if (found.kind !== 'one') return { kind: 'say', lines: [notOne(found, command, rest, place)] }
  return { kind: command, breaker: found.breaker }
}
