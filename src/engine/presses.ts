import type { ChatAnswer } from '../channels/channel.ts'
import { ALARM_CARD } from '../domain/alarm.ts'
import { isDrawAction } from '../domain/decide-draw.ts'
import type { Reply } from '../domain/decision.ts'
import type { Ask } from '../domain/event.ts'
import { type Message, message } from '../domain/message.ts'
import { may } from '../domain/people.ts'
import type { BreakerConfig, ChatRef } from '../domain/policy.ts'
import { GROUP_CARD } from '../domain/run-card.ts'
import { STORM_CARD } from '../domain/storm.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import type { Pressed } from '../text/tokens.ts'
import type { Alarms } from './alarms.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { cardOwner, cardsFor, currentCard, rememberShown } from './cards.ts'
import { decideAndCommit } from './deciding.ts'
import { energyAnswer } from './energy-answer.ts'
import type { LateWords, Missed, Press } from './missed.ts'
import type { Lookup, Parts } from './parts.ts'
import { pressedIn } from './pressed.ts'
import type { Runs } from './runs.ts'
import { mendJob, sayJob } from './send-jobs.ts'
import type { Storms } from './storms.ts'
import { noteTurnedAway } from './turned-away.ts'
import { stranger } from './typed.ts'
import { actedAt, type PressWork } from './work.ts'

/** A press whose turn has come. `late`: what tells it, where nobody waits any more. */
interface Turn {
  job: Job
  work: PressWork
  chat: ChatRef
  late: LateWords | undefined
}

export type Presses = ReturnType<typeof createPresses>

/** Takes the presses from the inbox: each is decided upon, and the presser is shown the outcome at once. */
export function createPresses(
  parts: Parts,
  lookup: Lookup,
  aliases: Aliases,
  answers: Answers,
  {
    runs,
    storms,
    alarms,
    missed,
  }: { runs: Runs; storms: Pick<Storms, 'press'>; alarms: Pick<Alarms, 'press'>; missed: Missed },
) {
  async function run(job: Job, work: PressWork): Promise<JobResult> {
    const config = lookup.breaker(work.pressed.breaker)
    const chat = chatOf(work)
    const late = await missed.late(job, work, chat)
    if (work.pressed.breaker === GROUP_CARD) return runs.press(job, work, late)
    if (work.pressed.breaker === STORM_CARD) return storms.press(job, work, late)
    if (work.pressed.breaker === ALARM_CARD) return alarms.press(job, work, late)
    const turn: Turn = { job, work, chat, late }
    if (!config) return turnAway(turn, 'ask.superseded-gone')
    if (lookup.roomOfChat(chat)?.name !== config.room) return turnAway(turn, 'ask.other-chat')
    const { action } = work.pressed
    if (action === 'energy') return energy(turn, config)
    if (isDrawAction(action)) return turnAway(turn, 'ask.superseded-gone')
    if (action === 'noop') {
      await show(turn, config, undefined)
      return 'done'
    }
    const cardInAnswer = parts.channels.get(work.channel)?.abilities.cardInAnswer
    return decideAndCommit(parts, lookup, job, config, askOf(turn, action), {
      ...(cardInAnswer && !late && { answeredIn: chat }),
      extra: ({ reply }) => [
        ...(reply?.outdated && !cardInAnswer ? mending(turn) : []),
        ...(reply && late ? late(reply.text) : []),
      ],
      decided: (decision) => {
        show(turn, config, decision.reply).catch(() => answers.give(job.id, {}, late !== undefined))
      },
    })
  }

  /** Where the answer brings no card, an old one that was pressed is changed by itself. */
  function mending({ job, work: { input, pressed }, chat }: Turn): NewJob[] {
    return input.message === undefined ? [] : [mendJob(job.id, pressed, chat, input.message)]
  }

  /** Where it was pressed. Where the platform does not tell, it was on the card of the breaker's own room. */
  function chatOf({ channel, input, pressed }: Press): ChatRef {
    const config = pressed && lookup.breaker(pressed.breaker)
    const room = config && lookup.room(config.room)
    return pressedIn(lookup, aliases, { channel, chat: input.chat }, room?.chats)
  }

  async function show(
    { job, work, chat, late }: Turn,
    config: BreakerConfig,
    reply: Reply | undefined,
  ): Promise<void> {
    const { sender } = work.input
    const person = sender.anonymous ? undefined : lookup.person(work.channel, sender.id)?.name
    const cards = await cardsFor(parts, lookup, config, work.pressed.id, chat, person)
    const toast = reply && lookup.translatorFor(chat)(reply.text)
    const answer = {
      ...cards,
      ...(toast && { toast }),
      ...(reply?.refused && { alert: true, privately: cards?.privately || !reply.outdated }),
    }
    answers.give(job.id, answer, late !== undefined)
  }

  /** Answers that it came to nothing; the caller's job ends with it. */
  async function refuse({ job, chat, late }: Turn, text: Message): Promise<void> {
    const toast = lookup.translatorFor(chat)(text)
    answers.give(job.id, { toast, alert: true, privately: true }, late !== undefined)
    if (late) await parts.store.enqueue(late(text))
  }

  async function turnAway(turn: Turn, key: 'ask.superseded-gone' | 'ask.other-chat'): Promise<JobResult> {
    await refuse(turn, message(key))
    await noteTurnedAway(parts, turn.work.channel, turn.work.input, 'press.refused', key)
    return 'done'
  }

  async function energy(turn: Turn, config: BreakerConfig): Promise<JobResult> {
    const { job, work, chat } = turn
    const { input } = work
    const person = input.sender.anonymous ? undefined : lookup.person(work.channel, input.sender.id)
    if (!may(person, 'view', config)) {
      await refuse(
        turn,
        person
          ? message('ask.role-here', { person: person.name, site: config.site })
          : stranger(input.sender),
      )
      return 'done'
    }
    const about = input.message === undefined ? {} : { replyTo: input.message }
    const wish = { name: config.name, breakers: [config], isRanking: false }
    const { lines, ...chart } = await energyAnswer(parts, wish, lookup.timezone(chat))
    const say = sayJob(job.id, chat, lines, undefined, { ...about, ...chart })
    await parts.store.commit({ jobs: [say], done: job.id })
    // The card as it stands: a platform that changes cards only at a press has it mended by this one.
    await show(turn, config, undefined)
    return 'committed'
  }

  /** True if there is a card with such a button: all others are forged or far too old, and nothing follows from them. */
  async function isOurs(pressed: Pressed): Promise<boolean> {
    const owner = cardOwner(lookup, pressed.breaker)
    return owner !== undefined && (await currentCard(parts, owner, pressed.id)) !== undefined
  }

  /** The platform took the card that the answer brought: its own update need not be made. */
  function shown(work: PressWork, answer: ChatAnswer, toAll: boolean, toPresser: boolean): void {
    const { card, own, privately } = answer
    if (!card) return
    const fields = {
      ...(toAll && (own || !privately) && { shown: card.version }),
      ...(toPresser && own && privately && { quiet: card.version }),
    }
    if (Object.keys(fields).length === 0) return
    rememberShown(parts, chatOf(work), work.pressed.id, work.input.message, fields).catch((error) =>
      parts.log.warn(
        { error: String(error) },
        'a shown card could not be noted; it will be updated once more',
      ),
    )
  }

  return { run, isOurs, shown, chatOf }
}

function askOf({ job, work, chat }: Turn, action: Ask['action']): Ask {
  const { channel, input, pressed } = work
  return {
    type: 'ask',
    action,
    channel,
    sender: input.sender.id,
    anonymous: input.sender.anonymous === true,
    chat,
    subject: pressed.id,
    version: pressed.version,
    typed: false,
    givenAt: actedAt(job, input),
    ...(pressed.nonce !== undefined && { nonce: pressed.nonce }),
  }
}
