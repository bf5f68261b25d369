import type { BreakerState } from '../domain/breaker.ts'
import { type Control, type ControlWord, decideControl, offAfterRestore } from '../domain/control.ts'
import type { Reply } from '../domain/decision.ts'
import type { Incident } from '../domain/incident.ts'
import type { Message } from '../domain/message.ts'
import type { Person } from '../domain/people.ts'
import type { ChatRef, Policy } from '../domain/policy.ts'
import { GROUP_CARD } from '../domain/run-card.ts'
import type { Job, JobResult, NewJob, Store, Versioned, Write } from '../store/store.ts'
import { arrangedPolicy } from './arrangements.ts'
import { chatKey, type Lookup, type Parts, standingRuns } from './parts.ts'
import { PRIORITY } from './queues.ts'
import { cardJob, sayJob } from './send-jobs.ts'

/** What the audit calls the switch that stops every command. */
export const CONTROL = 'control'
const KEY = `${CONTROL}/switch`

const read = (store: Store): Promise<Versioned<Control> | undefined> => store.get<Control>(KEY)

/** How control was last switched by word of mouth: one for all instances, read anew each time. */
export async function getControl(store: Store): Promise<Control | undefined> {
  return (await read(store))?.value
}

/** The policy as it is at this moment: with what was set in chats, and without actuation while control is switched off. */
export async function policyNow(parts: Pick<Parts, 'policy' | 'store' | 'now'>): Promise<Policy> {
  const [control, policy] = await Promise.all([getControl(parts.store), arrangedPolicy(parts)])
  return control?.off ? { ...policy, actuation: false } : policy
}

/**
 * The switch as it stands after the state of an earlier time was put in place of the present one, by the command of that
 * name.
 */
export async function writeOffAfterRestore(store: Store, now: number): Promise<Write> {
  const old = await read(store)
  return {
    key: KEY,
    value: offAfterRestore(old?.value, 'breakerbot restore', now),
    version: old?.version ?? 0,
  }
}

/** Carries out `停控` and `复控`: the switch, word of it to all rooms, and all cards that stand. */
export function createControl(parts: Parts, lookup: Lookup) {
  const { store } = parts

  async function run(job: Job, word: ControlWord, person: Person, chat: ChatRef): Promise<JobResult> {
    const old = await read(store)
    const now = parts.now()
    const given = { policy: parts.policy, now }
    const { control, notice, audit, reply } = decideControl(old?.value, word, person, given)
    const committed = await store.commit({
      ...(control && { writes: [{ key: KEY, value: control, version: old?.version ?? 0 }] }),
      jobs: [...answers(job, chat, reply, notice), ...(notice ? await cards(job, now) : [])],
      audit: audit.map((line) => ({ ...line, at: now, subject: CONTROL })),
      done: job.id,
    })
    return committed === 'ok' ? 'committed' : run(job, word, person, chat)
  }

  /** Every room is told, first of all; the one who wrote is answered where no room's chat tells it. */
  function answers(job: Job, chat: ChatRef, { text }: Reply, notice: Message | undefined): NewJob[] {
    const rooms = notice ? parts.policy.rooms.flatMap((room) => room.chats) : []
    const own = lookup.configured(chat)
    const isTold = rooms.some((one) => chatKey(one) === chatKey(own))
    return [
      ...rooms.map((one) => sayJob(`${job.id}:all`, one, [notice!], PRIORITY.alarm)),
      ...(isTold ? [] : [sayJob(job.id, chat, [text])]),
    ]
  }

  /** All cards on which something can still be done, wherever a card can be changed. */
  async function cards(job: Job, now: number): Promise<NewJob[]> {
    const origin = { job: job.id, now, askedAt: now, isTold: () => false }
    const isChangeable = ({ channel }: ChatRef) => parts.channels.get(channel)?.abilities.updateAnyTime
    const incidents = await store.list<Incident>({ kind: 'incident', open: true, limit: 1000 })
    const ofIncidents = incidents.flatMap(({ value: { id, breaker } }) => inRoom(breaker, id))
    const breakers = await store.list<BreakerState>({ kind: 'breaker', open: true, limit: 1000 })
    const ofOperations = breakers.flatMap(({ value }) => asked(value).flatMap((id) => inRoom(value.id, id)))
    const ofRuns = (await standingRuns(store)).flatMap(({ id, chats }) =>
      chats.map((chat) => ({ breaker: GROUP_CARD, id, chat })),
    )
    return [...ofIncidents, ...ofOperations, ...ofRuns]
      .filter(({ chat }) => isChangeable(chat))
      .map(({ breaker, id, chat }) =>
        cardJob(breaker, { do: 'card', subject: id, urgent: false }, chat, origin),
      )
  }

  function inRoom(breaker: string, id: string) {
    const config = lookup.breaker(breaker)
    const chats = (config && lookup.room(config.room)?.chats) ?? []
    return chats.map((chat) => ({ breaker, id, chat }))
  }

  return { run }
}

/** The closes of a breaker that wait to be confirmed on a card of their own. */
function asked({ circuits }: BreakerState): string[] {
  return Object.values(circuits).flatMap(({ operation }) =>
    operation?.stage === 'asked' && operation.incident === undefined ? [operation.id] : [],
  )
}
