import { hash } from 'node:crypto'
import { reasonOf } from '../../domain/command.ts'
import { type Reply, refuse } from '../../domain/decision.ts'
import type { Ask } from '../../domain/event.ts'
import { findPlace } from '../../domain/find-breaker.ts'
import { askerOf, may, nameless } from '../../domain/people.ts'
import type { RunAsk } from '../../domain/run-event.ts'
import type { Job, JobResult, Write } from '../../store/store.ts'
import { within } from '../answers.ts'
import { decideAndCommit } from '../deciding.ts'
import type { Lookup, Parts } from '../parts.ts'
import { breakerLane, PRIORITY, QUEUE, runLane, talkLane } from '../queues.ts'
import { createRendezvous } from '../rendezvous.ts'
import { isReply } from '../run-presses.ts'
import type { Runs } from '../runs.ts'
import { askingOf, type Caller, callerName, ownChat } from './caller.ts'
import type { ConsoleWork, Deed, Kept, Outcome, Told } from './deed.ts'
import { outcomeIn } from './outcome.ts'

/** A caller waits so long for the decision, ms; then it is told by the deed's address. */
const WAITED = 5000

/** Less than what came of it is kept (`Keep.documents.deed`): who asks between the two would wait for nothing, ms. */
const REMEMBERED = 20 * 3_600_000

export type Deeds = ReturnType<typeof createDeeds>

/**
 * What is asked for by the API goes through the inbox and is decided like the same line typed one-to-one: the same
 * event, the same gate, the same audit. Only the answer goes another way.
 */
export function createDeeds(parts: Parts, lookup: Lookup, runs: Runs) {
  const { store } = parts
  const outcomes = createRendezvous<Outcome>(store, 'deeds')

  /** @param key the same key by the same caller is the same deed; absent: a new one */
  async function take(caller: Caller, deed: Deed, key?: string): Promise<Told> {
    const by = askingOf(caller)
    const id = hash('sha256', JSON.stringify([callerName(caller), key ?? parts.newId()])).slice(0, 32)
    const print = hash('sha256', JSON.stringify(deed)).slice(0, 16)
    const known = await store.get<Outcome>(deedKey(id))
    if (known) return told(id, print, known.value)
    const waiting = outcomes.wait(jobOf(id))
    const payload: ConsoleWork = { from: 'console', by, deed, key: id, print }
    const job = {
      id: jobOf(id),
      queue: QUEUE.events,
      lane: laneOf(deed, by),
      payload,
      priority: PRIORITY.answer,
      remember: REMEMBERED,
    }
    parts.metrics.inputs.inc({ channel: by.via, kind: deed.do })
    await store.enqueue([job])
    const outcome = await within(WAITED, waiting)
    return outcome ? told(id, print, outcome) : { id, state: 'waiting' }
  }

  /** What came of one of the caller's deeds; undefined where nothing is known of it. */
  async function outcomeOf(caller: Caller, id: string): Promise<Told | undefined> {
    const known = (await store.get<Kept>(deedKey(id)))?.value
    return known?.by === callerName(caller) ? { id, ...known } : undefined
  }

  async function run(job: Job, work: ConsoleWork): Promise<JobResult> {
    switch (work.deed.do) {
      case 'ask':
        return ask(job, work, work.deed)
      case 'off':
        return off(job, work, work.deed)
      case 'run':
        return ofRun(job, work, work.deed)
    }
  }

  async function ask(
    job: Job,
    work: ConsoleWork,
    { breaker, action, circuit, reason, nonce }: Extract<Deed, { do: 'ask' }>,
  ): Promise<JobResult> {
    const config = lookup.breaker(breaker)
    if (!config) return end(job, work, refuse('command.no-breaker', { text: breaker }))
    const { channel, sender } = work.by
    const event: Ask = {
      type: 'ask',
      action,
      ...work.by,
      ...(channel && { chat: lookup.configured(ownChat(channel, sender)) }),
      typed: true,
      givenAt: job.createdAt,
      ...(circuit !== undefined && { circuit }),
      ...(reason !== undefined && reasonOf(reason)),
      ...(nonce !== undefined && { nonce }),
    }
    let outcome: Outcome | undefined
    return decideAndCommit(parts, lookup, job, config, event, {
      writes: (decision) => {
        outcome = outcomeIn(decision, work, breaker)
        return outcome ? [kept(work, outcome)] : []
      },
      decided: () => {
        if (outcome) outcomes.give(job.id, outcome)
      },
    })
  }

  /** Only persons: what a group run does is watched by the one who asked for it. */
  async function off(
    job: Job,
    work: ConsoleWork,
    { place }: Extract<Deed, { do: 'off' }>,
  ): Promise<JobResult> {
    const { channel, sender, via } = work.by
    const person = askerOf(parts.policy, work.by)
    if (!person || !channel) return end(job, work, refuse('gate.role', { person: person?.name ?? sender }))
    const seen = parts.policy.breakers.filter((one) => may(person, 'view', one))
    const found = findPlace(seen, place, undefined)
    if (!found) return end(job, work, refuse('command.no-breaker', { text: place }))
    const group = { kind: 'group', to: 'open', place: found.name, breakers: found.breakers } as const
    let outcome: Outcome | undefined
    const result = await runs.ask(
      job,
      { channel, sender, via },
      ownChat(channel, sender),
      person,
      group,
      (reply, run) => {
        const { nonce, expiresAt } = run ?? {}
        const confirm = nonce !== undefined &&
          expiresAt !== undefined && { nonce, expiresAt, secondPerson: false }
        outcome = {
          reply,
          state: reply.refused ? 'refused' : 'asked',
          ...(confirm && { confirm }),
          ...(run && { run: run.id }),
          print: work.print,
        }
        return { writes: [kept(work, outcome)] }
      },
    )
    if (outcome) outcomes.give(job.id, outcome)
    return result
  }

  async function ofRun(
    job: Job,
    work: ConsoleWork,
    { action, run, nonce }: Extract<Deed, { do: 'run' }>,
  ): Promise<JobResult> {
    const { channel, ...by } = work.by
    if (!channel) return end(job, work, refuse('gate.role', { person: by.sender }))
    const event: RunAsk = {
      type: 'run-ask',
      action,
      channel,
      ...by,
      nonce,
      typed: true,
      givenAt: job.createdAt,
    }
    const said = ({ refused }: Reply) => (refused ? 'refused' : action === 'confirm' ? 'sent' : 'done')
    const outcome = (reply: Reply): Outcome => ({ reply, state: said(reply), run, print: work.print })
    const result = await runs.decide(job, run, event, { writes: (reply) => [kept(work, outcome(reply))] })
    if (!isReply(result)) return result
    outcomes.give(job.id, outcome(result))
    return 'committed'
  }

  /** Ends a deed of which nothing follows. */
  async function end(job: Job, work: ConsoleWork, reply: Reply): Promise<JobResult> {
    const outcome: Outcome = { reply, state: 'refused', print: work.print }
    await store.commit({ writes: [kept(work, outcome)], done: job.id })
    outcomes.give(job.id, outcome)
    return 'committed'
  }

  const kept = ({ key, by }: ConsoleWork, outcome: Outcome): Write => ({
    key: deedKey(key),
    value: { ...outcome, by: nameless(by) } satisfies Kept,
    version: 0,
    index: { at: parts.now(), open: false },
  })

  return { take, outcomeOf, run, hear: outcomes.hear }
}

const jobOf = (id: string): string => `console:${id}`
const deedKey = (id: string): string => `deed/${id}`

function laneOf(deed: Deed, { channel, sender }: ConsoleWork['by']): string {
  if (deed.do === 'ask') return breakerLane(deed.breaker)
  return deed.do === 'run' ? runLane(deed.run) : talkLane(ownChat(channel ?? 'telegram', sender))
}

/** Who asks for another thing by the same key is told so, and never another deed's outcome. */
const told = (id: string, print: string, outcome: Outcome): Told =>
  outcome.print === print ? { id, ...outcome } : { id, state: 'other' }
