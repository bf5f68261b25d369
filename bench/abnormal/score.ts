import { DRAW_KINDS, type DrawKind } from '../../src/domain/abnormal/rules.ts'
import { type Played, play, type Truth } from './faults.ts'
import { MAKES, randomFrom } from './machines.ts'
import { type Said, watch } from './watch.ts'

/** So long after the end of what was wrong it may still be said, minutes: hours are looked at when they are over. */
const LATER: Record<DrawKind, number> = {
  unusual: 120,
  standby: 120,
  stopped: 15,
  trend: 7 * 1440,
  voltage: 15,
  'near-rating': 15,
}

export interface Score {
  faults: number
  found: number
  alarms: number
  right: number
  /** Rightly said of something that is wrong, by another name. */
  besides: number
}

export type Scores = Record<DrawKind, Score> & { all: Score }

const none = (): Score => ({ faults: 0, found: 0, alarms: 0, right: 0, besides: 0 })

const fits = (truth: Truth, said: Said): boolean =>
  said.at >= truth.from && said.at <= truth.to + LATER[said.kind]

/**
 * A fault is found when an alarm of its kind is raised while it goes on, or within {@link LATER}. An alarm is right if it is
 * the first that finds a fault; a second one of the same fault is wrong. One of another kind, raised while a fault goes on,
 * is neither, the first time.
 */
export function score(fleet: { played: Played; said: Said[] }[]): Scores {
  const scores = Object.fromEntries([...DRAW_KINDS, 'all'].map((kind) => [kind, none()])) as Scores
  for (const { played, said } of fleet) {
    const found = new Set<Truth>()
    const alluded = new Set<string>()
    for (const one of said) {
      const own = played.truths.find((truth) => truth.kind === one.kind && fits(truth, one))
      const other = own ? -1 : played.truths.findIndex((truth) => fits(truth, one))
      const isBesides = other >= 0 && !alluded.has(`${other}${one.kind}`)
      alluded.add(`${other}${one.kind}`)
      for (const sum of [scores[one.kind], scores.all]) {
        if (isBesides) sum.besides++
        else sum.alarms++
        if (own && !found.has(own)) sum.right++
      }
      if (own) found.add(own)
    }
    for (const truth of played.truths)
      for (const sum of [scores[truth.kind], scores.all]) {
        sum.faults++
        if (found.has(truth)) sum.found++
      }
  }
  return scores
}

export const precision = ({ alarms, right }: Score): number => (alarms === 0 ? 1 : right / alarms)
export const recall = ({ faults, found }: Score): number => (faults === 0 ? 1 : found / faults)

/** A fleet of so many machines of each make, watched for so many days. */
export function fleet(seed: number, each: number, days = 84): { played: Played; said: Said[] }[] {
  return MAKES.flatMap((make, kind) =>
    Array.from({ length: each }, (_, i) => {
      const random = randomFrom(seed * 1_000_003 + kind * 1009 + i)
      const played = play(make(random, days), random, days)
      return { played, said: watch(played) }
    }),
  )
}
