import { DAY, HOUR } from '../local-time.ts'
import type { Draw } from './draw.ts'
import type { DrawKind } from './rules.ts'

/** When something was abnormal, or the contacts stood open: what was drawn then is not usual. */
export interface Episode {
  kind: DrawKind | 'opened'
  /** ms. */
  since: number
  /** Absent: it stands. */
  until?: number
}

/** What was abnormal longer ago counts: once is not usual anyway, and what happens again and again is. ms */
const COUNTS_AFTER = 14 * DAY
const SPOILS: readonly Episode['kind'][] = ['unusual', 'standby', 'stopped']

/** What may be learned from: hours or minutes in which nothing was wrong. */
export function withoutEpisodes(draws: readonly Draw[], episodes: readonly Episode[], now: number): Draw[] {
  const spoilt = episodes.flatMap(({ kind, since, until = now }) => {
    if (kind === 'opened') return [{ from: since, until }]
    const from = Math.max(since, now - COUNTS_AFTER)
    return SPOILS.includes(kind) && until > from ? [{ from, until }] : []
  })
  // An hour or minute in which it began is spoilt as well.
  return draws.filter(({ at }) => !spoilt.some(({ from, until }) => at > from - HOUR && at < until))
}
