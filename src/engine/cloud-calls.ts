import type { ControlOutcome } from '../domain/event.ts'
import { message } from '../domain/message.ts'
import type { Report } from '../domain/report.ts'
import type { Job, JobResult } from '../store/store.ts'
import type { Taken } from '../thingboot/client.ts'
import type { Outcome } from '../thingboot/outcome.ts'
import type { DeviceStatus } from '../thingboot/status.ts'
import { insideJob } from './follow-up.ts'
import type { Parts } from './parts.ts'
import type { CloudWork } from './work.ts'

/** A command that could not leave within this long is void: nobody may be surprised by a late close. ms. */
const COMMAND_EXPIRES = 10_000

type Switch = Extract<CloudWork, { what: 'switch' }>
type LookUp = Extract<CloudWork, { what: 'look-up' }>

/** Runs the calls to the cloud. A switching command is marked as begun before it leaves and never leaves twice. */
export function createCloudCaller(parts: Parts) {
  const { store, cloud, log, metrics, now } = parts

  async function run(job: Job): Promise<JobResult> {
    const work = job.payload as CloudWork
    return work.what === 'switch' ? command(job, work) : lookUp(job, work)
  }

  async function command(job: Job, work: Switch): Promise<JobResult> {
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
    const left = work.askedAt + COMMAND_EXPIRES - now()
    if (left <= 0) return tooLate()
    const signal = AbortSignal.timeout(left)
    if (work.to === 'closed') {
      const hindrance = await hindranceToClose(work, signal)
      if (hindrance) return hindrance
    }
    await store.begin(job.id, job.attempt)
    const { breaker, circuit, ref } = work
    const send = work.to === 'closed' ? cloud.close : cloud.open
    return outcomeOf(await send(breaker, circuit, ref, signal))
  }

  /** The state is read after the request: a breaker known to be offline is not closed, nor one whose cloud is silent. */
  async function hindranceToClose(work: Switch, signal: AbortSignal): Promise<ControlOutcome | undefined> {
    const status = await cloud.info([work.breaker], signal)
    if (!status.ok)
      return { result: 'refused', why: message('operation.unreachable', { why: status.message }) }
    const online = status.data.find((one) => one.device === work.breaker)?.online
    return online === false ? { result: 'refused', why: message('gate.offline') } : undefined
  }

  async function lookUp(job: Job, work: LookUp): Promise<JobResult> {
    const status = await cloud.info([work.breaker])
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

  return { run }
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
  return { id, device, kind: status.online === false ? 'offline' : 'state', at, positions, readings }
}
