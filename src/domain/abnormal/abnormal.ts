import { DAY } from '../local-time.ts'
import { judgeStandby, judgeUnusual } from './by-hour.ts'
import { judgeNearRating, judgeVoltage } from './by-minute.ts'
import { type EndOf, type Finding, type Sight, standingOf, type Verdict } from './finding.ts'
import { judgeTrend } from './rising.ts'
import { DRAW_KINDS, type DrawKind } from './rules.ts'
import { judgeStopped } from './stopped.ts'

/** What has become abnormal, and what is so no more. */
export interface Abnormal {
  begun: Finding[]
  ended: { kind: DrawKind; why: EndOf }[]
}

const JUDGES: Record<DrawKind, (sight: Sight) => Verdict> = {
  stopped: judgeStopped,
  unusual: judgeUnusual,
  standby: judgeStandby,
  trend: judgeTrend,
  voltage: judgeVoltage,
  'near-rating': judgeNearRating,
}

/**
 * What is held against the usual becomes the usual when nobody has minded for so long, ms: by then half of that time counts
 * among what is learned from (`COUNTS_AFTER`). A trend is said to have begun weeks before it was found.
 */
const BECOMES_USUAL: Partial<Record<DrawKind, number>> = {
  unusual: 28 * DAY,
  standby: 28 * DAY,
  stopped: 28 * DAY,
  trend: 84 * DAY,
}

/**
 * What of a breaker's draw has become abnormal, and what has ended. It begins when it has lasted, ends when it has been well
 * for as long; what is not known is evidence of neither.
 */
export function abnormalOf(sight: Sight): Abnormal {
  const found: Abnormal = { begun: [], ended: [] }
  // That it stopped is said before that it draws less, which then is not said.
  for (const kind of ['stopped', ...DRAW_KINDS.filter((one) => one !== 'stopped')] as DrawKind[]) {
    const standing = [...sight.standing, ...found.begun]
    if (sight.rules.kinds[kind]) {
      const { begins, ends = becomesUsual(sight, kind) } = JUDGES[kind]({ ...sight, standing })
      if (begins) found.begun.push(begins)
      if (ends) found.ended.push(ends)
    } else if (standing.some((one) => one.kind === kind)) found.ended.push({ kind, why: 'off' })
  }
  return found
}

function becomesUsual(sight: Sight, kind: DrawKind): Verdict['ends'] {
  const standing = standingOf(sight, kind)
  const after = BECOMES_USUAL[kind]
  return standing && after !== undefined && sight.now - standing.since >= after
    ? { kind, why: 'usual' }
    : undefined
}
