import { abnormalOf } from '../../../src/domain/abnormal/abnormal.ts'
import type { Draw } from '../../../src/domain/abnormal/draw.ts'
import type { Sight } from '../../../src/domain/abnormal/finding.ts'
import { USUAL_DRAW_RULES } from '../../../src/domain/abnormal/rules.ts'
import { LEARNED_FROM, usualOf } from '../../../src/domain/abnormal/usual.ts'
import { DAY, HOUR, MINUTE } from '../../../src/domain/local-time.ts'

export { DAY, HOUR, MINUTE }

/** Wednesday, 10:00 in Shanghai. */
export const NOW = Date.parse('2026-06-10T10:00:00+08:00')
export const ZONE = 'Asia/Shanghai'
export const RULES = USUAL_DRAW_RULES

/** The hour of the day in Shanghai, and the day of the week: 0 is Monday. */
export const hourAt = (at: number): number => new Date(at + 8 * HOUR).getUTCHours()
export const dayAt = (at: number): number => (new Date(at + 8 * HOUR).getUTCDay() + 6) % 7

/** Draws from a time to another, as a function says; undefined: nothing is known. */
export function draws(
  from: number,
  to: number,
  span: number,
  powerAt: (at: number) => number | undefined,
): Draw[] {
  return Array.from({ length: Math.round((to - from) / span) }, (_, i) => from + i * span).flatMap((at) => {
    const power = powerAt(at)
    return power === undefined ? [] : [{ at, power, peak: power }]
  })
}

/** What is known of a breaker that drew so, from eight weeks before until now. */
export function sightOf(powerAt: (at: number) => number | undefined, more: Partial<Sight> = {}): Sight {
  const { now = NOW, rules = RULES, timezone = ZONE } = more
  const history = draws(now - LEARNED_FROM, now - 2 * DAY, HOUR, powerAt)
  return {
    breaker: 'b',
    ...{ now, timezone, rules },
    usual: usualOf(history, timezone, rules),
    hours: draws(now - 2 * DAY, now, HOUR, powerAt),
    minutes: draws(now - HOUR, now, MINUTE, powerAt),
    contacts: { isClosed: true, since: 0 },
    nominalVoltage: 220,
    accepted: [],
    standing: [],
    ...more,
  }
}

export const kindsIn = (sight: Sight): string[] =>
  abnormalOf(sight).begun.map(({ kind, side }) => `${kind} ${side}`)
