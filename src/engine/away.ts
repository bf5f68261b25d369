import { inSite } from '../domain/absence.ts'
import type { Alarm } from '../domain/alarm.ts'
import type { BreakerState } from '../domain/breaker.ts'
import type { CloudPulse } from '../domain/cloud-away.ts'
import type { BreakerEvent } from '../domain/event.ts'
import { message } from '../domain/message.ts'
import { type OfflineRules, USUAL_OFFLINE } from '../domain/offline.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { awayTogether, judgeSite, type SiteAway, type SiteVerdict } from '../domain/site-away.ts'
import type { Job, JobResult, NewJob, Versioned } from '../store/store.ts'
import { alarmJob } from './alarm-jobs.ts'
import { insideJob, siteJob } from './follow-up.ts'
import { CLOUD, getBreaker, type Lookup, type Parts, roomSubject, siteKey } from './parts.ts'
import { PRIORITY } from './queues.ts'
import { sayJob } from './send-jobs.ts'
import type { SiteWork } from './work.ts'

/** So many states are read at once. */
const AT_ONCE = 50
/** Before what is not yet known to be the site's is looked at again, ms. */
const SOON = 1000

export type Away = ReturnType<typeof createAway>

/** What is away: whether it is one breaker, its site, or the cloud, and the alarms of sites. */
export function createAway(parts: Parts, lookup: Lookup) {
  const { store, now } = parts
  const rules = (): OfflineRules => parts.policy.offline ?? USUAL_OFFLINE
  const getSite = (where: { room: string; site: string }) => store.get<SiteAway>(siteKey(where))

  async function statesIn(where: { room: string; site: string }): Promise<BreakerState[]> {
    const found: BreakerState[] = []
    const configs = lookup.breakersIn(where.room).filter((one) => inSite(one, where))
    for (let start = 0; start < configs.length; start += AT_ONCE) {
      const some = configs.slice(start, start + AT_ONCE)
      const states = await Promise.all(some.map((one) => getBreaker(store, one.id)))
      found.push(...states.flatMap((one) => (one ? [one.value] : [])))
    }
    return found
  }

  /** The cloud says nothing, or did so until just now: what has fallen silent tells nothing. */
  async function silenceUntil(): Promise<number | undefined> {
    const pulse = (await store.get<CloudPulse>(CLOUD))?.value
    return pulse?.away ? Number.POSITIVE_INFINITY : pulse?.overAt
  }

  /**
   * Whether the grace of an absence ends in an alarm of the breaker's own. Undefined: it does. `done`: its site or the
   * cloud is away, and wakes it when that is over. Where it has to wait, another timer does: the lane must stay free for
   * what the breaker reports.
   */
  async function explains(
    job: Job,
    config: BreakerConfig,
    event: Extract<BreakerEvent, { type: 'away-due' }>,
  ): Promise<JobResult | undefined> {
    const [site, known] = await Promise.all([getSite(config), getBreaker(store, config.id)])
    const absence = known?.value.absence
    if (!absence || absence.alarm) return undefined
    if (site?.value.away) return 'done'
    const since = known.value.silent ? await silenceUntil() : undefined
    if (since === Number.POSITIVE_INFINITY) return 'done'
    const until = Math.max(site?.value.overAt ?? 0, since ?? 0) + rules().grace
    if (until > now()) return later(job, config, event, until)
    return awayTogether(await statesIn(config)) ? later(job, config, event, now() + SOON) : undefined
  }

  async function later(
    job: Job,
    { id }: BreakerConfig,
    event: Extract<BreakerEvent, { type: 'away-due' }>,
    at: number,
  ): Promise<JobResult> {
    const again = insideJob(`timer:away-again:${id}:${event.noticed}:${at}`, id, event, at)
    await store.commit({ jobs: [again], done: job.id })
    return 'committed'
  }

  /** Looks how a site stands as a whole. */
  async function run(job: Job, work: SiteWork): Promise<JobResult> {
    const { room, site } = work
    const known = await getSite(work)
    const states = await statesIn(work)
    const isHushed =
      !known?.value.away &&
      states.some((one) => one.silent) &&
      (await silenceUntil()) === Number.POSITIVE_INFINITY
    // The end of the cloud's silence has it looked again.
    if (isHushed) return 'done'
    const before = known?.value ?? { room, site }
    const verdict = judgeSite(before, states, { now: now(), rules: rules(), newId: parts.newId })
    const isChanged = verdict.site !== before
    const committed = await store.commit({
      writes: isChanged ? [write(verdict.site, known, states.length)] : [],
      jobs: jobsOf(job, work, verdict, states),
      audit: auditOf(work, verdict),
      done: job.id,
    })
    return committed === 'ok' ? 'committed' : { retryAt: now() + 50, why: 'the site changed meanwhile' }
  }

  function jobsOf(job: Job, work: SiteWork, verdict: SiteVerdict, states: readonly BreakerState[]): NewJob[] {
    const { raise, resolve, tell, lookAt } = verdict
    const mayStay = !verdict.site.away && (work.wake || resolve !== undefined)
    const still = mayStay ? states.filter((one) => one.absence && one.absence.alarm === undefined) : []
    const due = now() + rules().grace
    return [
      ...(raise
        ? [alarmJob(`raise:${raise.alarm}`, raise.alarm, { type: 'raise', facts: raise.facts })]
        : []),
      ...(resolve
        ? [alarmJob(`resolve:${resolve.alarm}`, resolve.alarm, { type: 'resolve', outcome: resolve.outcome })]
        : []),
      ...(tell
        ? (lookup.room(work.room)?.chats ?? []).map((chat) => sayJob(job.id, chat, [tell], PRIORITY.rest))
        : []),
      ...(lookAt === undefined ? [] : [siteJob(job.id, work, lookAt)]),
      ...still.map(({ id, absence }) =>
        insideJob(`woken:${id}:${job.id}`, id, { type: 'away-due', noticed: absence!.noticed }, due),
      ),
    ]
  }

  function write(site: SiteAway, known: Versioned<SiteAway> | undefined, breakers: number) {
    const index = { at: site.overAt ?? 0, open: site.away !== undefined }
    return { key: siteKey(site), value: breakers > 0 ? site : null, version: known?.version ?? 0, index }
  }

  const auditOf = ({ room, site }: SiteWork, { raise, resolve }: SiteVerdict) => {
    const what = raise ? 'site.away' : resolve ? 'site.back' : undefined
    const alarm = raise?.alarm ?? resolve?.alarm
    return what
      ? [{ at: now(), who: 'system', what, subject: roomSubject(room), details: { site, alarm } }]
      : []
  }

  /** Ends the alarms of what is not configured any more. */
  async function tidy(): Promise<void> {
    const alarms = await store.list<Alarm>({ kind: 'alarm', open: true, limit: 1000 })
    const gone = alarms.filter(({ value: { breaker, room } }) =>
      breaker === undefined ? lookup.room(room) === undefined : lookup.breaker(breaker) === undefined,
    )
    const sites = await store.list<SiteAway>({ kind: 'site', open: true, limit: 1000 })
    const outcome = message('alarm.unconfigured')
    await store.enqueue([
      ...gone.map(({ value: { id } }) => alarmJob(`unconfigured:${id}`, id, { type: 'resolve', outcome })),
      ...sites.map(({ value }) => siteJob(`tidy:${now()}`, value, now())),
    ])
  }

  return { explains, run, tidy }
}
