import type { Effect } from '../domain/event.ts'
import type { Message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { NewJob } from '../store/store.ts'
import { chatKey } from './parts.ts'
import { chatLane, PRIORITY, QUEUE, SEND_QUEUE } from './queues.ts'
import type { SendWork, TextMore, WordWork } from './work.ts'

/** Which event the jobs follow from, and when. */
export interface Origin {
  /** The event's job id: following jobs take their ids from it, so that deciding twice makes no job twice. */
  job: string
  now: number
  /** When the person acted whose deed the event is. */
  askedAt: number
  /** The chat whose press brings the new card with its answer: its own update waits, and is mostly not needed. */
  answeredIn?: ChatRef
  /** True for chats whose cards cannot be changed, so that each change is told by a message of its own. */
  isTold: (chat: ChatRef) => boolean
  /** When a storm's card should next be brought up to date; default: now. */
  stormDue?: (storm: string) => number
}

/** How long the update of a chat waits that gets the card as an answer, ms: past the platforms' windows (2 s, 5 s). */
const AFTER_ANSWER = 6000
/** How long a change waits where it is told by a message, ms: sending, sent and closed then make one message, not three. */
const TELL_ONCE = 1500

/** Brings a card to one chat; `breaker` as in {@link SendWork}. */
export function cardJob(
  breaker: string,
  effect: Extract<Effect, { do: 'card' }>,
  chat: ChatRef,
  origin: Origin,
): NewJob {
  const isHere = (other: ChatRef | undefined) => other !== undefined && chatKey(other) === chatKey(chat)
  const fresh = isHere(effect.freshIn)
  const answered = isHere(origin.answeredIn)
  // Asked for by a person, a card is an answer to that one, and no alarm for the others.
  const isAlarm = effect.urgent && effect.freshIn === undefined
  const since = isAlarm ? { since: origin.askedAt } : {}
  const payload: SendWork = { what: 'card', breaker, id: effect.subject, chat, fresh, ...since }
  const name = `card:${effect.subject}:${chatKey(chat)}`
  const pause = answered ? AFTER_ANSWER : !effect.urgent && !fresh && origin.isTold(chat) ? TELL_ONCE : 0
  return {
    id: `${name}:${origin.job}`,
    queue: SEND_QUEUE[chat.channel],
    lane: chatLane(chat),
    priority: isAlarm ? PRIORITY.alarm : PRIORITY.answer,
    payload,
    ...(!fresh && { collapse: answered ? `${name}:after` : name }),
    ...(pause > 0 && { dueAt: origin.now + pause }),
  }
}

/** The load before a trip, to one chat: once, after all that is more urgent. */
export function tripPictureJob(breaker: string, incident: string, chat: ChatRef): NewJob {
  const payload: SendWork = { what: 'trip-picture', breaker, id: incident, chat }
  return {
    id: `trip-picture:${incident}:${chatKey(chat)}`,
    queue: SEND_QUEUE[chat.channel],
    lane: chatLane(chat),
    priority: PRIORITY.rest,
    payload,
  }
}

/** One text to one chat; `id` is made unique by the chat. */
export function sayJob(
  id: string,
  chat: ChatRef,
  lines: Extract<SendWork, { what: 'text' }>['lines'],
  priority: number = PRIORITY.answer,
  more: TextMore = {},
): NewJob {
  const payload: SendWork = { what: 'text', chat, lines, ...more }
  return {
    id: `say:${id}:${chatKey(chat)}`,
    queue: SEND_QUEUE[chat.channel],
    lane: chatLane(chat),
    priority,
    payload,
  }
}

/** Brings one message that shows a card up to date, an older one perhaps than the chat's newest. */
export function mendJob(
  id: string,
  { breaker, id: subject }: { breaker: string; id: string },
  chat: ChatRef,
  message: string,
): NewJob {
  const payload: SendWork = { what: 'mend', breaker, id: subject, chat, message }
  return {
    id: `mend:${id}`,
    queue: SEND_QUEUE[chat.channel],
    lane: chatLane(chat),
    payload,
    collapse: `mend:${chatKey(chat)}:${message}`,
  }
}

/** Something that one admin should know; the same id is told once. */
export function adminJob(id: string, text: Message): NewJob {
  const payload: SendWork = { what: 'admin', text }
  return { id: `admin:${id}`, queue: QUEUE.admin, lane: 'admin', priority: PRIORITY.rest, payload }
}

/** A word by which one person is called; what came of it goes back to the call. */
export function callJob(
  id: string,
  word: { text: Message; to: { person: string; room: string }; call: WordWork },
): NewJob {
  const payload: SendWork = { what: 'admin', ...word }
  return { id: `tell:${id}`, queue: QUEUE.admin, lane: 'admin', priority: PRIORITY.alarm, payload }
}

/** Something that one person should know; if that one cannot be reached, the room is told. */
export function personJob(
  id: string,
  { person, text }: { person: string; text: Message },
  room: string,
): NewJob {
  const payload: SendWork = { what: 'admin', text, to: { person, room } }
  return { id: `tell:${id}`, queue: QUEUE.admin, lane: 'admin', priority: PRIORITY.answer, payload }
}
