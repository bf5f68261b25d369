import type { ChatAnswer } from '../channels/channel.ts'
import type { Reply } from '../domain/decision.ts'
import type { Ask } from '../domain/event.ts'
import { message } from '../domain/message.ts'
import { may } from '../domain/people.ts'
import type { BreakerConfig, ChatRef } from '../domain/policy.ts'
import { GROUP_CARD } from '../domain/run-card.ts'
import { STORM_CARD } from '../domain/storm.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import type { Pressed } from '../text/tokens.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { cardOwner, cardsFor, currentCard, rememberShown } from './cards.ts'
import { decideAndCommit } from './deciding.ts'
import { energyAnswer } from './energy-answer.ts'
import { mendJob, sayJob } from './follow-up.ts'
import type { Lookup, Parts } from './parts.ts'
import type { Runs } from './runs.ts'
import type { Storms } from './storms.ts'
import { noteTurnedAway } from './turned-away.ts'
import { stranger } from './typed.ts'
import type { PressWork } from './work.ts'

export type Presses = ReturnType<typeof createPresses>

/** Takes the presses from the inbox: each is decided upon, and the presser is shown the outcome at once. */
export function createPresses(
  parts: Parts,
  lookup: Lookup,
  aliases: Aliases,
  answers: Answers,
  { runs, storms }: { runs: Runs; storms: Pick<Storms, 'press'> },
) {
  async function run(job: Job, work: PressWork): Promise<JobResult> {
    if (work.pressed.breaker === GROUP_CARD) return runs.press(job, work)
    if (work.pressed.breaker === STORM_CARD) return storms.press(job, work)
    const config = lookup.breaker(work.pressed.breaker)
    const chat = chatOf(work, config)
    if (!config) return turnAway(job, work, chat, 'ask.superseded-gone')
    if (lookup.roomOfChat(chat)?.name !== config.room) return turnAway(job, work, chat, 'ask.other-chat')
    const { action } = work.pressed
    if (action === 'energy') return energy(job, work, chat, config)
    if (action === 'noop') {
      await show(job, work, chat, config, undefined)
      return 'done'
    }
    const cardInAnswer = parts.channels.get(work.channel)?.abilities.cardInAnswer
    return decideAndCommit(parts, lookup, job, config, askOf(work, action, chat), {
      at: work.input.at,
      ...(cardInAnswer && { answeredIn: chat }),
      extra: ({ reply }) => (reply?.outdated && !cardInAnswer ? mending(job, work, chat) : []),
      decided: (decision) => {
        show(job, work, chat, config, decision.reply).catch(() => answers.give(job.id, {}))
      },
    })
  }

  /** Where the answer brings no card, an old one that was pressed is changed by itself. */
  function mending(job: Job, { input, pressed }: PressWork, chat: ChatRef): NewJob[] {
    return input.message === undefined ? [] : [mendJob(job.id, pressed, chat, input.message)]
  }

  /** Where it was pressed. Where the platform does not tell, it was on the card of the breaker's own room. */
  function chatOf({ channel, input }: PressWork, config: BreakerConfig | undefined): ChatRef {
    if (input.chat !== '') return lookup.configured(aliases.original({ channel, chat: input.chat }))
    const own = config && lookup.room(config.room)?.chats.find((one) => one.channel === channel)
    return own ?? { channel, chat: '' }
  }

  async function show(
    job: Job,
    work: PressWork,
    chat: ChatRef,
    config: BreakerConfig,
    reply: Reply | undefined,
  ): Promise<void> {
    const { sender } = work.input
    const person = sender.anonymous ? undefined : lookup.person(work.channel, sender.id)?.name
    const cards = await cardsFor(parts, lookup, config, work.pressed.id, chat, person)
    const toast = reply && lookup.translatorFor(chat)(reply.text)
    answers.give(job.id, {
      ...cards,
      ...(toast && { toast }),
      ...(reply?.refused && { alert: true, privately: cards?.privately || !reply.outdated }),
    })
  }

  async function turnAway(
    job: Job,
    { channel, input }: PressWork,
    chat: ChatRef,
    key: 'ask.superseded-gone' | 'ask.other-chat',
  ): Promise<JobResult> {
    answers.give(job.id, { toast: lookup.translatorFor(chat)(message(key)), alert: true, privately: true })
    await noteTurnedAway(parts, channel, input, 'press.refused', key)
    return 'done'
  }

  async function energy(job: Job, work: PressWork, chat: ChatRef, config: BreakerConfig): Promise<JobResult> {
    const { sender } = work.input
    const person = sender.anonymous ? undefined : lookup.person(work.channel, sender.id)
    if (!may(person, 'view', config)) {
      answers.give(job.id, {
        toast: lookup.translatorFor(chat)(
          person ? message('ask.role-here', { person: person.name, site: config.site }) : stranger(sender),
        ),
        alert: true,
        privately: true,
      })
      return 'done'
    }
    const lines = await energyAnswer(parts, config)
    await parts.store.commit({ jobs: [sayJob(job.id, chat, lines)], done: job.id })
    // The card as it stands: a platform that changes cards only at a press has it mended by this one.
    await show(job, work, chat, config, undefined)
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
    const chat = chatOf(work, lookup.breaker(work.pressed.breaker))
    rememberShown(parts, chat, work.pressed.id, work.input.message, fields).catch((error) =>
      parts.log.warn(
        { error: String(error) },
        'a shown card could not be noted; it will be updated once more',
      ),
    )
  }

  return { run, isOurs, shown }
}

function askOf(work: PressWork, action: Ask['action'], chat: ChatRef): Ask {
  const { sender } = work.input
  return {
    type: 'ask',
    action,
    channel: work.channel,
    sender: sender.id,
    anonymous: sender.anonymous === true,
    chat,
    subject: work.pressed.id,
    version: work.pressed.version,
    typed: false,
    ...(work.pressed.nonce !== undefined && { nonce: work.pressed.nonce }),
  }
}
