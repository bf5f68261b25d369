import { setTimeout as delay } from 'node:timers/promises'
import { circuitState } from '../domain/breaker.ts'
import { type CloseTarget, mayStillClose, outOfReach } from '../domain/closing-gate.ts'
import { whyControlForbids } from '../domain/control.ts'
import type { ControlOutcome } from '../domain/event.ts'
import { type Message, message } from '../domain/message.ts'
import type { Report } from '../domain/report.ts'
import type { Job, JobResult } from '../store/store.ts'
import type { Taken } from '../thingboot/client.ts'
import type { Outcome } from '../thingboot/outcome.ts'
import type { DeviceStatus } from '../thingboot/status.ts'
import { getControl } from './control.ts'
import { insideJob } from './follow-up.ts'
import { getBreaker, getIncident, type Lookup, type Parts } from './parts.ts'
import { breakerLane, type CloudWork } from './work.ts'

/** A command that could not leave within this long is void: nobody may be surprised by a late close. ms. */
const COMMAND_EXPIRES = 10_000
/** How often it is looked whether all is judged, ms. */
const LOOK_AGAIN = 25
/** How long the cloud may take to say how a breaker stands, ms. */
const LOOK_UP_WITHIN = 15_000

type Switch = Extract<CloudWork, { what: 'switch' }>
type LookUp = Extract<CloudWork, { what: 'look-up' }>

/** Runs the calls to the cloud. A switching command is marked as begun before it leaves and never leaves twice. */
export function createCloudCaller(parts: Parts, lookup: Lookup) {
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
    const left = work.askedAt + COMMAND_EXPIRES - now()
    if (left <= 0) return tooLate()
    // At most, for the clock may have been set back.
    const signal = AbortSignal.timeout(Math.min(left, COMMAND_EXPIRES))
    let asked: CloseTarget['asked']
    if (work.to === 'closed') {
      const reach = await askReach(work, signal)
      if ('result' in reach) return reach
      asked = reach
    }
    await store.begin(job.id, job.attempt)
    const { breaker, circuit, ref } = work
    const send = work.to === 'closed' ? cloud.close : cloud.open
    let unwanted: Message | undefined
    // Asked last of all, for all that came before took time; and of that, whether any command may leave.
    const isWanted = async () => {
      const wanted =
        (work.to === 'open' || (await isAllJudged(work, signal))) && (await isStillWanted(work, asked))
      unwanted = wanted ? await controlForbids(work) : message('operation.overtaken')
      return unwanted === undefined
    }
    const outcome = await send(breaker, circuit, ref, { signal, isWanted })
    return unwanted ? { result: 'refused', why: unwanted } : outcomeOf(outcome)
  }

  /** An admin has switched control off, on whichever instance, now or since the command was given. */
  const controlForbids = async ({ askedAt }: Switch) => whyControlForbids(await getControl(store), askedAt)

  /**
   * Asked after the request: a breaker that the cloud says is offline is not closed, nor one whose cloud does not
   * answer, nor a silent one unless the cloud says that it is online.
   */
  async function askReach(
    work: Switch,
    signal: AbortSignal,
  ): Promise<ControlOutcome | { online: boolean | undefined }> {
    const status = await cloud.info([work.breaker], { signal })
    // Nothing has left yet, whatever became of this call.
    if (!status.ok) return outcomeOf(status.kind === 'unknown' ? { ...status, kind: 'unreachable' } : status)
    const online = status.data.find((one) => one.device === work.breaker)?.online
    const breaker = (await getBreaker(store, work.breaker))?.value
    const [why] = breaker ? outOfReach(breaker, { online }) : []
    return why ? { result: 'refused', why } : { online }
  }

  /** What the breaker has said and nobody has judged yet may forbid the close: it waits for that, as long as it may. */
  async function isAllJudged({ breaker }: Switch, signal: AbortSignal): Promise<boolean> {
    while (await store.busy(breakerLane(breaker))) {
      if (signal.aborted) return false
      await delay(LOOK_AGAIN)
    }
    return true
  }

  /** A new trip or cause, a hand at the lever or a new configuration may have overtaken the command while it waited. */
  async function isStillWanted(work: Switch, asked: CloseTarget['asked']): Promise<boolean> {
    const [config, breaker] = [lookup.breaker(work.breaker), (await getBreaker(store, work.breaker))?.value]
    const state = breaker && circuitState(breaker, work.circuit)
    const operation = state?.operation
    if (!config || !breaker || operation?.id !== work.operation || operation.stage !== 'confirmed')
      return false
    if (work.to === 'open') return true
    const incident =
      state?.incident === undefined ? undefined : (await getIncident(store, state.incident))?.value
    return mayStillClose(
      { policy: parts.policy, config, breaker, circuit: work.circuit, incident, ...(asked && { asked }) },
      operation,
    )
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

function outcomeOf(outcome: Outcome<Taken>): ControlOutcome {
  if (outcome.ok) return { result: 'taken' }
  switch (outcome.kind) {
    case 'refused':
      return { result: 'refused', why: message('operation.refused', { why: outcome.message }) }
    case 'unreachable':
      return { result: 'refused', why: message('operation.unreachable', { why: outcome.message }) }
    case 'unknown':
      return unknown()
  }
}

const unknown = (): ControlOutcome => ({ result: 'unknown', why: message('operation.unknown') })
const tooLate = (): ControlOutcome => ({ result: 'refused', why: message('operation.too-late') })

/** What the cloud says of a device, in the form of a state report. */
export function reportOf(status: DeviceStatus, id: string): Report {
  const { device, at, positions, readings } = status
  return {
    id,
    device,
    kind: status.online === false ? 'offline' : 'state',
    at,
    positions,
    readings,
    asked: true,
    ...(status.online && { online: true }),
  }
}
