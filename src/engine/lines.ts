import type { BreakerState } from '../domain/breaker.ts'
import { controlNote } from '../domain/control.ts'
import { dutyLines } from '../domain/duty.ts'
import type { AskAction } from '../domain/event.ts'
import type { GroupRun } from '../domain/group-run.ts'
import type { Incident } from '../domain/incident.ts'
import type { Message } from '../domain/message.ts'
import { listLines, statusLines } from '../domain/overview.ts'
import { may } from '../domain/people.ts'
import type { BreakerConfig, ChatRef } from '../domain/policy.ts'
import { windowLines } from '../domain/window-text.ts'
import type { Job, JobResult } from '../store/store.ts'
import { type Alarms, alarmsIn } from './alarms.ts'
import type { Aliases } from './aliases.ts'
import { arrangedPolicy } from './arrangements.ts'
import type { createArranging } from './arranging.ts'
import type { createBinding } from './binding.ts'
import { type MessageRecord, messageKey } from './cards.ts'
import { connectionLines } from './connection-lines.ts'
import type { ConsoleWords } from './console/words.ts'
import { type createControl, getControl } from './control.ts'
import type { createDrills } from './drills.ts'
import { type EnergyTold, energyAnswer } from './energy-answer.ts'
import { exportAnswer } from './energy-export.ts'
import { historyAnswer } from './history.ts'
import { know } from './knowing.ts'
import { chatKey, type Lookup, type Parts, standingRuns } from './parts.ts'
import type { Place, Typed } from './place.ts'
import { planAnswer } from './plan-answer.ts'
import type { createReportAsking } from './reports/asking.ts'
import type { Runs } from './runs.ts'
import { sayJob } from './send-jobs.ts'
import { stormsIn } from './storm-state.ts'
import type { Storms } from './storms.ts'
import { understand } from './typed.ts'
import { aboutSame, askTyped } from './typed-ask.ts'
import type { TextWork } from './work.ts'

/** Enough answers in so many ms to set the bot up; no more, so that no stranger can make the bot fill a group. */
const STRANGER_ANSWERS = { most: 3, within: 60_000 }

interface LineParts {
  runs: Runs
  storms: Pick<Storms, 'say'>
  alarms: Pick<Alarms, 'say'>
  drills: ReturnType<typeof createDrills>
  reports: ReturnType<typeof createReportAsking>
  control: ReturnType<typeof createControl>
  binding: ReturnType<typeof createBinding>
  arranging: ReturnType<typeof createArranging>
  consoleWords: ConsoleWords
}

/** What is answered by lines of text. */
type Answered = Extract<
  Typed,
  { kind: 'say' | 'energy' | 'export' | 'status' | 'list' | 'history' | 'oncall' | 'plan' }
>

/** The rooms that can be spoken of in a place. */
const roomsOf = ({ room, breakers }: Place): string[] =>
  room ? [room.name] : [...new Set(breakers.map((one) => one.room))]

/** Takes the typed lines from the inbox. */
export function createLines(
  parts: Parts,
  lookup: Lookup,
  aliases: Aliases,
  { runs, storms, alarms, drills, reports, control, binding, arranging, consoleWords }: LineParts,
) {
  const { store } = parts

  async function run(job: Job, work: TextWork): Promise<JobResult> {
    const chat = aliases.original({ channel: work.channel, chat: work.input.chat })
    const place = await placeOf(work, chat)
    const typed = await understand(work.input, place)
    if (typed.kind === 'silence') return 'done'
    // Codes have limits of their own, and must not fail for three questions before.
    if (!place.person && typed.kind !== 'bind' && (await hasHadEnough(work))) return 'done'
    if (typed.kind === 'ask') return askTyped(parts, lookup, { job, work, chat, typed })
    if (typed.kind === 'run') return runs.say(job, work, chat, typed)
    if (typed.kind === 'storm') return storms.say(job, work, chat, typed.storm)
    if (typed.kind === 'alarm' || typed.kind === 'watch-draw') return alarms.say(job, work, chat, typed)
    if (typed.kind === 'report') return reports.say(job, chat, place, typed)
    if (typed.kind === 'drill')
      return drills.say(job, chat, place.person!, { room: place.room?.name, ...typed })
    const { channel, input } = work
    if (typed.kind === 'group')
      return runs.ask(job, { channel, sender: input.sender.id }, chat, place.person!, typed)
    if (typed.kind === 'console') return consoleWords.link(job, work, chat, place.person!)
    if (typed.kind === 'console-off') return consoleWords.off(job, chat, place.person!, typed.name)
    if (typed.kind === 'control') return control.run(job, typed.word, place.person!, chat)
    if (typed.kind === 'arrange') return arranging.run(job, chat, place, typed)
    if (typed.kind === 'bind') return binding.bind({ job, work, chat, code: typed.code })
    if (typed.kind === 'unbind') return binding.unbind(job, chat, place.person!, typed.name)
    const { lines, ...chart } = await answerTo(typed, place)
    const more = { ...aboutSame(work), ...chart }
    await store.commit({ jobs: [sayJob(job.id, chat, lines, undefined, more)], done: job.id })
    return 'committed'
  }

  async function hasHadEnough({ channel, input }: TextWork): Promise<boolean> {
    return (await store.spend([{ name: `stranger:${channel}:${input.sender.id}`, ...STRANGER_ANSWERS }])) > 0
  }

  async function placeOf({ channel, input }: TextWork, chat: ChatRef): Promise<Place> {
    const room = lookup.roomOfChat(chat)
    const person = input.sender.anonymous ? undefined : lookup.person(channel, input.sender.id)
    const here = room ? lookup.breakersIn(room.name) : person && !input.group ? parts.policy.breakers : []
    const breakers = person ? here.filter((one) => may(person, 'view', one)) : here
    const answered = input.replyTo
      ? await store.get<MessageRecord>(messageKey(chat, input.replyTo))
      : undefined
    return {
      channel,
      chat,
      room,
      person,
      breakers,
      answered: answered?.value,
      pending: (action) => pending(action, breakers),
      runs: async () => (await standingRuns(store)).filter((run) => standsIn(run, chat)),
      people: parts.policy.people.map((one) => one.name),
      alarms: async () => (room ? alarmsIn(parts, room.name) : []),
      storms: async () => (room ? stormsIn(store, room.name) : []),
      language: lookup.locale(chat) === 'en' ? 'en' : 'zh',
    }
  }

  function standsIn({ chats }: GroupRun, chat: ChatRef): boolean {
    return chats.some((one) => chatKey(one) === chatKey(lookup.configured(chat)))
  }

  /** The breakers that a line without a name can mean. */
  async function pending(action: AskAction, breakers: BreakerConfig[]): Promise<BreakerConfig[]> {
    if (action === 'hold' || action === 'release' || action === 'unlock') return []
    const waits = action === 'confirm' || action === 'cancel'
    const ids = waits
      ? (await store.list<BreakerState>({ kind: 'breaker', open: true, limit: 1000 })).map(
          (one) => one.value.id,
        )
      : (await store.list<Incident>({ kind: 'incident', open: true, limit: 1000 }))
          .filter(({ value }) => canBeMeant(value, action))
          .map((one) => one.value.breaker)
    return breakers.filter((one) => ids.includes(one.id))
  }

  async function answerTo(typed: Answered, place: Place): Promise<EnergyTold> {
    return typed.kind === 'energy'
      ? energyAnswer(parts, typed.wish, lookup.timezone(place.chat))
      : { lines: await linesFor(typed, place) }
  }

  async function linesFor(typed: Exclude<Answered, { kind: 'energy' }>, place: Place): Promise<Message[]> {
    switch (typed.kind) {
      case 'say':
        return typed.lines
      case 'export':
        return exportAnswer(parts, lookup, typed.wish, place)
      case 'status':
        return [
          ...controlNote(parts.policy, await getControl(store)),
          ...(typed.onlyTroubled ? connectionLines(parts, place) : []),
          ...windowLines(
            await arrangedPolicy(parts),
            { breakers: typed.breakers, room: place.room?.name },
            parts.now(),
          ),
          ...statusLines(await know(store, typed.breakers), typed.onlyTroubled),
        ]
      case 'history':
        return historyAnswer(parts, place, typed.rest)
      case 'oncall':
        return dutyLines(await arrangedPolicy(parts), roomsOf(place), parts.now())
      case 'plan':
        return planAnswer(parts, typed.breaker)
      case 'list':
        return listLines(await know(store, typed.breakers))
    }
  }

  return { run }
}

/** True for an incident that such a word without a name can be about. */
function canBeMeant({ owner, handedOverBy, storm }: Incident, action: AskAction): boolean {
  if (action === 'unack' || action === 'handover') return owner !== undefined
  return action !== 'ack' || handedOverBy !== undefined || !(owner || storm)
}
