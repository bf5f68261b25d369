import { CAUSES, type Cause, type Readings } from '../domain/report.ts'
import { CAUSE_WORDS, MOVER_WORDS, NO_FAULT_WORDS, QUERY_ANSWERS } from './words.ts'

/** Who moved the contacts, as an event's name tells. */
export type Mover = 'trip' | 'hand'

/** What is known of one product. Made by {@link defineProfile}; the tables are keyed by folded words. */
export interface ProductProfile {
  model: string
  /** The keys of its circuits: `power`, or `power1`, `power2` … (documented per product). */
  circuits: readonly string[]
  /** Takes circuits that are not listed as well, because the product is not known. */
  anyCircuit: boolean
  /** Measures voltage, current, power and energy. */
  metered: boolean
  /** What a reported value is multiplied by to give V, A, W, VA, 0–1 or kWh. The cloud's units are not documented. */
  units: Readonly<Record<keyof Readings, number>>
  /** In an answer to `query: total`: the fields, best first, that may hold the breaker's counter. */
  queryAnswers: { readonly energy: readonly string[] }
  causes: Readonly<Record<string, Cause>>
  movers: Readonly<Record<string, Mover>>
  /** False where the breaker cannot, by its make, be closed from afar. */
  remoteClose: boolean
}

/** What a profile says beyond the defaults: metered, factor 1, the default words, may be closed from afar. */
export interface ProfileSpec {
  model: string
  circuits: readonly string[]
  anyCircuit?: boolean
  metered?: boolean
  units?: Partial<Record<keyof Readings, number>>
  queryAnswers?: ProductProfile['queryAnswers']
  /** Words for causes, added to the default table; they win over it. */
  causes?: Record<string, Cause>
  /** Names of events, added to the default table; they win over it. */
  movers?: Record<string, Mover>
  remoteClose?: boolean
}

export function defineProfile(spec: ProfileSpec): ProductProfile {
  return {
    model: spec.model,
    circuits: spec.circuits,
    anyCircuit: spec.anyCircuit ?? false,
    metered: spec.metered ?? true,
    units: {
      voltage: 1,
      current: 1,
      activePower: 1,
      apparentPower: 1,
      powerFactor: 1,
      energy: 1,
      ...spec.units,
    },
    queryAnswers: spec.queryAnswers ?? QUERY_ANSWERS,
    causes: { ...DEFAULT_CAUSES, ...folded(Object.entries(spec.causes ?? {})) },
    movers: { ...DEFAULT_MOVERS, ...folded(Object.entries(spec.movers ?? {})) },
    remoteClose: spec.remoteClose ?? true,
  }
}

/** The same product where somebody has found that its values come in other units. */
export function withUnits(profile: ProductProfile, units: ProfileSpec['units']): ProductProfile {
  return units ? { ...profile, units: { ...profile.units, ...units } } : profile
}

/** True when the product has a circuit of this key. */
export function hasCircuit(profile: ProductProfile, key: string): boolean {
  return profile.circuits.includes(key) || (profile.anyCircuit && /^power(?:[1-9]\d?)?$/.test(key))
}

/**
 * The cause that a word names: `Over-Current`, `overload_alarm`, `过载保护跳闸` … Case, full width and separators do
 * not matter, nor does a «fault», «alarm», «trip» or «protection» around it. `unknown` for all other words.
 */
export function causeOf(profile: ProductProfile, word: string): Cause {
  const whole = foldWord(word)
  return lookUp(profile.causes, whole) ?? lookUp(profile.causes, whole.replace(TRIMMINGS, '')) ?? 'unknown'
}

/** Who moved the contacts after an event's name: by the table (`btn1` as `btn`), or `trip` where it names a cause. */
export function moverOf(profile: ProductProfile, name: string): Mover | undefined {
  const whole = foldWord(name)
  const mover = lookUp(profile.movers, whole) ?? lookUp(profile.movers, whole.replace(/\d+$/, ''))
  return mover ?? (causeOf(profile, name) === 'unknown' ? undefined : 'trip')
}

/** True for the words by which a fault field says that there is none. */
export function meansNoFault(word: string): boolean {
  return NO_FAULT.has(foldWord(word))
}

/** A word without case, width and separators. */
export function foldWord(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

const TRIMMINGS =
  /^(?:fault|alarm|trip)+|(?:alarm|fault|error|trip|tripped|protect|protected|protection|保护|跳闸|报警|告警|故障)+$/g

const DEFAULT_CAUSES = folded<Cause>(
  CAUSES.flatMap((cause) => CAUSE_WORDS[cause].map((word) => [word, cause])),
)
const DEFAULT_MOVERS = folded<Mover>([
  ...MOVER_WORDS.trip.map((word) => [word, 'trip'] as const),
  ...MOVER_WORDS.hand.map((word) => [word, 'hand'] as const),
])
const NO_FAULT = new Set(NO_FAULT_WORDS.map(foldWord))

function folded<T>(entries: (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries.map(([word, meaning]) => [foldWord(word), meaning]))
}

function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}
