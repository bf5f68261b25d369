import { ALARM_CARD, type Alarm } from '../domain/alarm.ts'
import {
  type AlarmAsk,
  type AlarmDecision,
  type AlarmEffect,
  type AlarmEvent,
  decideAlarm,
} from '../domain/decide-alarm.ts'
import { DRAW_ACTIONS, isDrawAction } from '../domain/decide-draw.ts'
import type { Reply } from '../domain/decision.ts'
import type { DrillCard } from '../domain/drill.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import { wordWrite } from './abnormal/records.ts'
import { watchAgain } from './abnormal/watching-again.ts'
import { alarmJob } from './alarm-jobs.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { type CardRecord, cardRecordKey } from './cards.ts'
import { policyNow } from './control.ts'
import { deedJobs } from './deeds.ts'
import type { LateWords } from './missed.ts'
import { alarmKey, getAlarm, type Lookup, type Parts, roomSubject } from './parts.ts'
import type { Typed } from './place.ts'
import { createPressedAck, createShow } from './pressed.ts'
import { PRIORITY } from './queues.ts'
import { adminJob, cardJob, type Origin, personJob, sayJob } from './send-jobs.ts'
import { watched } from './watches.ts'
import type { PressWork, TextMore, TextWork } from './work.ts'

/** Tries before an event goes to the back of the line. */
const MAX_CONFLICTS = 5

export type Alarms = ReturnType<typeof createAlarms>

/** Alarms that are no breaker's: each is decided upon in a lane of its own. */
export function createAlarms(parts: Parts, lookup: Lookup, aliases: Aliases, answers: Answers) {
  const { store } = parts
  const show = createShow(parts, lookup, answers, ALARM_CARD)
  const pressedAck = createPressedAck(parts, lookup, aliases, show, ['ack', ...DRAW_ACTIONS])

  async function decideAndCommit(
    job: Job,
    id: string,
    event: AlarmEvent,
    more: { answeredIn?: ChatRef | undefined; extra?: (reply: Reply) => NewJob[] } = {},
  ): Promise<Exclude<JobResult, string> | AlarmDecision> {
    for (let tried = 0; tried < MAX_CONFLICTS; tried++) {
      const known = await getAlarm(store, id)
      const now = parts.now()
      const decision = decideAlarm(known?.value, event, { id, policy: await policyNow(parts), now })
      const { alarm, reply, audit } = decision
      const subject = roomSubject(alarm?.room ?? '')
      const words = decision.effects.filter((one) => one.do === 'draw-word')
      const committed = await store.commit({
        writes: [
          ...(alarm && alarm !== known?.value ? [write(alarm, known?.version ?? 0)] : []),
          ...(await Promise.all(words.map((one) => wordWrite(store, one.breaker, one.word, now)))),
        ],
        jobs: [
          ...(alarm ? jobsOf(job, alarm, decision, now, more.answeredIn) : []),
          ...(reply ? (more.extra?.(reply) ?? []) : []),
        ],
        audit: audit.map((line) => ({ ...line, at: now, subject })),
        done: job.id,
      })
      if (committed === 'ok') return decision
    }
    return { retryAt: parts.now() + 50, why: 'the alarm changed under the decision each time' }
  }

  function jobsOf(
    job: Job,
    alarm: Alarm,
    { effects }: AlarmDecision,
    now: number,
    answeredIn: ChatRef | undefined,
  ): NewJob[] {
    const room = lookup.room(alarm.room)
    const isTold = ({ channel }: ChatRef) => parts.channels.get(channel)?.abilities.updateAnyTime === false
    const origin: Origin = { job: job.id, now, askedAt: now, isTold, ...(answeredIn && { answeredIn }) }
    const jobs = effects.flatMap((effect, index): NewJob[] => {
      switch (effect.do) {
        case 'card':
          return (room?.chats ?? []).map((chat) => cardJob(ALARM_CARD, effect, chat, origin))
        case 'deed': {
          const ref = { breaker: ALARM_CARD, id: alarm.id }
          const drill = alarm.drill && { drill: alarm.drill.steps.length - 1 }
          return deedJobs(effect.deed, ref, room, { id: `${job.id}:${index}`, now, ...drill })
        }
        case 'tell':
          return [personJob(`${job.id}:${index}`, effect, alarm.room)]
        case 'timer':
          return [alarmJob(`timer:${effect.id}`, alarm.id, effect.event, effect.at)]
        case 'say':
          return (room?.chats ?? []).map((chat) =>
            sayJob(`${job.id}:${index}`, chat, effect.lines, ...about(alarm, effect)),
          )
        case 'draw-word':
          return []
        case 'tell-admin':
          return [adminJob(`${job.id}:${index}`, effect.text)]
        default:
          return effect satisfies never
      }
    })
    return watched(jobs, now)
  }

  async function run(job: Job, id: string, event: AlarmEvent): Promise<JobResult> {
    const known = event.type === 'drill-ends' ? { ...event, cards: await cardsOf(id) } : event
    const result = await decideAndCommit(job, id, known)
    return 'effects' in result ? 'committed' : result
  }

  /** Whether the chats of its room have its card. */
  async function cardsOf(id: string): Promise<DrillCard[]> {
    const alarm = (await getAlarm(store, id))?.value
    const chats = lookup.room(alarm?.room ?? '')?.chats ?? []
    return Promise.all(
      chats.map(async (chat) => {
        const record = await store.get<CardRecord>(cardRecordKey(chat, id))
        return { channel: chat.channel, shown: record?.value.message !== undefined }
      }),
    )
  }

  /** A button of its card; it belongs to its room's chats. */
  async function press(job: Job, work: PressWork, late: LateWords | undefined): Promise<JobResult> {
    const alarm = (await getAlarm(store, work.pressed.id))?.value
    const chat = await pressedAck(job, work, late, alarm)
    if (!alarm || !chat) return 'done'
    const { channel, input } = work
    const cardInAnswer = parts.channels.get(channel)?.abilities.cardInAnswer
    const action = isDrawAction(work.pressed.action) ? work.pressed.action : 'ack'
    const result = await decideAndCommit(job, alarm.id, askOf(channel, input.sender, action), {
      answeredIn: cardInAnswer && !late ? chat : undefined,
      extra: ({ text }) => late?.(text) ?? [],
    })
    if (!('effects' in result)) return result
    show(job, alarm.id, chat, late, result.reply).catch(() => answers.give(job.id, {}, late !== undefined))
    return 'committed'
  }

  /** A typed word about it. */
  async function say(
    job: Job,
    { channel, input }: TextWork,
    chat: ChatRef,
    typed: Extract<Typed, { kind: 'alarm' | 'watch-draw' }>,
  ): Promise<JobResult> {
    if (typed.kind === 'watch-draw')
      return watchAgain(parts, job, chat, lookup.person(channel, input.sender.id), typed.breaker)
    const { alarm, action, ...more } = typed
    const extra = ({ text }: Reply) => [sayJob(job.id, chat, [text])]
    const result = await decideAndCommit(job, alarm, askOf(channel, input.sender, action, more), { extra })
    return 'effects' in result ? 'committed' : result
  }

  return { run, press, say }
}

/** The alarms of a room that have not ended, newest first. */
export async function alarmsIn({ store }: Pick<Parts, 'store'>, room: string): Promise<Alarm[]> {
  const all = await store.list<Alarm>({ kind: 'alarm', open: true, limit: 1000 })
  return all.map((one) => one.value).filter((one) => one.room === room)
}

const write = (alarm: Alarm, version: number) => ({
  key: alarmKey(alarm.id),
  value: alarm,
  version,
  index: { at: alarm.resolvedAt ?? alarm.openedAt, open: alarm.status !== 'resolved' },
})

function askOf(
  channel: AlarmAsk['channel'],
  { id: sender, anonymous = false }: { id: string; anonymous?: boolean },
  action: AlarmAsk['action'],
  { to, lasts }: Pick<AlarmAsk, 'to' | 'lasts'> = {},
): AlarmAsk {
  const more = { ...(to !== undefined && { to }), ...(lasts !== undefined && { lasts }) }
  return { type: 'alarm-ask', action, channel, sender, anonymous, ...more }
}

/** A picture answers the card of its alarm. */
const about = ({ id }: Alarm, { chart }: Extract<AlarmEffect, { do: 'say' }>): [number, TextMore] =>
  chart ? [PRIORITY.rest, { about: id, chart }] : [PRIORITY.answer, {}]
