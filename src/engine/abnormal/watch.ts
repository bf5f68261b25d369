import { setImmediate as breath } from 'node:timers/promises'
import { abnormalOf } from '../../domain/abnormal/abnormal.ts'
import type { EndOf, Finding, Sight } from '../../domain/abnormal/finding.ts'
import { type DrawRecord, withAbnormal, withContacts, withHours } from '../../domain/abnormal/record.ts'
import { mayHaveStopped } from '../../domain/abnormal/stopped.ts'
import { drawFacts, endOf } from '../../domain/abnormal/words.ts'
import { DAY, HOUR, MINUTE } from '../../domain/local-time.ts'
import type { BreakerConfig } from '../../domain/policy.ts'
import type { NewJob } from '../../store/store.ts'
import { alarmJob } from '../alarm-jobs.ts'
import { getBreaker, type Lookup, type Parts } from '../parts.ts'
import { createRounds } from '../rounds.ts'
import { drawWrite, getDraw, rememberedDraws } from './records.ts'
import { BACK, contactsOf, drawsOf, isWatched, learnPause, learnUsual, rulesFor, sightOf } from './sight.ts'
import { type Supplies, suppliesOf } from './supplies.ts'

/** ms from the end of one look to the next. */
const EVERY = 300_000
/** Breakers whose values are fetched in one go. */
const PAGE = 50
/** An hour is looked at so long after its end, ms: the last samples may be on their way. */
const SETTLES = 3 * MINUTE
/** What is usual is learned anew each day, and how long it pauses each week, ms. */
const [LEARN_EVERY, PAUSE_EVERY] = [DAY, 7 * DAY]
/** In one look so many breakers at least, or this share of them, are learned of: each day's learning is spread. */
const LEARN = { least: 100, share: 0.02 }

/** What one look has in common. */
interface Look {
  isNewHour: boolean
  /** So many more may be learned of. */
  left: number
  supplies: Supplies
}

/**
 * Looks at what each breaker draws; what is abnormal becomes an alarm, and is over when it is usual again. Each look judges
 * by what is stored alone, so a restart loses nothing; record and alarm are one commit, so nothing is told twice.
 */
export function createDrawWatch(parts: Parts, lookup: Lookup, every = EVERY) {
  const { store, log, newId } = parts
  let judgedHour = -1
  let isStopping = false

  async function look(): Promise<void> {
    const remembered = await rememberedDraws(store)
    const standing = remembered.filter(({ record }) => record.standing.length > 0)
    const stands = new Set(standing.map(({ breaker }) => breaker))
    const breakers = parts.policy.breakers.filter((one) => stands.has(one.id) || isWatched(parts.policy, one))
    const hour = Math.floor((parts.now() - SETTLES) / HOUR)
    const round: Look = {
      isNewHour: hour !== judgedHour,
      left: Math.max(LEARN.least, Math.ceil(breakers.length * LEARN.share)),
      supplies: suppliesOf(remembered, lookup.breaker, parts.now()),
    }
    for (let at = 0; at < breakers.length && !isStopping; at += PAGE) {
      await lookAt(breakers.slice(at, at + PAGE), round)
      await breath()
    }
    for (const { breaker } of standing) if (!lookup.breaker(breaker)) await forget(breaker)
    judgedHour = hour
  }

  async function lookAt(page: BreakerConfig[], round: Look): Promise<void> {
    const now = parts.now()
    const ids = page.map(({ id }) => id)
    const minutes = await drawsOf(store, ids, 'minute', now - BACK.minutes, now)
    const hours = round.isNewHour
      ? await drawsOf(store, ids, 'hour', now - BACK.hours, now - SETTLES)
      : undefined
    for (const config of page) {
      const seen = { now, minutes: minutes.get(config.id) ?? [], hours: hours?.get(config.id) ?? [] }
      await lookAtOne(config, seen, round).catch((error) =>
        log.warn({ breaker: config.id, error: String(error) }, 'its draw could not be looked at'),
      )
    }
  }

  async function lookAtOne(
    config: BreakerConfig,
    seen: Pick<Sight, 'now' | 'minutes' | 'hours'>,
    round: Look,
  ): Promise<void> {
    const { id } = config
    const { value: known, version } = await getDraw(store, id)
    const contacts = contactsOf(config, (await getBreaker(store, id))?.value)
    const by = {
      ...seen,
      contacts,
      timezone: lookup.zone(config.room),
      rules: rulesFor(parts.policy, config),
    }
    const record = await learned(
      config,
      withHours(withContacts(known, contacts, seen.now), seen.hours, by.timezone),
      by,
      round,
    )
    const { record: paused, sight } = await longer(config, record, by, round)
    const found = told(config, paused, sight, round)
    const ids = found.begun.map(() => newId())
    const next =
      found.begun.length + found.ended.length > 0 ? withAbnormal(paused, found, ids, seen.now) : paused
    if (next === known) return
    const jobs = jobsOf(config, paused, found, ids, sight)
    await store.commit({ writes: [drawWrite(id, next, version, seen.now)], jobs })
  }

  /** What is usual, learned anew where its time has come. */
  async function learned(
    { id }: BreakerConfig,
    record: DrawRecord,
    by: Pick<Sight, 'now' | 'timezone' | 'rules'>,
    round: Look,
  ): Promise<DrawRecord> {
    if (round.left <= 0 || by.now - (record.learnedAt ?? 0) < LEARN_EVERY) return record
    round.left--
    return { ...record, usual: await learnUsual(store, id, record, by), learnedAt: by.now }
  }

  /** Where something may have stopped, or lasts, some hours of minutes are looked at, and how long it usually pauses. */
  async function longer(
    config: BreakerConfig,
    before: DrawRecord,
    by: Parameters<typeof sightOf>[2],
    round: Look,
  ): Promise<{ record: DrawRecord; sight: Sight }> {
    const sight = sightOf(config, before, by)
    const isGone = by.rules.kinds.stopped !== undefined && mayHaveStopped(sight)
    if (!isGone && !sight.standing.some(({ unit }) => unit !== 'W')) return { record: before, sight }
    const { now } = by
    let record = before
    if (isGone && round.left > 0 && now - (record.pause?.at ?? 0) >= PAUSE_EVERY) {
      round.left--
      record = { ...record, pause: { at: now, longest: await learnPause(store, config.id, record, by) } }
    }
    const minutes = await drawsOf(store, [config.id], 'minute', now - BACK.lasting, now)
    const pause = isGone && record.pause ? { pause: record.pause.longest } : {}
    return { record, sight: { ...sight, minutes: minutes.get(config.id) ?? [], ...pause } }
  }

  /** What is to be told: nothing while it is muted, and of a site's supply once. */
  function told(config: BreakerConfig, record: DrawRecord, sight: Sight, { supplies }: Look): Told {
    if (sight.now < (record.mutedUntil ?? 0))
      return { begun: [], ended: sight.standing.map(({ kind }) => ({ kind, why: 'muted' as const })) }
    const accepted = [...sight.accepted, ...supplies.accepted(config)]
    const { begun, ended } = abnormalOf({ ...sight, accepted })
    const fresh = begun.filter((finding) => !supplies.isSilent(config, finding))
    for (const finding of fresh) supplies.told(config, finding)
    return { begun: fresh, ended }
  }

  /** It is not configured any more. */
  async function forget(breaker: string): Promise<void> {
    const { value, version } = await getDraw(store, breaker)
    const ended = value.standing.map(({ finding: { kind } }) => ({ kind, why: 'off' as const }))
    await store.commit({
      writes: [drawWrite(breaker, { ...value, standing: [] }, version, parts.now())],
      jobs: endJobs(value, ended),
    })
  }

  const rounds = createRounds(parts, { name: 'draw-watch', every }, look)
  return {
    start: rounds.start,
    stop(): Promise<void> {
      isStopping = true
      return rounds.stop()
    },
  }
}

interface Told {
  begun: Finding[]
  ended: { kind: Finding['kind']; why: EndOf | 'muted' }[]
}

function jobsOf(
  config: BreakerConfig,
  record: DrawRecord,
  { begun, ended }: Told,
  ids: string[],
  sight: Sight,
): NewJob[] {
  const raised = begun.map((finding, i) => {
    const facts = drawFacts(config, finding, sight)
    return alarmJob(`draw:${ids[i]}`, ids[i]!, { type: 'raise', facts })
  })
  return [...raised, ...endJobs(record, ended)]
}

function endJobs({ standing }: DrawRecord, ended: Told['ended']): NewJob[] {
  return ended.flatMap(({ kind, why }) =>
    standing
      .filter(({ finding }) => finding.kind === kind)
      .map(({ alarm }) => alarmJob(`draw:${alarm}:over`, alarm, { type: 'resolve', outcome: endOf(why) })),
  )
}
