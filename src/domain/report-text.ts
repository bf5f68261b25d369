import { dateTime, type Message, message, span } from './message.ts'
import { kilowattHours, money, power } from './reading-text.ts'
import { type BreakerUse, costsOf, type Paid, type ReportFacts, totalOf } from './report-facts.ts'
import { awayLine, tripLine } from './report-happening-text.ts'
import { hoursOf, more, short } from './report-words.ts'

/** Below this, per cent, a change is none. */
const SAME = 1

/**
 * A report in lines, the abnormal first, the greatest first. Of each list `most` are told, then how many more there are.
 */
export function reportLines(facts: ReportFacts, most: number): Message[] {
  return [
    ...headLines(facts),
    totalLine(facts),
    ...abnormalLines(facts, most),
    ...breakerLines(facts, most),
    ...peakLine(facts),
    tripLine(facts, most),
    ...awayLine(facts, most),
    ...silentLine(facts, most),
    ...countingLine(facts),
  ]
}

/** «night 日报 · 2026-11-26». */
export function reportTitle({ room, every, days }: ReportFacts): Message {
  const { first, last } = days
  const period = { day: first, week: `${first} – ${last}`, month: first.slice(0, 7) }[every]
  return message(`report.title-${every}`, { room: short(room), period })
}

function headLines(facts: ReportFacts): Message[] {
  const { late, missed, soFar, every } = facts
  return [
    message('report.heading', { title: reportTitle(facts) }),
    ...(soFar === undefined ? [] : [message('report.so-far', { at: dateTime(soFar) })]),
    ...(late === undefined ? [] : [message('report.late', { at: dateTime(late) })]),
    ...(missed
      ? [message('report.missed', { ...missed, line: message(`report.ask-${every}`, { day: missed.last }) })]
      : []),
  ]
}

function totalLine({ breakers, usual, soFar }: ReportFacts): Message {
  const kwh = totalOf(breakers)
  if (kwh === undefined) return message('report.no-readings')
  const parts = [
    message('report.kwh', { kwh: kilowattHours(kwh) }),
    // A part of a period is not to be held against whole ones.
    ...(soFar === undefined ? [compared(kwh, usual)] : []),
    ...costsOf(breakers).map(costOf),
  ]
  return message('report.total', { parts })
}

/** «比平常多 12%（平常 8.10 kWh）». */
function compared(kwh: number, usual: number | undefined): Message {
  if (usual === undefined) return message('report.no-usual')
  const values = { usual: kilowattHours(usual), percent: percentOf(kwh, usual) }
  return message(`report.${changeOf(kwh, usual)}`, values)
}

const percentOf = (kwh: number, usual: number): number =>
  usual > 0 ? Math.round(Math.abs(kwh / usual - 1) * 100) : 100

function changeOf(kwh: number, usual: number): 'more' | 'less' | 'same' {
  if (percentOf(kwh, usual) < SAME || Math.abs(kwh - usual) < 0.005) return 'same'
  return kwh > usual ? 'more' : 'less'
}

const costOf = (paid: Paid): Message => message('report.cost', { cost: money(paid) })

function abnormalLines({ abnormal }: ReportFacts, most: number): Message[] {
  if (abnormal.length === 0) return []
  const lines = abnormal
    .slice(0, most)
    .map(({ what, reason }) =>
      message('report.abnormal-line', { what: typeof what === 'string' ? short(what) : what, reason }),
    )
  return [message('report.abnormal', { count: abnormal.length }), ...lines, ...more(abnormal.length - most)]
}

function breakerLines({ breakers, every, ago }: ReportFacts, most: number): Message[] {
  const ranked = measured(breakers).sort((a, b) => b.kwh - a.kwh)
  if (ranked.length < 2) return []
  const total = totalOf(ranked) ?? 0
  const lines = ranked.slice(0, most).map((one, index) => breakerLine(one, index + 1, total))
  const rest = ranked.slice(most)
  const left = { count: rest.length, kwh: kilowattHours(totalOf(rest) ?? 0) }
  const line = ago > 1 ? undefined : message(`report.rank-${ago === 1 ? 'last' : 'this'}-${every}`)
  const others = line
    ? message('report.more-breakers', { ...left, line })
    : message('report.other-breakers', left)
  return [message('report.breakers'), ...lines, ...(rest.length > 0 ? [others] : [])]
}

type Measured = BreakerUse & { kwh: number }
const measured = (breakers: readonly BreakerUse[]): Measured[] =>
  breakers.filter((one): one is Measured => one.kwh !== undefined)

function breakerLine(
  { name, kwh, usual, cost, isEstimated }: Measured,
  rank: number,
  total: number,
): Message {
  const percent = total > 0 ? Math.round((kwh / total) * 100) : 0
  const change = usual === undefined ? 'same' : changeOf(kwh, usual)
  const parts = [
    message('report.share', { kwh: kilowattHours(kwh), percent }),
    ...(change === 'same' ? [] : [message(`report.${change}-short`, { percent: percentOf(kwh, usual!) })]),
    ...(cost ? [costOf(cost)] : []),
    ...(isEstimated ? [message('report.part-estimated')] : []),
  ]
  return message('report.breaker', { rank, breaker: short(name), parts })
}

function peakLine({ peak, every }: ReportFacts): Message[] {
  if (!peak) return []
  const when = span(peak.from, peak.to, every === 'day' ? 'time' : 'date-time')
  return [message('report.peak', { load: power(peak.watts), span: when })]
}

function silentLine({ breakers }: ReportFacts, most: number): Message[] {
  const silent = breakers.filter(({ kwh }) => kwh === undefined)
  if (silent.length === 0 || silent.length === breakers.length) return []
  const names = silent.slice(0, most).map(({ name }) => message('report.name', { name: short(name) }))
  return [
    message('report.silent', { count: silent.length, names: [...names, ...more(silent.length - most)] }),
  ]
}

/** How the numbers came about, where not all of them are differences of counters. */
function countingLine({ breakers }: ReportFacts): Message[] {
  const known = measured(breakers)
  const byPower = known.filter(({ by }) => by === 'power' || by === 'both').length
  const estimated = known.filter((one) => one.isEstimated).length
  const gaps = known.filter((one) => one.missing > 0)
  const longest = Math.max(0, ...gaps.map((one) => one.missing))
  const parts = [
    ...(byPower > 0 ? [message('report.by-power', { count: byPower })] : []),
    ...(estimated > 0 ? [message('report.estimated', { count: estimated })] : []),
    ...(gaps.length > 0
      ? [message('report.missing', { count: gaps.length, longest: hoursOf(longest) })]
      : []),
  ]
  return parts.length > 0 ? [message('report.counting', { parts })] : []
}
