import { setTimeout as delay } from 'node:timers/promises'
import { circuitState } from '../domain/breaker.ts'
import { outOfReach } from '../domain/closing-checks.ts'
import { type ClosePermit, permitToClose } from '../domain/closing-gate.ts'
import type { Fresh } from '../domain/closing-request.ts'
import { whyControlForbids } from '../domain/control.ts'
import type { ControlOutcome } from '../domain/event.ts'
import { COMMAND_HOLDS } from '../domain/late.ts'
import { type Message, message } from '../domain/message.ts'
import type { Operation } from '../domain/operation.ts'
import { actorIn, may } from '../domain/people.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Job, JobResult } from '../store/store.ts'
import { arrangedPolicy } from './arrangements.ts'
import { barred, outcomeOf, tooLate, unknown } from './call-outcomes.ts'
import { getControl } from './control.ts'
import { insideJob } from './follow-up.ts'
import { getBreaker, getIncident, type Lookup, type Parts } from './parts.ts'
import { breakerLane } from './queues.ts'
import { reportOf } from './status-report.ts'
import type { CloudWork } from './work.ts'

/** How often it is looked whether all is judged, ms. */
const LOOK_AGAIN = 25
/** How long the cloud may take to say how a breaker stands, ms. */
const LOOK_UP_WITHIN = 15_000

type Switch = Extract<CloudWork, { what: 'switch' }>
type LookUp = Extract<CloudWork, { what: 'look-up' }>

/**
 * Runs the calls to the cloud. A switching command is marked as begun before it leaves and never leaves twice.
 * @param isUnderWay something of a breaker's lane has come in that is not on disk yet
 */
export function createCloudCaller(parts: Parts, lookup: Lookup, isUnderWay: (lane: string) => boolean) {
  const { store, cloud, log, metrics, now } = parts

  async function command(job: Job): Promise<JobResult> {
    const work = job.payload as Switch
    const outcome = job.begun ? unknown() : await attempt(job, work)
    metrics.commands.inc({ outcome: outcome.result })
    log.info(
      { breaker: work.breaker, operation: work.operation, to: work.to, outcome: outcome.result },
      'switching command',
    )
    const next = insideJob(`outcome:${work.operation}`, work.breaker, {
      type: 'control-outcome',
      operation: work.operation,
      outcome,
    })
    await store.commit({ jobs: [next], done: job.id })
    return 'committed'
  }

  async function attempt(job: Job, work: Switch): Promise<ControlOutcome> {
    if (!parts.policy.actuation) return { result: 'refused', why: message('gate.actuation-off') }
    const forbidden = await controlForbids(work)
    if (forbidden) return { result: 'refused', why: forbidden }
    const left = work.askedAt + COMMAND_HOLDS - now()
    if (left <= 0) return tooLate()
    // At most, for the clock may have been set back.
    const signal = AbortSignal.timeout(Math.ceil(Math.min(left, COMMAND_HOLDS)))
    return work.to === 'closed' ? close(job, work, signal) : open(job, work, signal)
  }

  async function open(job: Job, work: Switch, signal: AbortSignal): Promise<ControlOutcome> {
    await store.begin(job.id, job.attempt)
    let unwanted: Message | undefined
    // Asked last of all, for all that came before took time; and of that, whether any command may leave.
    const isWanted = async () => {
      const standing = await standingOf(work)
      const isStanding = standing && mayOpen(standing.config, standing.operation)
      unwanted = isStanding ? await controlForbids(work) : message('operation.overtaken')
      return unwanted === undefined
    }
    const outcome = await cloud.open(work.breaker, work.circuit, work.ref, { signal, isWanted })
    return unwanted ? { result: 'refused', why: unwanted } : outcomeOf(outcome)
  }

  async function close(job: Job, work: Switch, signal: AbortSignal): Promise<ControlOutcome> {
    const hasNeighbour = !(await isSitesTurn(work, signal))
    const fresh = await askFresh(work, signal)
    if ('result' in fresh) return fresh
    await store.begin(job.id, job.attempt)
    let against: Message[] | undefined
    // Asked last of all, for all that came before took time.
    const permit = async (): Promise<ClosePermit | undefined> => {
      const answer = (await isAllJudged(work, signal)) && (await askGate(work, fresh, hasNeighbour))
      const forbidden = await controlForbids(work)
      if (forbidden) against = [forbidden]
      if (!forbidden && answer && 'permit' in answer) return answer.permit
      against ??= answer && 'reasons' in answer ? answer.reasons : []
      return undefined
    }
    const { breaker: device, circuit, ref: extra } = work
    const outcome = await cloud.close({ device, circuit, extra }, permit, { signal })
    return against ? barred(against) : outcomeOf(outcome)
  }

  /** At one site closes leave one after another: waits for this one's turn, as long as it may. */
  async function isSitesTurn({ breaker }: Switch, signal: AbortSignal): Promise<boolean> {
    const { inrush } = parts.policy.closing
    const config = lookup.breaker(breaker)
    if (inrush === 0 || !config) return true
    while (!signal.aborted) {
      const wait = await store.spend([{ name: `inrush:${config.site}`, most: 1, within: inrush }])
      if (wait === 0) return true
      await delay(Math.min(wait, inrush), undefined, { signal }).catch(() => {})
    }
    return false
  }

  /** An admin has switched control off, on whichever instance, now or since the command was given. */
  const controlForbids = async ({ askedAt }: Switch) => whyControlForbids(await getControl(store), askedAt)

  /**
   * Asked after the request: a breaker that the cloud says is offline is not closed, nor one whose cloud does not
   * answer, nor a silent one unless the cloud says that it is online.
   */
  async function askFresh(work: Switch, signal: AbortSignal): Promise<ControlOutcome | Fresh> {
    const status = await cloud.info([work.breaker], { signal })
    // Nothing has left yet, whatever became of this call.
    if (!status.ok) return outcomeOf(status.kind === 'unknown' ? { ...status, kind: 'unreachable' } : status)
    const found = status.data.find((one) => one.device === work.breaker)
    const fresh: Fresh = { at: found?.at ?? now() }
    if (found?.online !== undefined) fresh.online = found.online
    const { [work.circuit]: position } = found?.positions ?? {}
    if (position) fresh.position = position
    if (found?.readings.voltage !== undefined) fresh.voltage = found.readings.voltage
    const breaker = (await getBreaker(store, work.breaker))?.value
    const [why] = breaker ? outOfReach(breaker, fresh) : []
    return why ? { result: 'refused', why } : fresh
  }

  /** What the breaker has said and nobody has judged yet may forbid the close: it waits for that, as long as it may. */
  async function isAllJudged({ breaker }: Switch, signal: AbortSignal): Promise<boolean> {
    const lane = breakerLane(breaker)
    while (isUnderWay(lane) || (await store.busy(lane))) {
      if (signal.aborted) return false
      await delay(LOOK_AGAIN)
    }
    return true
  }

  /** A new trip or cause, a hold, a hand at the lever or a new configuration may have overtaken it while it waited. */
  async function askGate(work: Switch, fresh: Fresh, hasNeighbour: boolean) {
    const standing = await standingOf(work)
    if (!standing) return undefined
    const { config, breaker, operation } = standing
    const { incident: id } = circuitState(breaker, work.circuit)
    const incident = id === undefined ? undefined : (await getIncident(store, id))?.value
    const policy = await arrangedPolicy(parts)
    return permitToClose(
      { policy, config, breaker, circuit: work.circuit, incident, now: now(), fresh, hasNeighbour },
      operation,
    )
  }

  /** The breaker and the operation, if it is still the circuit's present one and waits to be sent. */
  async function standingOf(work: Switch) {
    const [config, breaker] = [lookup.breaker(work.breaker), (await getBreaker(store, work.breaker))?.value]
    const operation = breaker && circuitState(breaker, work.circuit).operation
    if (!config || !breaker || operation?.id !== work.operation || operation.stage !== 'confirmed')
      return undefined
    return { config, breaker, operation }
  }

  /** Whoever asked may have been taken out of the configuration since, or lost the right. */
  function mayOpen(config: BreakerConfig, { askedBy }: Operation): boolean {
    return may(actorIn(parts.policy, askedBy), 'open', config)
  }

  async function lookUp(job: Job): Promise<JobResult> {
    const work = job.payload as LookUp
    const status = await cloud.info([work.breaker], { signal: AbortSignal.timeout(LOOK_UP_WITHIN) })
    const found = status.ok ? status.data.find((one) => one.device === work.breaker) : undefined
    const event = {
      type: 'looked-up',
      operation: work.operation,
      ...(found && { report: reportOf(found, `look-up:${work.operation}`) }),
      ...(found?.online !== undefined && { online: found.online }),
    } as const
    await store.commit({
      jobs: [insideJob(`looked-up:${work.operation}`, work.breaker, event)],
      done: job.id,
    })
    return 'committed'
  }

  return { command, lookUp }
}
