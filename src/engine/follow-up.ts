import type { BreakerState } from '../domain/breaker.ts'
import type { Decision } from '../domain/decision.ts'
import type { Effect } from '../domain/event.ts'
import type { BreakerConfig, Room } from '../domain/policy.ts'
import type { RunEvent } from '../domain/run-event.ts'
import { usualPause } from '../domain/silence.ts'
import type { NewJob } from '../store/store.ts'
import { alarmJob } from './alarm-jobs.ts'
import { deedJobs } from './deeds.ts'
import { inboxJob } from './inbox-job.ts'
import { breakerLane, PRIORITY, QUEUE, runLane, siteLane } from './queues.ts'
import { cardJob, type Origin, personJob, sayJob, tripPictureJob } from './send-jobs.ts'
import { countJob } from './storm-state.ts'
import { watched } from './watches.ts'
import { windowJob } from './windows.ts'
import type { CloudWork, EventWork, SiteWork } from './work.ts'

/** The jobs, and the ids of timers to cancel, that a decision's effects mean. */
export function followUp(config: BreakerConfig, room: Room | undefined, decision: Decision, origin: Origin) {
  const storms = new Map(decision.incidents.flatMap(({ id, storm }) => (storm ? [[id, storm.id]] : [])))
  const jobs = decision.effects.flatMap((effect, index) =>
    jobsFor(config, room, effect, origin, index, storms),
  )
  const cancel = decision.effects.flatMap((effect) =>
    effect.do === 'cancel-timer' ? [`timer:${effect.id}`] : [],
  )
  return { jobs: watched(jobs, origin.now), cancel }
}

function jobsFor(
  config: BreakerConfig,
  room: Room | undefined,
  effect: Effect,
  origin: Origin,
  index: number,
  storms: ReadonlyMap<string, string>,
): NewJob[] {
  switch (effect.do) {
    case 'card':
      return (room?.chats ?? []).map((chat) => cardJob(config.id, effect, chat, origin))
    case 'notice':
      return (room?.chats ?? []).map((chat) =>
        sayJob(
          `${origin.job}:${index}`,
          chat,
          [effect.text],
          effect.urgent ? PRIORITY.alarm : PRIORITY.rest,
          effect.about === undefined ? {} : { about: effect.about },
        ),
      )
    case 'trip-picture':
      return (room?.chats ?? []).map((chat) => tripPictureJob(config.id, effect.incident, chat))
    case 'tell':
      return [personJob(`${origin.job}:${index}`, effect, config.room)]
    case 'timer':
      return [insideJob(`timer:${effect.id}`, config.id, effect.event, effect.at)]
    case 'switch': {
      const { do: _, ...command } = effect
      return [switchJob({ what: 'switch', breaker: config.id, ...command, askedAt: origin.askedAt })]
    }
    case 'tell-run': {
      const { run, circuit, told } = effect
      const id = `told:${run}:${config.id}:${circuit}:${told.operation ?? ''}:${told.version}`
      return [runJob(id, run, { type: 'run-told', breaker: config.id, circuit, told })]
    }
    case 'look-up': {
      const { operation, circuit } = effect
      return [lookUpJob({ what: 'look-up', breaker: config.id, operation, circuit })]
    }
    case 'deed': {
      const storm = storms.get(effect.alarm)
      const deedOrigin = { id: `${origin.job}:${index}`, now: origin.now, ...(storm && { storm }) }
      return deedJobs(effect.deed, { breaker: config.id, id: effect.alarm }, room, deedOrigin)
    }
    case 'raise':
      return [alarmJob(`raise:${effect.alarm}`, effect.alarm, { type: 'raise', facts: effect.facts })]
    case 'resolve':
      return [alarmJob(`resolve:${effect.alarm}`, effect.alarm, { type: 'resolve', outcome: effect.outcome })]
    case 'look-at-site':
      return [siteJob(origin.job, config, effect.at)]
    case 'storm':
      return [countJob(origin.job, effect.storm, origin.stormDue?.(effect.storm) ?? origin.now)]
    case 'list-window':
      return [windowJob(effect.window)]
    case 'cancel-timer':
      return []
  }
}

/** Something of our own making for a breaker's lane. */
export function insideJob(
  id: string,
  breaker: string,
  event: Extract<EventWork, { from: 'inside' }>['event'],
  dueAt?: number,
): NewJob {
  const place = { id, lane: breakerLane(breaker), priority: PRIORITY.alarm }
  return inboxJob(place, { from: 'inside', breaker, event }, dueAt)
}

/** The same for a group run. */
export function runJob(id: string, run: string, event: RunEvent, dueAt?: number): NewJob {
  return inboxJob({ id, lane: runLane(run), priority: PRIORITY.answer }, { from: 'run', run, event }, dueAt)
}

/** A breaker has fallen silent, as it was known then; once for each silence. */
export function silentJob(config: BreakerConfig, { heardAt = 0, ...known }: BreakerState): NewJob {
  const every = usualPause(config, { ...known, heardAt }) ?? 0
  return insideJob(`silent:${config.id}:${heardAt}`, config.id, { type: 'silent', heardAt, every })
}

/** Each circuit has a lane of its own, so that opening one never waits for a call about another. */
function switchJob(payload: Extract<CloudWork, { what: 'switch' }>): NewJob {
  const { breaker, circuit, operation } = payload
  return { id: `switch:${operation}`, queue: QUEUE.commands, lane: `command:${breaker}:${circuit}`, payload }
}

function lookUpJob(payload: Extract<CloudWork, { what: 'look-up' }>): NewJob {
  const { breaker, operation } = payload
  return { id: `look-up:${operation}`, queue: QUEUE.lookUps, lane: `look-up:${breaker}`, payload }
}

/** Has it looked whether a site as a whole is away; those that wait for the same second are one. */
export function siteJob(
  id: string,
  { room, site }: { room: string; site: string },
  dueAt: number,
  wake = false,
): NewJob {
  const payload: SiteWork = { from: 'site', room, site, ...(wake && { wake }) }
  const lane = siteLane(room, site)
  return {
    id: `${lane}:${id}`,
    queue: QUEUE.storms,
    lane,
    priority: PRIORITY.alarm,
    payload,
    dueAt,
    collapse: `${lane}:${wake}:${Math.floor(dueAt / 1000)}`,
  }
}
