import type { AlarmFacts } from '../alarm.ts'
import { dateTime, lasting, type Message, type MessageKey, message, minutesOf } from '../message.ts'
import type { BreakerConfig } from '../policy.ts'
import { chartOf } from './chart.ts'
import type { EndOf, Finding, Sight } from './finding.ts'

type TitleKey = Extract<MessageKey, `draw.title-${string}`>
type AdviceKey = Extract<MessageKey, `draw.advice-${string}`>

/** The alarm that a finding is: what, since when, held against what, and what to do. */
export function drawFacts(config: BreakerConfig, finding: Finding, sight: Sight): AlarmFacts {
  const { id: breaker, name, room, site } = config
  const { kind, since } = finding
  return {
    kind: 'draw',
    ...{ room, site, breaker, finding },
    severity: sight.rules.kinds[kind] ?? 'info',
    title: message(titleOf(finding), { breaker: name }),
    notes: [
      message('draw.since', { since: dateTime(since), lasts: lasting(Math.max(0, sight.now - since)) }),
      evidenceOf(finding),
      message(adviceOf(finding)),
    ],
    chart: chartOf(finding, sight, name),
  }
}

function titleOf({ kind, side }: Finding): TitleKey {
  if (kind === 'unusual') return side === 'more' ? 'draw.title-more' : 'draw.title-less'
  if (kind === 'voltage') return side === 'more' ? 'draw.title-high-voltage' : 'draw.title-low-voltage'
  return `draw.title-${kind}`
}

function adviceOf({ kind, side }: Finding): AdviceKey {
  if (kind === 'unusual') return side === 'more' ? 'draw.advice-more' : 'draw.advice-less'
  return `draw.advice-${kind}`
}

/** What was measured, and what it is held against. */
export function evidenceOf({
  kind,
  value,
  low = 0,
  middle = 0,
  high = 0,
  known = 0,
  pause = 0,
}: Finding): Message {
  switch (kind) {
    case 'unusual':
      return message('draw.evidence-unusual', {
        ...{ value: watts(value), low: watts(low), high: watts(high), middle: watts(middle), hours: known },
      })
    case 'standby':
      return message('draw.evidence-standby', { value: watts(value), high: watts(high), hours: known })
    case 'stopped': {
      const before = { before: watts(middle) }
      return pause > 0
        ? message('draw.evidence-stopped-pause', { ...before, pause: minutesOf(pause) })
        : message('draw.evidence-stopped', before)
    }
    case 'trend':
      return message('draw.evidence-trend', {
        ...{ base: watts(middle), value: watts(value), days: known },
        percent: Math.round((value / middle - 1) * 100),
      })
    case 'voltage':
      return message('draw.evidence-voltage', { value: tenth(value), low: tenth(low), high: tenth(high) })
    case 'near-rating':
      return message('draw.evidence-near-rating', { value: tenth(value), high: tenth(high) })
  }
}

const tenth = (value: number): number => Math.round(value * 10) / 10

/** «850 W», «2.4 kW». */
const watts = (value: number): string =>
  value < 1000 ? `${Math.round(value)} W` : `${(value / 1000).toFixed(2).replace(/\.?0+$/, '')} kW`

/** How it ended. */
export const endOf = (why: EndOf | 'muted'): Message => message(`draw.over-${why}`)
