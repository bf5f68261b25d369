const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Counters turn at midnight of China time, as the vendor's clock is said to be (our choice). */
const CHINA = 8 * HOUR
const hourOf = (at: number) => Math.floor(at / HOUR)
const dayOf = (at: number) => Math.floor((at + CHINA) / DAY)
const dayOfHour = (hour: number) => dayOf(hour * HOUR)

/** The counters that `query` asks for and `clear` wipes (documented names). */
export const COUNTERS = ['today', 'amount', 'total', 'days', 'hours'] as const
export type Counter = (typeof COUNTERS)[number]

/** A meter's counters, kWh. */
export interface EnergyMeter {
  /** Counts a load that has flowed since the last call. A clock set back counts nothing. */
  flow(now: number, kilowatts: number): void
  /** `days`: the past three days, `hours`: the past six hours, oldest first; the others one number. */
  read(counter: Counter, now: number): number | number[]
  clear(counter: Counter | 'all', now: number): void
}

/** @param counted what `total` shows at the start, kWh */
export function createEnergyMeter(startedAt: number, counted = 0): EnergyMeter {
  const hours = new Map<number, number>()
  let flowedUntil = startedAt
  let amount = 0
  let total = counted

  const sum = (belongs: (hour: number) => boolean) =>
    [...hours].reduce((kwh, [hour, value]) => (belongs(hour) ? kwh + value : kwh), 0)
  const today = (now: number) => sum((hour) => dayOfHour(hour) === dayOf(now))

  function add(hour: number, kwh: number): void {
    hours.set(hour, (hours.get(hour) ?? 0) + kwh)
    amount += kwh
    total += kwh
  }

  function wipe(counter: Counter, now: number): void {
    if (counter === 'amount') amount = 0
    if (counter === 'total') total = 0
    for (const hour of [...hours.keys()]) {
      const isToday = dayOfHour(hour) === dayOf(now)
      const wiped =
        (counter === 'today' && isToday) ||
        (counter === 'days' && !isToday) ||
        (counter === 'hours' && hour > hourOf(now) - 6)
      if (wiped) hours.delete(hour)
    }
  }

  return {
    flow(now, kilowatts) {
      while (flowedUntil < now) {
        const hour = hourOf(flowedUntil)
        const until = Math.min(now, (hour + 1) * HOUR)
        add(hour, (kilowatts * (until - flowedUntil)) / HOUR)
        flowedUntil = until
      }
      flowedUntil = now
      for (const hour of hours.keys()) if (dayOfHour(hour) < dayOf(now) - 3) hours.delete(hour)
    },
    read(counter, now) {
      if (counter === 'amount') return amount
      if (counter === 'total') return total
      if (counter === 'today') return today(now)
      if (counter === 'days')
        return [3, 2, 1].map((ago) => sum((hour) => dayOfHour(hour) === dayOf(now) - ago))
      return [6, 5, 4, 3, 2, 1].map((ago) => hours.get(hourOf(now) - ago) ?? 0)
    },
    clear(counter, now) {
      for (const one of counter === 'all' ? COUNTERS : [counter]) wipe(one, now)
    },
  }
}
