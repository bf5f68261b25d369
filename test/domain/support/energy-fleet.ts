import type { Measured } from '../../../src/domain/summary.ts'

const WH = 1000
const MINUTE = 60_000

/** A breaker of the simulated fleet: what it reported, and what is true of the time between its samples. */
export interface Simulated {
  id: string
  zone: string
  /** ms between two samples. */
  slot: number
  samples: Measured[]
  /** Each with what the samples can tell of it: kWh, or nothing. */
  truth: Slice[]
  /** What really flowed, Wh. */
  drawn: number
  resolution: number
  hasCounter: boolean
  /** True: neither was the counter reset nor did samples fall out at the edges, so that nothing at all is lost. */
  isWhole: boolean
}

export interface Slice {
  from: number
  to: number
  /** Wh; undefined: nobody knows. */
  wh: number | undefined
}

export const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
]

/** Numbers that look random and are the same each time. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Mishap = 'reset' | 'replaced' | 'gap'

/** @param from and `to`: ms; multiples of half an hour */
export function simulate(number: number, from: number, to: number): Simulated {
  const random = randomOf(number + 1)
  const kind = number % 10
  const hasCounter = kind !== 9
  // Where the power alone tells, it must be known often.
  const slot = kind === 6 || kind === 9 ? 10 * MINUTE : 30 * MINUTE
  // One in five reports at odd times, so that hours begin between two samples.
  const offset = kind === 4 || kind === 9 ? Math.floor(random() * slot) : 0
  const resolution = [1, 10, 100][number % 3]!
  const count = Math.floor((to - from - offset) / slot)
  const mishaps = mishapsOf(kind, count, random)
  const powers = loadOf(count, random)
  const one = run({ from: from + offset, slot, count, powers, resolution, hasCounter, mishaps, random })
  return {
    id: `sim-${number}`,
    zone: ZONES[number % ZONES.length]!,
    slot,
    resolution,
    hasCounter,
    isWhole: offset === 0 && kind < 4,
    ...one,
  }
}

/** W at each sample, in multiples of 12: then what flows between two of them is a whole number of Wh. */
function loadOf(count: number, random: () => number): number[] {
  let [power, left] = [0, 0]
  return Array.from({ length: count }, () => {
    if (left-- <= 0) {
      power = random() < 0.3 ? 0 : Math.floor(random() * 900)
      left = Math.floor(random() * 40)
    }
    return 12 * (power === 0 ? 0 : power + Math.floor(random() * 20))
  })
}

function mishapsOf(kind: number, count: number, random: () => number): Map<number, Mishap> {
  const mishaps = new Map<number, Mishap>()
  const some = (mishap: Mishap, times: number) => {
    for (let i = 0; i < times; i++) mishaps.set(10 + Math.floor(random() * (count - 200)), mishap)
  }
  if (kind === 5) some('reset', 6)
  if (kind === 6) some('replaced', 3)
  if (kind >= 7) some('gap', 20)
  if (kind === 8) some('reset', 2)
  return mishaps
}

interface Course {
  from: number
  slot: number
  count: number
  powers: number[]
  resolution: number
  hasCounter: boolean
  mishaps: Map<number, Mishap>
  random: () => number
}

function run({ from, slot, count, powers, resolution, hasCounter, mishaps, random }: Course) {
  const samples: Measured[] = []
  const truth: Slice[] = []
  /** What the meter has counted, Wh, and what it shows of that. */
  let meter = Math.floor(random() * 1e7)
  const shown = () => Math.floor(meter / resolution) * resolution
  let drawn = 0
  let silent = 0
  let last: { at: number; shown: number } | undefined
  for (let i = 0; i < count; i++) {
    const at = from + i * slot
    const flowed = i === 0 ? 0 : ((powers[i - 1]! + powers[i]!) / 2) * (slot / 3_600_000)
    meter += flowed
    drawn += flowed
    if (silent-- > 0) continue
    if (last) truth.push(sliceOf(last, at, at - last.at === slot ? flowed : undefined, shown(), hasCounter))
    samples.push({ at, power: powers[i]!, ...(hasCounter && { energy: shown() / WH }) })
    const mishap = mishaps.get(i)
    if (mishap === 'reset') meter = 0
    if (mishap === 'replaced') meter += (random() < 0.5 ? -1 : 1) * 5_000_000 + 10_000_000
    if (mishap === 'gap') silent = 2 + Math.floor(random() * 60)
    last = { at, shown: mishap === 'replaced' ? Number.NaN : mishap === 'reset' ? 0 : shown() }
  }
  return { samples, truth, drawn }
}

/** NaN: another meter, of which only the power tells; it does so over a single slot. */
function sliceOf(
  last: { at: number; shown: number },
  at: number,
  flowed: number | undefined,
  shown: number,
  hasCounter: boolean,
): Slice {
  const isCounted = hasCounter && !Number.isNaN(last.shown)
  return { from: last.at, to: at, wh: isCounted ? shown - last.shown : flowed }
}
