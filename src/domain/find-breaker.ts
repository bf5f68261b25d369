import { tidy } from './command.ts'
import { type BreakerConfig, circuitTitle } from './policy.ts'

export type Found =
  | { kind: 'one'; breaker: BreakerConfig; circuit?: string }
  | { kind: 'several'; breakers: BreakerConfig[] }
  | { kind: 'none' }

/** Folds what makes no difference between two spellings of a name. */
export const fold = (text: string): string => tidy(text).toLowerCase().replace(/\s+/g, '')

/**
 * Finds the breaker that a typed text means: by id or name, with or without a circuit's name or key, or by a
 * part of either that only one of them has. A whole match goes before a part.
 */
export function findBreaker(breakers: readonly BreakerConfig[], text: string): Found {
  const wanted = fold(text)
  if (wanted === '') return { kind: 'none' }
  const spellings = breakers.flatMap(spellingsOf)
  const whole = spellings.filter((one) => one.words.includes(wanted))
  return (
    pick(whole) ??
    pick(spellings.filter((one) => one.words.some((word) => word.includes(wanted)))) ??
    withReportedCircuit(breakers, wanted) ?? { kind: 'none' }
  )
}

/** `双泵箱 power2`, for a circuit that is not configured but that the breaker has reported of itself. */
function withReportedCircuit(breakers: readonly BreakerConfig[], wanted: string): Found | undefined {
  const [, name, circuit] = /^(.+?)(power\d{1,2})$/.exec(wanted) ?? []
  if (name === undefined || circuit === undefined) return undefined
  const found = findBreaker(breakers, name)
  return found.kind === 'one' ? { ...found, circuit } : found
}

interface Spelling {
  breaker: BreakerConfig
  circuit?: string
  words: string[]
}

function spellingsOf(breaker: BreakerConfig): Spelling[] {
  const names = [fold(breaker.name), fold(breaker.id)]
  const circuits = Object.entries(breaker.circuits)
  if (circuits.length === 1) return [{ breaker, words: names }]
  return [
    { breaker, words: names },
    ...circuits.map(([circuit, name]) => ({
      breaker,
      circuit,
      words: [
        fold(circuitTitle(breaker, circuit)),
        ...names.map((one) => one + circuit),
        ...(name ? [fold(name)] : []),
      ],
    })),
  ]
}

function pick(matches: Spelling[]): Found | undefined {
  if (matches.length === 0) return undefined
  const breakers = [...new Set(matches.map((one) => one.breaker))]
  if (breakers.length > 1) return { kind: 'several', breakers }
  const whole = matches.find((one) => one.circuit === undefined)
  const circuit = whole || matches.length > 1 ? undefined : matches[0]!.circuit
  return { kind: 'one', breaker: breakers[0]!, ...(circuit !== undefined && { circuit }) }
}

/** The breakers of a site or group, for `状态 一号鱼塘`. */
export function breakersOfPlace(breakers: readonly BreakerConfig[], text: string): BreakerConfig[] {
  const wanted = fold(text)
  return breakers.filter((one) => [one.site, ...one.groups].some((place) => fold(place) === wanted))
}

/**
 * Finds the breaker that a line begins with, and what follows it: `3号增氧机 检修水泵`. The longest beginning that names
 * one counts. `rest` is all of it where none does.
 */
export function findAtStart(
  breakers: readonly BreakerConfig[],
  text: string,
): { found: Found; rest: string } {
  const words = tidy(text).split(' ').filter(Boolean)
  for (let length = words.length; length > 0; length--) {
    const found = findBreaker(breakers, words.slice(0, length).join(' '))
    if (found.kind === 'one') return { found, rest: words.slice(length).join(' ') }
  }
  const [first = ''] = words
  return { found: findBreaker(breakers, first), rest: words.join(' ') }
}

/** True when the text is the whole name or id of one of them: then that one is meant, and no group of the same name. */
export function isOneOf(breakers: readonly BreakerConfig[], text: string): boolean {
  return breakers.some((one) => fold(one.name) === fold(text) || fold(one.id) === fold(text))
}

const ALL = ['全部', '所有', 'all']

/** The group, site or room that a text names in full, and its breakers. «All» is the room's own, so only in a room. */
export function findPlace(
  breakers: readonly BreakerConfig[],
  text: string,
  room: string | undefined,
): { name: string; breakers: BreakerConfig[] } | undefined {
  const wanted = fold(text)
  if (wanted === '') return undefined
  if (room !== undefined && (ALL.includes(wanted) || fold(room) === wanted))
    return { name: room, breakers: breakers.filter((one) => one.room === room) }
  const fits = breakersOfPlace(breakers, text)
  const found = fits.length > 0 ? fits : breakers.filter((one) => fold(one.room) === wanted)
  const [first] = found
  if (!first) return undefined
  const name = [first.site, ...first.groups, first.room].find((one) => fold(one) === wanted) ?? text
  return { name, breakers: found }
}

/** The sites and groups of these breakers, each once. */
export function placesOf(breakers: readonly BreakerConfig[]): string[] {
  return [...new Set(breakers.flatMap((one) => [one.site, ...one.groups]))]
}
