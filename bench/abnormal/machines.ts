/** Machines as they run where nothing is wrong: W by minute of local time, which is UTC here. */

const MINUTES_A_DAY = 1440

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
export type Random = () => number
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random()

/** Spread normally, of mean 0 and deviation 1. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export interface Machine {
  name: string
  /** W while it runs. */
  running: number
  /** W of each minute from the beginning, a Monday in March, on. */
  power: Float64Array
  /** What may go wrong with it. */
  faults: FaultName[]
}

export type FaultName = 'more' | 'less' | 'standby' | 'stopped' | 'trend' | 'voltage' | 'near-rating'

type Make = (random: Random, days: number) => Machine

/** Each minute of each day. */
function fill(days: number, powerAt: (day: number, minute: number) => number): Float64Array {
  const power = new Float64Array(days * MINUTES_A_DAY)
  for (let i = 0; i < power.length; i++)
    power[i] = Math.max(0, powerAt(Math.floor(i / MINUTES_A_DAY), i % MINUTES_A_DAY))
  return power
}

const perDay = (days: number, draw: () => number): number[] => Array.from({ length: days + 1 }, draw)
const isWeekend = (day: number): boolean => day % 7 >= 5

/** Runs from 22:00 to 06:00 and at noon, by its own clock; longer as the water warms. */
const aerator: Make = (random, days) => {
  const running = between(random, 1100, 3000)
  const early = perDay(days, () => between(random, -12, 12))
  const late = perDay(days, () => between(random, -12, 12))
  const power = fill(days, (day, minute) => {
    const longer = day * 0.5
    const isOn =
      minute >= 1320 - longer + early[day]! ||
      minute < 360 + longer / 2 + late[day]! ||
      (minute >= 720 + early[day]! && minute < 840 + late[day]!)
    return isOn ? running * (1 + 0.03 * normal(random)) : 2 * random()
  })
  return {
    name: 'aerator',
    running,
    power,
    faults: ['more', 'less', 'standby', 'stopped', 'trend', 'voltage', 'near-rating'],
  }
}

/** On and off all day: `duty` says for how much of the time. */
function cycling(
  random: Random,
  days: number,
  running: (day: number) => number,
  duty: (day: number, minute: number) => number,
) {
  let isOn = false
  let left = 0
  return fill(days, (day, minute) => {
    if (left-- <= 0) {
      isOn = !isOn
      const cycle = between(random, 18, 34)
      const share = duty(day, minute)
      left = Math.round(cycle * (isOn ? share : 1 - share))
    }
    return isOn ? running(day) * (1 + 0.03 * normal(random)) : 5 * random()
  })
}

const compressor: Make = (random, days) => {
  const running = between(random, 2500, 7000)
  const power = cycling(
    random,
    days,
    () => running,
    (day, minute) => (minute >= 420 && minute < 1140 && !isWeekend(day) ? 0.62 : 0.3) + 0.05 * normal(random),
  )
  return {
    name: 'compressor',
    running,
    power,
    faults: ['more', 'less', 'stopped', 'trend', 'voltage', 'near-rating'],
  }
}

/** Runs more as the weather warms, by week and by day; a warm day is followed by another. */
const coldStore: Make = (random, days) => {
  const running = between(random, 2000, 6000)
  let weather = 0
  const warmth = perDay(days, () => {
    weather = 0.75 * weather + 3 * normal(random)
    return weather
  }).map((one, day) => one + day * 0.16)
  const power = cycling(
    random,
    days,
    (day) => running * (1 + 0.008 * warmth[day]!),
    (day, minute) =>
      0.4 + 0.012 * warmth[day]! + 0.08 * Math.sin(((minute - 540) / MINUTES_A_DAY) * 2 * Math.PI),
  )
  return { name: 'cold store', running, power, faults: ['more', 'less', 'stopped', 'voltage', 'near-rating'] }
}

/** Three meals a day in bursts, never quite at the same time. */
const feeder: Make = (random, days) => {
  const running = between(random, 350, 900)
  const shift = perDay(days, () => between(random, -15, 15))
  const power = fill(days, (day, minute) => {
    const isMeal = [430, 720, 1050].some(
      (meal) => minute >= meal + shift[day]! && minute < meal + 45 + shift[day]!,
    )
    return isMeal && minute % 3 !== 0 ? running * (1 + 0.1 * normal(random)) : 3 * random()
  })
  return { name: 'feeder', running, power, faults: ['standby', 'voltage'] }
}

/** From dusk, which moves with the season, to bedtime; switched by hand. */
const lights: Make = (random, days) => {
  const running = between(random, 500, 1500)
  const on = perDay(days, () => between(random, -20, 20))
  const off = perDay(days, () => between(random, -30, 30))
  const power = fill(days, (day, minute) => {
    const isOn = minute >= 1090 + day * 0.9 + on[day]! && minute < (isWeekend(day) ? 1410 : 1350) + off[day]!
    return isOn ? running * (1 + 0.01 * normal(random)) : random()
  })
  return { name: 'lights', running, power, faults: ['more', 'standby', 'voltage'] }
}

/** Three shifts from Monday 06:00 to Saturday 06:00, never twice the same load, with breaks. */
const lathe: Make = (random, days) => {
  const running = between(random, 4000, 8000)
  let load = 0
  let rests = 0
  const power = fill(days, (day, minute) => {
    const hour = (day % 7) * 24 + minute / 60
    load = 0.9 * load + 0.13 * normal(random)
    if (rests-- <= 0 && random() < 1 / 150) rests = Math.round(between(random, 5, 30))
    if (hour < 6 || hour >= 126) return 10 * random()
    return rests > 0 ? 350 + 30 * random() : running * Math.min(1.3, Math.max(0.3, 0.7 + load))
  })
  return { name: 'lathe', running, power, faults: ['standby', 'stopped', 'voltage', 'near-rating'] }
}

/** Closed at night and at weekends; something is always left on. */
const shop: Make = (random, days) => {
  const running = between(random, 3000, 8000)
  const base = between(random, 40, 80)
  const busy = perDay(days, () => 1 + 0.12 * normal(random))
  const power = fill(days, (day, minute) => {
    const isOpen = !isWeekend(day) && minute >= 480 && minute < 1080
    return isOpen ? running * busy[day]! * (0.7 + 0.1 * normal(random)) : base * (1 + 0.1 * normal(random))
  })
  return { name: 'shop', running, power, faults: ['more', 'standby', 'voltage'] }
}

/** Never off. */
const pump: Make = (random, days) => {
  const running = between(random, 1500, 4000)
  const power = fill(days, () => running * (1 + 0.02 * normal(random)))
  return {
    name: 'pump',
    running,
    power,
    faults: ['more', 'less', 'stopped', 'trend', 'voltage', 'near-rating'],
  }
}

export const MAKES: Make[] = [aerator, compressor, coldStore, feeder, lights, lathe, shop, pump]
