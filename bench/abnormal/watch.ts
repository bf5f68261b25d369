import { abnormalOf } from '../../src/domain/abnormal/abnormal.ts'
import { type Draw, drawOf } from '../../src/domain/abnormal/draw.ts'
import type { Finding, Sight } from '../../src/domain/abnormal/finding.ts'
import { type Episode, withoutEpisodes } from '../../src/domain/abnormal/history.ts'
import { type DrawRules, USUAL_DRAW_RULES } from '../../src/domain/abnormal/rules.ts'
import { mayHaveStopped, pauseOf } from '../../src/domain/abnormal/stopped.ts'
import { LEARNED_FROM, type Usual, usualOf } from '../../src/domain/abnormal/usual.ts'
import { DAY, HOUR, MINUTE } from '../../src/domain/local-time.ts'
import type { Summary } from '../../src/domain/summary.ts'
import type { Played } from './faults.ts'

/** Monday, 2026-03-02. */
export const BEGIN = Date.UTC(2026, 2, 2)
const TIMEZONE = 'UTC'
const LOOK = 5
/** How far back the pauses are looked at, and the minutes of a draw that is gone, ms. */
const [PAUSES, GONE] = [7 * DAY, 6 * HOUR]

/** What was said of a breaker, and when; minutes from the beginning. */
export interface Said {
  kind: Finding['kind']
  finding: Finding
  at: number
  since: number
  until?: number
}

/** Looks at a breaker every five minutes, as the engine does, with what it knew at each time. */
export function watch(played: Played, rules: DrawRules = USUAL_DRAW_RULES): Said[] {
  const hours = hoursOf(played)
  const minutes = Array.from(played.power, (_, i) => minuteOf(played, i))
  const said: Said[] = []
  const standing = new Map<string, { finding: Finding; said: Said }>()
  let usual: Usual | undefined
  let pause: { at: number; is: number } | undefined
  const stoodOpen = (now: number): Episode[] =>
    played.opened
      .filter(({ from }) => BEGIN + from * MINUTE < now)
      .map(({ from, to }) => ({
        kind: 'opened',
        since: BEGIN + from * MINUTE,
        until: Math.min(now, BEGIN + to * MINUTE),
      }))
  const episodes = (now: number): Episode[] => [
    ...stoodOpen(now),
    ...said.map(({ kind, since, until }) => ({
      kind,
      since: BEGIN + since * MINUTE,
      ...(until !== undefined && { until: BEGIN + until * MINUTE }),
    })),
  ]
  const recent = (now: number, back: number): Draw[] => {
    const end = (now - BEGIN) / MINUTE
    return minutes.slice(Math.max(0, end - back / MINUTE), end).filter((one) => one.voltage !== undefined)
  }

  for (let minute = LOOK; minute < minutes.length; minute += LOOK) {
    const now = BEGIN + minute * MINUTE
    if (minute % 1440 === LOOK) {
      const learned = hours.filter(({ at }) => at >= now - LEARNED_FROM && at + HOUR <= now)
      usual = usualOf(withoutEpisodes(learned, episodes(now), now), TIMEZONE, rules)
    }
    const isNewHour = minute % 60 === LOOK
    const sight: Sight = {
      breaker: played.name,
      now,
      timezone: TIMEZONE,
      rules,
      ...(usual && { usual }),
      hours: isNewHour ? hours.filter(({ at }) => at >= now - 2 * DAY && at + HOUR <= now) : [],
      minutes: recent(now, 20 * MINUTE),
      contacts: contactsAt(played, minute),
      ratedCurrent: played.ratedCurrent,
      nominalVoltage: 220,
      accepted: [],
      standing: [...standing.values()].map((one) => one.finding),
    }
    const stopping = mayHaveStopped(sight)
    if (stopping && usual && (!pause || now - pause.at > 7 * DAY))
      pause = {
        at: now,
        is: pauseOf(withoutEpisodes(recent(now, PAUSES), episodes(now), now), usual, TIMEZONE),
      }
    const isLong = stopping || standing.has('voltage') || standing.has('near-rating')
    const seen = isLong
      ? { ...sight, minutes: recent(now, GONE), ...(stopping && { pause: pause?.is ?? 0 }) }
      : sight
    const { begun, ended } = abnormalOf(seen)
    for (const finding of begun) {
      const one: Said = { kind: finding.kind, finding, at: minute, since: (finding.since - BEGIN) / MINUTE }
      said.push(one)
      standing.set(finding.kind, { finding, said: one })
    }
    for (const { kind } of ended) {
      standing.get(kind)!.said.until = minute
      standing.delete(kind)
    }
  }
  return said
}

function contactsAt({ opened }: Played, minute: number): Sight['contacts'] {
  const last = opened
    .filter(({ from }) => from <= minute)
    .sort((a, b) => a.from - b.from)
    .at(-1)
  if (!last) return { isClosed: true, since: BEGIN }
  return minute < last.to
    ? { isClosed: false, since: BEGIN + last.from * MINUTE }
    : { isClosed: true, since: BEGIN + last.to * MINUTE }
}

function minuteOf({ power, voltage, current }: Played, i: number): Draw {
  const at = BEGIN + i * MINUTE
  const [watts, volts, amperes] = [power[i]!, voltage[i]!, current[i]!]
  return {
    at,
    ...(!Number.isNaN(watts) && { power: watts, peak: watts }),
    ...(!Number.isNaN(volts) && { voltage: volts }),
    ...(!Number.isNaN(amperes) && { current: amperes }),
  }
}

/** The hours as they are summarised of one sample a minute. */
function hoursOf({ power }: Played): Draw[] {
  return Array.from({ length: power.length / 60 }, (_, hour) => {
    const samples = [...power.subarray(hour * 60, hour * 60 + 60)].flatMap((one, minute) =>
      Number.isNaN(one) ? [] : [{ at: BEGIN + (hour * 60 + minute) * MINUTE, power: one }],
    )
    return samples.length === 0 ? { at: BEGIN + hour * HOUR } : drawOf(summary(samples, BEGIN + hour * HOUR))
  })
}

function summary(samples: { at: number; power: number }[], start: number): Summary {
  const [first, last] = [samples[0]!, samples.at(-1)!]
  const milli = samples.map(({ power }) => Math.round(power * 1000))
  let [energy, covered] = [0, 0]
  samples.slice(1).forEach((one, i) => {
    const before = samples[i]!
    if (one.at - before.at > 5 * MINUTE) return
    covered += one.at - before.at
    energy += (((one.power + before.power) / 2) * (one.at - before.at)) / HOUR / 1000
  })
  return {
    device: '',
    start,
    span: HOUR,
    count: samples.length,
    firstAt: first.at,
    lastAt: last.at,
    power: {
      min: Math.min(...milli),
      max: Math.max(...milli),
      sum: milli.reduce((a, b) => a + b, 0),
      count: milli.length,
    },
    load: { first, last, energy, covered },
  }
}
