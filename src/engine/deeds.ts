import { ALARM_CARD } from '../domain/alarm.ts'
import type { Deed, Target } from '../domain/escalation.ts'
import { type Message, message } from '../domain/message.ts'
import type { ChatRef, Room } from '../domain/policy.ts'
import type { NewJob } from '../store/store.ts'
import { chatKey } from './parts.ts'
import { chatLane, PRIORITY, QUEUE, SEND_QUEUE } from './queues.ts'
import { adminJob, sayJob } from './send-jobs.ts'
import type { AlarmRef, PostWork, SendWork, SummonWork } from './work.ts'

/** Where the deed comes from. */
export interface DeedOrigin {
  /** Unique for this deed. */
  id: string
  now: number
  /** The storm on whose card the incident stands: many of them are one mail. */
  storm?: string
  /** Of a drill: which step it is, from 0. */
  drill?: number
}

/** Alarms of one moment are one call, ms. */
const GATHER = 1000

/** The jobs that carry out what a step of an escalation asks for. */
export function deedJobs(deed: Deed, ref: AlarmRef, room: Room | undefined, origin: DeedOrigin): NewJob[] {
  const chats = room?.chats ?? []
  const { id, now, drill } = origin
  if (drill !== undefined) return drillJobs(deed, ref, chats, { ...origin, drill })
  switch (deed.do) {
    case 'remind':
      return chats.map((chat): NewJob => {
        const payload: SendWork = { what: 'remind', chat, room: room!.name }
        return {
          id: `remind:${id}:${chatKey(chat)}`,
          queue: SEND_QUEUE[chat.channel],
          lane: chatLane(chat),
          priority: PRIORITY.alarm,
          payload,
          dueAt: now + GATHER,
          collapse: `remind:${chatKey(chat)}`,
        }
      })
    case 'summon':
      return [summonJob({ call: id, person: deed.person, tried: [], round: 0 }, now + GATHER)]
    case 'mail':
    case 'hook':
      return [postJob(postOf(deed, ref), origin)]
    case 'nobody': {
      const text = message('escalation.nobody', {
        wanted: wantedIn(deed.wanted),
        room: room?.name ?? '',
        instead: deed.instead.join(', ') || message('escalation.no-one'),
      })
      return [
        ...chats.map((chat) => ({
          ...sayJob(`nobody:${id}`, chat, [text], PRIORITY.alarm),
          collapse: `nobody:${chatKey(chat)}`,
        })),
        adminJob(`nobody:${room?.name}:${Math.floor(now / 3_600_000)}`, text),
      ]
    }
  }
}

/** The same for a drill: it waits for nothing and is mixed with nothing, and whatever is in earnest goes first. */
function drillJobs(
  deed: Deed,
  ref: AlarmRef,
  chats: readonly ChatRef[],
  { id, now, drill: step }: DeedOrigin & { drill: number },
): NewJob[] {
  const isDrill = { queue: QUEUE.drills, priority: PRIORITY.rest }
  switch (deed.do) {
    case 'remind':
      return chats.map((chat): NewJob => {
        const payload: SendWork = { what: 'remind-drill', chat, alarm: ref.id, step, people: deed.people }
        const place = { queue: SEND_QUEUE[chat.channel], lane: chatLane(chat) }
        return { id: `remind:${id}:${chatKey(chat)}`, ...place, priority: PRIORITY.answer, payload }
      })
    case 'summon':
      return [summonJob({ call: id, person: deed.person, tried: [], round: 0, drill: ref.id }, now)]
    case 'mail':
    case 'hook':
      return [{ ...postJob({ ...postOf(deed, ref), drill: step }, { id, now }), ...isDrill }]
    case 'nobody':
      return []
  }
}

const wantedIn = (wanted: Target): Message | string =>
  typeof wanted === 'string' ? message(`target.${wanted}`) : wanted.person

/** Has somebody called; while one waits, another is the same. Each try by another way is a job of its own. */
export function summonJob(work: SummonWork, dueAt: number): NewJob {
  const lane = `${work.drill === undefined ? 'summon' : 'drill'}:${work.person}`
  const again = work.tried.length > 0 || work.round > 0 || work.drill !== undefined || work.word !== undefined
  return {
    id: `${lane}:${work.call}:${work.round}:${work.tried.length}${work.word ? ':word' : ''}`,
    queue: work.drill === undefined ? QUEUE.summons : QUEUE.drills,
    lane,
    priority: work.drill === undefined ? PRIORITY.alarm : PRIORITY.rest,
    payload: work,
    dueAt,
    ...(!again && { collapse: lane }),
  }
}

function postOf(deed: Extract<Deed, { do: 'mail' | 'hook' }>, ref: AlarmRef): PostWork {
  const where =
    deed.do === 'mail' ? { way: 'mail' as const, to: deed.to } : { way: 'webhook' as const, to: deed.hook }
  return { ...where, what: deed.what, ref }
}

/** A mail, or a call of a web-hook. Those about one storm are one. */
function postJob(work: PostWork, { id, now, storm }: DeedOrigin): NewJob {
  const lane = `${work.way}:${work.to}`
  const about = storm === undefined ? `${work.ref.breaker}:${work.ref.id}` : `storm:${storm}`
  return {
    id: `${lane}:${id}:${work.what}`,
    queue: QUEUE.posts,
    lane: `${lane}:${work.ref.breaker === ALARM_CARD ? work.ref.id : work.ref.breaker}`,
    priority: PRIORITY.alarm,
    payload: storm === undefined ? work : { ...work, storm },
    ...(storm !== undefined && { dueAt: now + GATHER, collapse: `${lane}:${about}:${work.what}` }),
  }
}
