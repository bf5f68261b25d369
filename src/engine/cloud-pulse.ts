import { type CloudPulse, judgeCloud, merge, type PulseVerdict } from '../domain/cloud-away.ts'
import { USUAL_OFFLINE } from '../domain/offline.ts'
import type { NewJob, Versioned } from '../store/store.ts'
import type { ThingbootClient } from '../thingboot/client.ts'
import type { Outcome } from '../thingboot/outcome.ts'
import { alarmJob } from './alarm-jobs.ts'
import { siteJob } from './follow-up.ts'
import { CLOUD, type Parts, roomSubject } from './parts.ts'
import { createRepeating } from './repeating.ts'
import type { Turn } from './turns.ts'

/** How often it is looked, and written down that the cloud was heard, ms. */
const LOOK_EVERY = 2000
const NOTE_EVERY = 5000
/** Nothing heard for so long: it is asked. Also how often that is, ms. */
const ASK_AFTER = 30_000
/** A lease that only makes one instance ask, ms. */
const LEASE = { name: 'cloud-pulse', ttl: 15_000 }
/** The cloud refuses one device, and has answered. */
const ANSWERS: readonly string[] = ['cloud.no-device', 'cloud.no-command']

/** What is heard of the cloud here, to be laid beside what other instances hear. */
export interface Pulse {
  pushed(): void
  called(outcome: Outcome<unknown>): void
  heard: () => CloudPulse
}

/** `pause`: the longest of the last pauses between pushes, ms. */
export function createPulse(now: () => number, pause: () => number | undefined): Pulse {
  let heard: CloudPulse = {}
  return {
    pushed() {
      heard = { ...heard, pushedAt: now() }
    },
    called(outcome) {
      if (outcome.ok || ANSWERS.includes(outcome.why.key)) {
        const { failed: _, ...rest } = heard
        heard = { ...rest, answeredAt: now() }
      } else if (outcome.kind !== 'refused' || outcome.code !== undefined)
        heard = { ...heard, failed: { since: now(), why: outcome.why } }
    },
    heard() {
      const usual = pause()
      return usual === undefined ? heard : { ...heard, pause: usual }
    },
  }
}

/** The client, with each outcome of a signed call told. */
export function listened(client: ThingbootClient, { called }: Pulse): ThingbootClient {
  const told = async <T>(answer: Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const outcome = await answer
    called(outcome)
    return outcome
  }
  return {
    close: (...order) => told(client.close(...order)),
    open: (...order) => told(client.open(...order)),
    query: (...order) => told(client.query(...order)),
    info: (...asked) => told(client.info(...asked)),
    page: (...asked) => told(client.page(...asked)),
    list: (...asked) => told(client.list(...asked)),
    // It needs no signature: that it answers does not mean that anything else works.
    ntp: () => client.ntp(),
  }
}

/**
 * Watches the cloud itself: where calls fail and no push comes, that is one alarm for each room, and no breaker is called
 * silent. What all instances hear of it stands in one document; whoever brings that to a new state does so once.
 */
export function createCloudWatch(
  parts: Parts,
  pulse: Pulse,
  { turn, every = LOOK_EVERY }: { turn: Turn; every?: number | undefined },
) {
  const { store, log, now } = parts
  const holder = parts.newId()
  const cut = new AbortController()
  let asked = now()

  /** True while the cloud says nothing, the time of its grace included. */
  async function isAway(): Promise<boolean> {
    const known = await store.get<CloudPulse>(CLOUD)
    const merged = merge(known?.value ?? {}, pulse.heard())
    const { policy } = parts
    const rooms = [...new Set(policy.breakers.map((one) => one.room))]
    const rules = policy.offline ?? USUAL_OFFLINE
    const verdict = judgeCloud(merged, { now: now(), rules, rooms, newId: parts.newId })
    if (isNews(known?.value ?? {}, verdict.pulse)) await keep(known, verdict)
    return verdict.pulse.away !== undefined
  }

  async function keep(known: Versioned<CloudPulse> | undefined, verdict: PulseVerdict): Promise<void> {
    const { raise, resolve, pulse: value } = verdict
    const what = raise.length > 0 ? 'cloud.away' : resolve.length > 0 ? 'cloud.back' : undefined
    const told = what === undefined ? [] : Object.keys(value.away?.alarms ?? known?.value.away?.alarms ?? {})
    await store.commit({
      writes: [{ key: CLOUD, value, version: known?.version ?? 0 }],
      jobs: jobsOf(verdict),
      audit: told.map((room) => ({ at: now(), who: 'system', what: what!, subject: roomSubject(room) })),
    })
  }

  function jobsOf({ raise, resolve, isBack }: PulseVerdict): NewJob[] {
    const { breakers, offline: { siteGrace } = USUAL_OFFLINE } = parts.policy
    const sites = isBack ? new Map(breakers.map((one) => [`${one.room}:${one.site}`, one])) : new Map()
    return [
      ...raise.map(({ alarm, facts }) => alarmJob(`raise:${alarm}`, alarm, { type: 'raise', facts })),
      ...resolve.map(({ alarm, outcome }) =>
        alarmJob(`resolve:${alarm}`, alarm, { type: 'resolve', outcome }),
      ),
      ...[...sites.values()].map((one) => siteJob(`cloud-back:${now()}`, one, now() + siteGrace, true)),
    ]
  }

  async function look(): Promise<void> {
    await isAway()
    const { pushedAt = 0, answeredAt = 0 } = merge(
      (await store.get<CloudPulse>(CLOUD))?.value ?? {},
      pulse.heard(),
    )
    if (now() - Math.max(pushedAt, answeredAt, asked) < ASK_AFTER) return
    asked = now()
    if (!(await store.lease(LEASE.name, holder, LEASE.ttl))) return
    await parts.cloud.page(1, { signal: cut.signal, turn: () => turn(cut.signal) })
    if (!cut.signal.aborted) await isAway()
  }

  const repeating = createRepeating(log, { every, failed: 'looking after the cloud failed' }, look)

  return {
    isAway,
    start: repeating.start,
    async stop(): Promise<void> {
      cut.abort()
      await repeating.stop()
    },
  }
}

/** What is not merely a little newer. */
function isNews(known: CloudPulse, next: CloudPulse): boolean {
  const isNewer = (key: 'pushedAt' | 'answeredAt') => (next[key] ?? 0) - (known[key] ?? 0) >= NOTE_EVERY
  const hasFailed = (one: CloudPulse) => one.failed?.since
  return (
    isNewer('pushedAt') ||
    isNewer('answeredAt') ||
    hasFailed(known) !== hasFailed(next) ||
    known.away?.noticed !== next.away?.noticed ||
    known.away?.alarms !== next.away?.alarms
  )
}
