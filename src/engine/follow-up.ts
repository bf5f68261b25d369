import type { BreakerState } from '../domain/breaker.ts'
import type { Decision } from '../domain/decision.ts'
import type { Effect } from '../domain/event.ts'
import type { Message } from '../domain/message.ts'
import type { BreakerConfig, ChatRef, Room } from '../domain/policy.ts'
import type { RunEvent } from '../domain/run-event.ts'
import { usualPause } from '../domain/silence.ts'
import type { NewJob } from '../store/store.ts'
import { chatKey } from './parts.ts'
import { countJob } from './storm-state.ts'
import { watched } from './watches.ts'
import {
  breakerLane,
  type CloudWork,
  chatLane,
  type EventWork,
  PRIORITY,
  QUEUE,
  runLane,
  SEND_QUEUE,
  type SendWork,
  type TextMore,
} from './work.ts'

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

/** The jobs, and the ids of timers to cancel, that a decision's effects mean. */
export function followUp(config: BreakerConfig, room: Room | undefined, decision: Decision, origin: Origin) {
  const jobs = decision.effects.flatMap((effect, index) => jobsFor(config, room, effect, origin, index))
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
    case 'storm':
      return [countJob(origin.job, effect.storm, origin.stormDue?.(effect.storm) ?? origin.now)]
    case 'cancel-timer':
      return []
  }
}

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
  const payload: SendWork = { what: 'card', breaker, id: effect.subject, chat, fresh }
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

/** Something of our own making that goes through the inbox like all else. */
export function insideJob(
  id: string,
  breaker: string,
  event: Extract<EventWork, { from: 'inside' }>['event'],
  dueAt?: number,
): NewJob {
  const payload: EventWork = { from: 'inside', breaker, event }
  return {
    id,
    queue: QUEUE.events,
    lane: breakerLane(breaker),
    priority: PRIORITY.alarm,
    payload,
    ...(dueAt !== undefined && { dueAt }),
  }
}

/** The same for a group run. */
export function runJob(id: string, run: string, event: RunEvent, dueAt?: number): NewJob {
  return {
    id,
    queue: QUEUE.events,
    lane: runLane(run),
    priority: PRIORITY.answer,
    payload: { from: 'run', run, event } satisfies EventWork,
    ...(dueAt !== undefined && { dueAt }),
  }
}

/** A breaker has fallen silent, as it was known then; once for each silence, and once more if it is to be told alone. */
export function silentJob(
  config: BreakerConfig,
  { heardAt = 0, ...known }: BreakerState,
  alone: boolean,
): NewJob {
  const every = usualPause(config, { ...known, heardAt }) ?? 0
  const id = `silent:${config.id}:${heardAt}${alone ? ':alone' : ''}`
  return insideJob(id, config.id, { type: 'silent', heardAt, every, alone })
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

/** Something that one admin should know; the same id is told once. */
export function adminJob(id: string, text: Message): NewJob {
  const payload: SendWork = { what: 'admin', text }
  return { id: `admin:${id}`, queue: QUEUE.admin, lane: 'admin', priority: PRIORITY.rest, payload }
}

/** Something that one person should know; if that one cannot be reached, the room is told. */
function personJob(id: string, { person, text }: { person: string; text: Message }, room: string): NewJob {
  const payload: SendWork = { what: 'admin', text, to: { person, room } }
  return { id: `tell:${id}`, queue: QUEUE.admin, lane: 'admin', priority: PRIORITY.answer, payload }
}
