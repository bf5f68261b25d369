import type { DrawKind } from '../../src/domain/abnormal/rules.ts'
import { between, type FaultName, type Machine, type Random } from './machines.ts'

/** It has run, or been off, for a while when something begins to be wrong, minutes. */
const WELL_BEFORE = 15
const HOUR = 60
const DAY = 1440

/** What went wrong, and when; minutes from the beginning. */
export interface Truth {
  kind: DrawKind
  from: number
  to: number
}

/** What the meter and the contacts of one breaker showed by minute; NaN: nothing was reported. */
export interface Played {
  name: string
  power: Float64Array
  voltage: Float64Array
  current: Float64Array
  ratedCurrent: number
  /** Stood open from minute to minute, opened by hand. */
  opened: { from: number; to: number }[]
  truths: Truth[]
}

/** No fault before so many days. */
const FIRST = 35
const KINDS: Record<FaultName, DrawKind> = {
  more: 'unusual',
  less: 'unusual',
  standby: 'standby',
  stopped: 'stopped',
  trend: 'trend',
  voltage: 'voltage',
  'near-rating': 'near-rating',
}

/** A machine's time with one to three faults, openings by hand, gaps and noise of the supply. */
export function play(machine: Machine, random: Random, days: number): Played {
  const { name, power, running } = machine
  const voltage = new Float64Array(power.length)
  for (let i = 0; i < power.length; i++)
    voltage[i] = 222 + 6 * Math.sin((i / DAY) * 2 * Math.PI) + 1.5 * (random() + random() - 1)
  const ratedCurrent = (running / 220) * 3.2
  const truths = faultsOf(machine, voltage, ratedCurrent, random, days)
  const opened = openings(truths, random, days)
  for (const { from, to } of opened) power.fill(0, from, to)
  const current = power.map((watts, i) => watts / voltage[i]!)
  const gaps = Array.from({ length: 6 }, () => gap(random, days))
  for (const { from, to } of gaps) for (const one of [power, voltage, current]) one.fill(Number.NaN, from, to)
  for (let i = 0; i < power.length; i++) if (random() < 0.01) power[i] = Number.NaN
  const measured = truths.filter(({ from, to }) => isMeasured(voltage.subarray(from, to)))
  return { name, power, voltage, current, ratedCurrent, opened, truths: measured }
}

/** Nothing can be found of what happened mostly while nothing was reported. */
const isMeasured = (voltage: Float64Array): boolean =>
  voltage.filter((one) => !Number.isNaN(one)).length > voltage.length / 2

function gap(random: Random, days: number) {
  const from = Math.floor(between(random, 0, days * DAY))
  return { from, to: from + Math.floor(between(random, 20, 10 * HOUR)) }
}

function openings(truths: Truth[], random: Random, days: number) {
  return Array.from({ length: 4 }, () => gap(random, days)).filter(
    ({ from, to }) => !truths.some((one) => from < one.to + DAY && to > one.from - DAY),
  )
}

function faultsOf(
  machine: Machine,
  voltage: Float64Array,
  rated: number,
  random: Random,
  days: number,
): Truth[] {
  const { faults } = machine
  const truths: Truth[] = []
  const chosen = [...faults].sort(() => random() - 0.5).slice(0, 1 + Math.floor(random() * 3))
  if (chosen.includes('trend')) chosen.splice(0, chosen.length, 'trend')
  const room = (days - FIRST) / chosen.length
  chosen.forEach((fault, i) => {
    // Each in its own stretch of time, with days in between.
    const begin = (FIRST + i * room + between(random, 0, room * 0.4)) * DAY
    const span = inject(fault, machine, voltage, rated, random, Math.floor(begin))
    if (span) truths.push({ kind: KINDS[fault], ...span })
  })
  return truths
}

const LENGTHS: Record<FaultName, [number, number]> = {
  more: [6 * HOUR, 48 * HOUR],
  less: [6 * HOUR, 48 * HOUR],
  standby: [20 * HOUR, 72 * HOUR],
  stopped: [2 * HOUR, 10 * HOUR],
  trend: [32 * DAY, 40 * DAY],
  voltage: [20, 3 * HOUR],
  'near-rating': [20, 90],
}

function inject(
  fault: FaultName,
  { power, running }: Machine,
  voltage: Float64Array,
  rated: number,
  random: Random,
  earliest: number,
): { from: number; to: number } | undefined {
  const begin =
    fault === 'trend' || fault === 'voltage'
      ? earliest
      : stretchFrom(power, earliest, (mean) =>
          fault === 'standby' ? mean < running * 0.05 : mean > running * 0.15,
        )
  if (begin === undefined) return undefined
  const from = begin + WELL_BEFORE
  const to = Math.min(power.length, from + Math.floor(between(random, ...LENGTHS[fault])))
  const size = random()
  const [up, extra] = [1.7 + size, 90 + running * (0.04 + 0.4 * size)]
  const off = (random() < 0.5 ? -1 : 1) * (0.125 + 0.05 * size)
  for (let i = from; i < to; i++) {
    const now = power[i]!
    if (fault === 'more') power[i] = now * up
    else if (fault === 'less') power[i] = now * 0.3
    else if (fault === 'standby') power[i] = now < running * 0.2 ? now + extra : now
    else if (fault === 'stopped') power[i] = 3 * random()
    else if (fault === 'trend') power[i] = now * (1 + ((0.35 + 0.3 * size) * (i - from)) / (to - from))
    else if (fault === 'voltage') voltage[i] = 220 * (1 + off) + (random() - 0.5)
    else power[i] = rated * voltage[i]! * (0.93 + 0.05 * size)
  }
  return { from, to }
}

/** The first minute from which on four hours are all so. */
function stretchFrom(
  power: Float64Array,
  earliest: number,
  isSo: (mean: number) => boolean,
): number | undefined {
  const hours = [0, 1, 2, 3]
  for (let at = earliest; at < Math.min(power.length, earliest + 7 * DAY); at += 7) {
    const all = hours.every((hour) => {
      const some = power.subarray(at + hour * HOUR, at + (hour + 1) * HOUR)
      return isSo(some.reduce((sum, one) => sum + one, 0) / 60)
    })
    if (all && isSo(power.subarray(at, at + 6).reduce((sum, one) => sum + one, 0) / 6)) return at
  }
  return undefined
}
