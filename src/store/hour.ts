import { extended, join, type Summary, summarise } from '../domain/summary.ts'
import { mergeSamples, type Sample } from './sample.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** The beginning of the span that a time lies in. */
export function startOf(at: number, span: number): number {
  return Math.floor(at / span) * span
}

/**
 * What is kept of one breaker in one hour, beside the samples that have come lately. While it is young all samples
 * are there; later the minutes are in their place, and at last the hour alone.
 */
export interface Hour {
  device: string
  start: number
  samples?: Sample[]
  minutes?: Summary[]
  /** Absent where nothing is kept. */
  whole?: Summary
}

/**
 * The hour with samples added to it, whenever they come: as long as all of its samples are there its summaries are made
 * anew from them, so the order makes no difference; afterwards they are joined to it as well as that can be done.
 * @param late of that hour, in order of time, at least one
 */
export function withSamples(hour: Hour, late: readonly Sample[]): Hour {
  const { device, start } = hour
  if (!hour.samples && (hour.whole || hour.minutes)) {
    const minutes = new Map(hour.minutes?.map((minute) => [minute.start, minute]))
    for (const minute of summariesOf(late, MINUTE)) {
      const known = minutes.get(minute.start)
      const ofIt = late.filter(({ at }) => startOf(at, MINUTE) === minute.start)
      minutes.set(minute.start, known ? ofIt.reduce(withLate, known) : minute)
    }
    return {
      ...hour,
      minutes: [...minutes.values()].sort((a, b) => a.start - b.start),
      whole: late.reduce(withLate, hour.whole ?? joined(hour.minutes ?? [], HOUR, start)),
    }
  }
  const samples = mergeSamples(hour.samples ?? [], late)
  return { device, start, samples, whole: summarise(device, start, HOUR, samples) }
}

/**
 * The hour as a whole with samples added to it, as {@link withSamples} has it. The others of it are read only where some of
 * these lie among them.
 * @param late of that hour, in order of time, at least one
 */
export function wholeWith(
  { device, start, whole }: Pick<Hour, 'device' | 'start' | 'whole'>,
  late: readonly Sample[],
  samples: () => Sample[] | undefined,
): Summary {
  if (whole && late[0]!.at > whole.lastAt) return extended(whole, late)
  const others = samples()
  return withSamples({ device, start, ...(others && { samples: others }), ...(whole && { whole }) }, late)
    .whole!
}

/** @param summaries in order of time, at least one, all within the span */
export function joined(summaries: readonly Summary[], span: number, start: number): Summary {
  const first = { ...summaries[0]!, span, start }
  return summaries.slice(1).reduce((sum, one) => join(sum, one, span, start), first)
}

/** The hours of a day, one of them as it is now. */
export function withHour(hours: readonly Summary[], whole: Summary): Summary[] {
  const others = hours.filter(({ start }) => start !== whole.start)
  return [...others, whole].sort((a, b) => a.start - b.start)
}

/** Its minutes, as far as they can be told. */
export function minutesOf(hour: Hour): Summary[] {
  return hour.samples ? summariesOf(hour.samples, MINUTE) : (hour.minutes ?? [])
}

/** @param samples of one breaker, in order of time */
export function summariesOf(samples: readonly Sample[], span: number): Summary[] {
  return byStart(samples, span).map(([start, some]) => summarise(some[0]!.device, start, span, some))
}

/** Samples in order of time, those of each span together. */
export function byStart(samples: readonly Sample[], span: number): [start: number, Sample[]][] {
  return [...Map.groupBy(samples, ({ at }) => startOf(at, span))]
}

/** A summary with a sample that came when those it was made of were gone. */
function withLate(summary: Summary, sample: Sample): Summary {
  const { device, start, span } = summary
  return join(summary, summarise(device, start, span, [sample]), span, start)
}
