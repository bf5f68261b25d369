import type { Handed } from '../channels/way.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import { summonJob } from './deeds.ts'
import { NO_ROOM, type Outcome, type Outgoing } from './outgoing.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'
import { chatLane, PRIORITY, SEND_QUEUE } from './queues.ts'
import type { AdminTurn, SendWork } from './work.ts'

type AdminWork = Extract<SendWork, { what: 'admin' }>

/** A word that reached nobody for so long says nothing any more, ms. */
const PATIENCE = 24 * 3_600_000
/** The pause before all are tried again, ms: it doubles with each round. */
const PAUSE = { first: 1000, longest: 60_000 }

export type AdminWords = ReturnType<typeof createAdminWords>

/**
 * Tells one admin one-to-one: the first who can be reached. A platform that cannot do it now is passed over for the
 * next; if no admin can be reached at all, the rooms are told. Each try is a job of its own in the queue of its
 * platform, for the connections may be held by different instances.
 */
export function createAdminWords(parts: Parts, lookup: Lookup, outgoing: Outgoing) {
  const { store, log, now } = parts

  /** Gives a word to the first in the line. */
  function begin(job: Job): Promise<JobResult> {
    const work = job.payload as AdminWork
    const chat = candidates(parts, work)[0]
    const start = { word: job.id, since: job.createdAt, round: 0, isWorthwhile: false }
    return pass(job, work, chat && { ...start, chat })
  }

  /** @param key the platform's idempotency key */
  async function run(job: Job, work: AdminWork, key: string): Promise<JobResult> {
    const turn = work.turn!
    const delivery = await outgoing.send(
      job,
      turn.chat,
      { text: lookup.translatorFor(turn.chat)(work.text) },
      key,
    )
    if (isTold(delivery)) return work.call ? callEnds(job, work.call, { outcome: 'delivered' }) : 'done'
    if (delivery.outcome === 'unknown' || delivery.outcome === 'no-room') {
      const result = await outgoing.failed(job, 'text', turn.chat, delivery)
      if (typeof result === 'string' || !('dead' in result)) return result
    }
    const isWorthwhile = turn.isWorthwhile || delivery.outcome === 'later'
    const next = nextTurn({ ...turn, isWorthwhile }, work)
    return work.call && !next ? callEnds(job, work.call, asHanded(delivery)) : pass(job, work, next)
  }

  /** The call learns what came of its word. */
  async function callEnds(
    job: Job,
    { about, ...call }: NonNullable<AdminWork['call']>,
    handed: Handed,
  ): Promise<JobResult> {
    await store.commit({ jobs: [summonJob({ ...call, word: { about, handed } }, now())], done: job.id })
    return 'committed'
  }

  function nextTurn(turn: AdminTurn, work: AdminWork): AdminTurn | undefined {
    const all = candidates(parts, work)
    const next = all[all.findIndex((one) => chatKey(one) === chatKey(turn.chat)) + 1]
    if (next) return { ...turn, chat: next }
    // A call has ways of its own to go on, and rounds.
    if (work.call) return undefined
    if (!turn.isWorthwhile || now() - turn.since > PATIENCE) return undefined
    return all[0] && { ...turn, chat: all[0], round: turn.round + 1, isWorthwhile: false }
  }

  async function pass(job: Job, work: AdminWork, turn: AdminTurn | undefined): Promise<JobResult> {
    if (!turn) {
      if (work.call) return callEnds(job, work.call, { outcome: 'refused', why: NO_CHAT })
      log.error({ text: work.text.key }, 'nobody could be told what an admin should know')
      return { dead: 'no admin could be reached' }
    }
    await store.commit({ jobs: [turnJob(work, turn, work.turn?.round === turn.round)], done: job.id })
    return 'committed'
  }

  function turnJob(work: AdminWork, turn: AdminTurn, isSameRound: boolean): NewJob {
    const payload: SendWork = { ...work, turn }
    const pause = Math.min(PAUSE.longest, PAUSE.first * 2 ** (turn.round - 1))
    return {
      id: `${turn.word}:${turn.round}:${chatKey(turn.chat)}`,
      queue: SEND_QUEUE[turn.chat.channel],
      lane: chatLane(turn.chat),
      priority: work.call ? PRIORITY.answer : PRIORITY.rest,
      payload,
      ...(turn.round > 0 && !isSameRound && { dueAt: now() + pause }),
    }
  }

  return { begin, run }
}

const NO_CHAT = 'no chat with this person is configured any more'

const isTold = (delivery: Outcome): boolean =>
  delivery.outcome === 'delivered' || (delivery.outcome === 'later' && delivery.told === true)

/** What became of a word, as a call tells it. */
const asHanded = (delivery: Outcome): Handed =>
  'why' in delivery ? { outcome: delivery.outcome, why: delivery.why } : { outcome: 'later', why: NO_ROOM }

/** Whose one-to-one chats are tried, and then which rooms. */
function candidates({ policy, channels }: Parts, { to, call }: AdminWork): ChatRef[] {
  const own = policy.people
    .filter((one) => (to ? one.name === to.person : one.role === 'admin'))
    .flatMap(({ ids }): ChatRef[] => [
      ...(ids.wecom === undefined ? [] : [{ channel: 'wecom' as const, chat: `user:${ids.wecom}` }]),
      ...(ids.dingtalk === undefined ? [] : [{ channel: 'dingtalk' as const, chat: `user:${ids.dingtalk}` }]),
      ...(ids.telegram === undefined ? [] : [{ channel: 'telegram' as const, chat: ids.telegram }]),
    ])
  const rooms = call ? [] : policy.rooms.filter((room) => !to || room.name === to.room)
  return [...own, ...rooms.flatMap((room) => room.chats)].filter((chat) => channels.has(chat.channel))
}
