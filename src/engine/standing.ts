import { ALARM_CARD, type Alarm } from '../domain/alarm.ts'
import { type Escalating, TOLD_NOBODY, type Told } from '../domain/escalation.ts'
import { causeName, type Incident } from '../domain/incident.ts'
import { type Message, message } from '../domain/message.ts'
import { circuitTitle } from '../domain/policy.ts'
import { SEVERITIES, type Severity, severityOf } from '../domain/severity.ts'
import { hushFor } from '../domain/window.ts'
import { arrangedPolicy } from './arrangements.ts'
import { getAlarm, getIncident, type Lookup, type Parts, roomSubject } from './parts.ts'
import type { AlarmRef } from './work.ts'

/** An alarm, a breaker's or another, as those are told of it who are called. */
export interface Standing {
  ref: AlarmRef
  room: string
  severity: Severity
  openedAt: number
  status: Escalating['status']
  owner?: string
  /** «过载跳闸 · 3号增氧机». */
  title: Message
  /** What is wrong, in a word or two. */
  cause: Message | string
  /** The site, or the room. */
  where: string
  told: Told
  /** The storm on whose card it stands. */
  storm?: string
  /** It is a drill: nothing is the matter. */
  isDrill?: true
  /** For templates and programs, in no language. */
  facts: Record<string, string>
}

/** What the audit has it under. */
export const subjectOf = ({ ref, room }: Standing): string =>
  ref.breaker === ALARM_CARD ? roomSubject(room) : ref.breaker

/** So many open ones are looked through. */
const MOST = 1000

/** What nobody has acknowledged and calls people, worst and oldest first. No drill: it is told of by itself. */
export async function unanswered(
  parts: Parts,
  lookup: Lookup,
  isMeant: (standing: Standing) => boolean,
): Promise<Standing[]> {
  const [incidents, alarms] = await Promise.all([
    parts.store.list<Incident>({ kind: 'incident', open: true, limit: MOST }),
    parts.store.list<Alarm>({ kind: 'alarm', open: true, limit: MOST }),
  ])
  // While a window keeps it quiet, no step has been taken.
  const calling = ({ status, escalation }: Escalating) =>
    status === 'open' && escalation?.stage === 'running' && escalation.reached >= 0
  const all = [
    ...incidents.flatMap(({ value }) => (calling(value) ? (standingOfIncident(lookup, value) ?? []) : [])),
    ...alarms.flatMap(({ value }) =>
      calling(value) && value.kind !== 'drill' ? [standingOfAlarm(value)] : [],
    ),
  ]
  const { windows } = await arrangedPolicy(parts)
  const isHushed = (one: Standing) =>
    hushFor(windows, placeOf(one), one.severity, parts.now(), lookup.zone(one.room))
  return all
    .filter((one) => isMeant(one) && !isHushed(one))
    .sort((a, b) => rank(b) - rank(a) || a.openedAt - b.openedAt)
}

const placeOf = ({ room, facts }: Standing) => ({
  room,
  site: facts.site ?? '',
  breaker: facts.breakerId ?? '',
})

const rank = ({ severity }: Standing): number => SEVERITIES.indexOf(severity)

/** One of them, however it stands; undefined when it, or its breaker, is gone. */
export async function standingOf(
  { store }: Parts,
  lookup: Lookup,
  { breaker, id }: AlarmRef,
): Promise<Standing | undefined> {
  if (breaker === ALARM_CARD) {
    const alarm = await getAlarm(store, id)
    return alarm && standingOfAlarm(alarm.value)
  }
  const incident = await getIncident(store, id)
  return incident && standingOfIncident(lookup, incident.value)
}

/** Undefined where its breaker is not configured any more. */
export function standingOfIncident(lookup: Lookup, incident: Incident): Standing | undefined {
  const config = lookup.breaker(incident.breaker)
  if (!config) return undefined
  const { id, cause, raw, circuit, openedAt, status, owner, storm, escalation } = incident
  const breaker = circuitTitle(config, circuit)
  const word = causeName({ cause, ...(raw !== undefined && { raw }) })
  const severity = severityOf(incident)
  return {
    ref: { breaker: config.id, id },
    room: config.room,
    severity,
    openedAt,
    status,
    ...(owner && { owner: owner.person }),
    title: message('card.trip', { cause: word, breaker }),
    cause: word,
    where: config.site,
    told: escalation?.told ?? TOLD_NOBODY,
    ...(storm && { storm: storm.id }),
    facts: {
      ...{ kind: 'incident', id, breaker, breakerId: config.id, circuit, site: config.site },
      ...{ room: config.room, cause, severity, openedAt: new Date(openedAt).toISOString() },
    },
  }
}

export function standingOfAlarm(alarm: Alarm): Standing {
  const { id, kind, room, site, breaker, severity, openedAt, status, owner, title, escalation } = alarm
  return {
    ref: { breaker: ALARM_CARD, id },
    ...{ room, severity, openedAt, status, title, cause: title },
    ...(owner && { owner: owner.person }),
    where: site ?? room,
    told: escalation?.told ?? TOLD_NOBODY,
    ...(kind === 'drill' && { isDrill: true }),
    facts: {
      ...{ kind, id, room, severity, cause: kind, openedAt: new Date(openedAt).toISOString() },
      ...(site !== undefined && { site }),
      ...(breaker !== undefined && { breakerId: breaker }),
    },
  }
}
