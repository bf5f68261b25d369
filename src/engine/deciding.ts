import type { BreakerState } from '../domain/breaker.ts'
import { circuitState } from '../domain/breaker.ts'
import { decide } from '../domain/decide.ts'
import type { Decision, Situation } from '../domain/decision.ts'
import type { BreakerEvent } from '../domain/event.ts'
import { type Incident, isHushed, isOpen } from '../domain/incident.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { nextShown, type Storm } from '../domain/storm.ts'
import type { Commit, Job, JobResult, NewJob, Sample, Versioned, Write } from '../store/store.ts'
import { clock, noteSpan } from '../tracing/trace.ts'
import { arrangedPolicy } from './arrangements.ts'
import { policyNow } from './control.ts'
import { followUp } from './follow-up.ts'
import { breakerKey, getBreaker, getIncident, incidentKey, type Lookup, type Parts } from './parts.ts'
import type { Origin } from './send-jobs.ts'
import { stormFor } from './storm-joining.ts'
import { memberWrite } from './storm-members.ts'
import { stormsOf } from './storm-state.ts'
import { tellDecision, underOneTrace } from './story.ts'

/** Tries before an event goes to the back of the line: conflicts are rare, for a breaker's events share a lane. */
const MAX_CONFLICTS = 5

interface Loaded extends Situation {
  versions: Map<string, number>
}

/** Asked once for an event, however often it is decided upon. */
export interface Joining {
  storm?: Promise<Storm | undefined>
}

export interface DecidingOptions {
  /** The chat whose press brings the new card with its answer. */
  answeredIn?: Origin['answeredIn']
  /** What more than the decision's own goes into its commit: an answer to a typed command, say. */
  extra?: (decision: Decision) => NewJob[]
  writes?: (decision: Decision) => Write[]
  samples?: Sample[]
  /** The event's own job, where it is decided upon as it comes in: tried once, for else it waits for its turn. */
  takes?: NewJob
  /** What became of asking which storm a new incident joins: each asking takes from the share of its site. */
  joining?: Joining
  /** Gets the decision once it is on disk. */
  decided?: (decision: Decision) => void
}

/**
 * Decides on one event of one breaker and commits everything that follows from it, the event's own job included,
 * as a whole.
 */
export async function decideAndCommit(
  parts: Parts,
  lookup: Lookup,
  job: Job,
  config: BreakerConfig,
  event: BreakerEvent,
  options: DecidingOptions = {},
): Promise<JobResult> {
  const { takes, joining = {} } = options
  for (let tried = 0; tried < (takes ? 1 : MAX_CONFLICTS); tried++) {
    const start = clock()
    const loaded = await load(parts, config, event)
    // Another policy may hold since: the breaker as it is in the one that decides.
    const present = lookup.breaker(config.id)
    if (!present) return { dead: `breaker ${config.id} is not configured any more` }
    const situation = { ...loaded, config: present }
    const { standing: storms, unseen } = await stormsOf(parts.store, loaded.incidents, present.room)
    const now = parts.now()
    // What breakers report does not hang on it; what people ask does.
    const policy = event.type === 'report' ? parts.policy : await policyNow(parts)
    let given = { policy, now, newId: parts.newId }
    const known = { standing: new Set(storms.keys()), unseen }
    let decision = decide(situation, event, { ...given, storms: known })
    if (event.type === 'report' && decision.incidents.length > 0) {
      // What is told of an incident hangs on what was set in chats; readings, the most of all reports, tell of none.
      given = { ...given, policy: await arrangedPolicy(parts) }
      if (given.policy !== policy) decision = decide(situation, event, { ...given, storms: known })
    }
    if (opensIncident(situation, decision)) {
      joining.storm ??= stormFor(parts, present, job.id)
      const storm = await joining.storm
      if (storm) {
        storms.set(storm.id, storm)
        const standing = new Set(storms.keys())
        decision = decide(situation, event, { ...given, storms: { standing, unseen, join: storm.id } })
      }
    }
    decision = underOneTrace(situation, decision, event)
    const origin: Origin = {
      job: job.id,
      now,
      askedAt: askedAt(job, event, now),
      isTold: ({ channel }) => parts.channels.get(channel)?.abilities.updateAnyTime === false,
      stormDue: (id) => {
        const storm = storms.get(id)
        return storm ? nextShown(storm, now) : now
      },
      ...(options.answeredIn && { answeredIn: options.answeredIn }),
    }
    const { jobs, cancel } = followUp(present, lookup.room(present.room), decision, origin)
    const commit: Commit = {
      writes: [
        ...writesOf(situation, decision),
        ...(await memberWrites(parts, situation, decision)),
        ...(options.writes?.(decision) ?? []),
      ],
      jobs: [...jobs, ...(options.extra?.(decision) ?? [])],
      cancel,
      audit: decision.audit.map((line) => ({ ...line, at: now, subject: config.id })),
      ...(options.samples && { samples: options.samples }),
      ...(takes ? { takes } : { done: job.id }),
    }
    noteSpan('decide', start, { breaker: config.id, on: event.type })
    if ((await parts.store.commit(commit)) === 'conflict') continue
    tellDecision(parts.log, job, event, decision, parts.now())
    if (event.type === 'report' || event.type === 'ask')
      parts.metrics.decided.observe((parts.now() - job.createdAt) / 1000)
    options.decided?.(decision)
    return 'committed'
  }
  return { retryAt: parts.now() + 50, why: 'the state changed under the decision each time', pauseLane: true }
}

/** When a command was given that may follow from the event. */
function askedAt(job: Job, event: BreakerEvent, now: number): number {
  if (event.type === 'ask' && event.givenAt !== undefined) return event.givenAt
  // A timer's job is older than what it is for; one that is late has lapsed.
  return event.type === 'reclose-due' ? now : job.createdAt
}

async function load(parts: Parts, config: BreakerConfig, event: BreakerEvent): Promise<Loaded> {
  const breaker = await getBreaker(parts.store, config.id)
  const ids = new Set(incidentIds(breaker?.value))
  if (event.type === 'ask' && event.subject !== undefined) ids.add(event.subject)
  const incidents = (await Promise.all([...ids].map((id) => getIncident(parts.store, id)))).filter(
    (one): one is Versioned<Incident> => one?.value.breaker === config.id,
  )
  const versions = new Map<string, number>(incidents.map((one) => [one.key, one.version]))
  if (breaker) versions.set(breaker.key, breaker.version)
  return { config, breaker: breaker?.value, incidents: incidents.map((one) => one.value), versions }
}

/** The incidents that an event may touch: those open, and those that a present operation serves. */
function incidentIds(breaker: BreakerState | undefined): string[] {
  if (!breaker) return []
  return Object.keys(breaker.circuits).flatMap((circuit) => {
    const { incident, operation } = circuitState(breaker, circuit)
    return [incident, operation?.incident].filter((id) => id !== undefined)
  })
}

function writesOf(situation: Loaded, decision: Decision): Write[] {
  const version = (key: string) => situation.versions.get(key) ?? 0
  const incidents = decision.incidents.map((incident) => ({
    key: incidentKey(incident.id),
    value: incident,
    version: version(incidentKey(incident.id)),
    index: { at: incident.resolvedAt ?? incident.openedAt, open: isOpen(incident) },
  }))
  if (decision.breaker === situation.breaker) return incidents
  const key = breakerKey(decision.breaker.id)
  const circuits = Object.values(decision.breaker.circuits)
  // «open» finds the breakers with a close waiting to be confirmed. The time is of no use, and always the same so that
  // a reading need not touch the index.
  const index = { at: 0, open: circuits.some((one) => one.operation?.stage === 'asked') }
  return [{ key, value: decision.breaker, version: version(key), index }, ...incidents]
}

/** One that is told of: what a window keeps quiet joins no storm and makes none. */
const opensIncident = ({ incidents }: Situation, decision: Decision): boolean =>
  decision.incidents.some(
    (one) => isOpen(one) && !isHushed(one) && !incidents.some(({ id }) => id === one.id),
  )

/** What storms have to know, in the same commit. */
async function memberWrites(
  { store }: Parts,
  { incidents }: Situation,
  { members = [] }: Decision,
): Promise<Write[]> {
  const isNew = (id: string) => !incidents.some((one) => one.id === id)
  const writes = await Promise.all(members.map((one) => memberWrite(store, one, isNew(one.member.incident))))
  return writes.filter((one) => one !== undefined)
}
