import type { ChannelName, ChatAnswer, PressInput, Receipt } from '../channels/channel.ts'
import { message } from '../domain/message.ts'
import type { Pressed } from '../text/tokens.ts'
import { type Answers, type Given, type Waiting, within } from './answers.ts'
import { cardOwner, currentCardText, type MessageRecord, messageKey } from './cards.ts'
import type { Missed, Press } from './missed.ts'
import type { Lookup, Parts } from './parts.ts'
import type { Presses } from './presses.ts'
import { breakerLane } from './queues.ts'
import { noteTurnedAway } from './turned-away.ts'
import type { EventWork, PressWork } from './work.ts'

/** The data of a button that asks for nothing. */
const NOTHING = 'noop'
/** A card is mostly in memory; where it is not, the answer goes without it, ms. */
const CARD_WITHIN = 100

/** A press that is on disk, or of which there is nothing to keep. */
interface Kept {
  press: Press
  waiting: Waiting
}

export interface PressIntakeParts {
  answers: Answers
  presses: Presses
  missed: Missed
  isListed(channel: ChannelName, input: PressInput): boolean
  keep(id: string, lane: string, payload: EventWork, isListed: boolean): Promise<void>
}

const jobOf = ({ channel, input }: Press): string => `press:${channel}:${input.id}`

/**
 * Takes presses: on disk first, then decided. Whoever pressed is shown within a second what came of it, or that it is
 * being worked on; what could not be shown is told by a text.
 */
export function createPressIntake(
  parts: Parts,
  lookup: Lookup,
  { answers, presses, missed, isListed, keep }: PressIntakeParts,
) {
  function receive(channel: ChannelName, input: PressInput): Receipt {
    /** What came of it in time, and whether it is known that the presser was not shown it. */
    let given: Given | undefined
    let isMissed = false
    const kept = keepPress(channel, input)

    async function answer(): Promise<ChatAnswer> {
      const { press, waiting } = await kept
      given = await waiting.inTime
      if (given && isMissed) tell(press, given)
      if (given) return given.answer
      void waiting.outcome.then((outcome) => tell(press, outcome))
      return working(press)
    }

    async function noteShown(toAll: boolean, toPresser: boolean, told: boolean): Promise<void> {
      const { press } = await kept
      if (given && isKept(press)) presses.shown(press, given.answer, toAll, toPresser)
      if (given && !told && !isMissed) tell(press, given)
      isMissed ||= !told
    }

    return {
      taken: kept.then(() => {}),
      answer: answer().catch(() => ({})),
      // What was not kept is not taken either, and nobody is shown anything.
      shown: (toAll, toPresser = toAll, told = true) =>
        void noteShown(toAll, toPresser, told).catch(() => {}),
    }
  }

  function tell(press: Press, { answer: { toast }, told }: Given): void {
    if (toast !== undefined && !told) void missed.tell(jobOf(press), press, presses.chatOf(press), toast)
  }

  /** The answer to what takes long. Where an answer brings a card, the card as it stands, for the presser alone. */
  async function working(press: Press): Promise<ChatAnswer> {
    const chat = presses.chatOf(press)
    const toast = lookup.translatorFor(chat)(message('press.working'))
    if (!parts.channels.get(press.channel)?.abilities.cardInAnswer) return { toast }
    const { pressed } = press
    const owner = pressed && cardOwner(lookup, pressed.breaker)
    const card = owner && (await within(CARD_WITHIN, currentCardText(parts, lookup, owner, pressed.id, chat)))
    return card ? { toast, card, privately: true } : {}
  }

  async function keepPress(channel: ChannelName, input: PressInput): Promise<Kept> {
    const pressed = await meant(channel, input)
    if (!pressed) return { press: { channel, input }, waiting: atOnce(turnAway(channel, input)) }
    const work: PressWork = { from: 'press', channel, input, pressed }
    // Before it is kept: the decision may follow at once.
    const waiting = answers.wait(jobOf(work))
    await keep(jobOf(work), breakerLane(pressed.breaker), work, isListed(channel, input))
    return { press: work, waiting }
  }

  /** The button of ours that a press means; undefined for what is forged, or of a card that is gone. */
  async function meant(channel: ChannelName, input: PressInput): Promise<Pressed | undefined> {
    const pressed = input.data === NOTHING ? await cardUnder(channel, input) : parts.tokens.open(input.data)
    return pressed && (await presses.isOurs(pressed)) ? pressed : undefined
  }

  /** A button that asks for nothing stands on cards of platforms that insist on one: pressing it shows the card anew. */
  async function cardUnder(channel: ChannelName, input: PressInput): Promise<Pressed | undefined> {
    if (input.message === undefined) return undefined
    const key = messageKey(presses.chatOf({ channel, input }), input.message)
    const record = await parts.store.get<MessageRecord>(key)
    return record && { action: 'noop', version: 0, ...record.value }
  }

  /**
   * For what no button of ours says: nothing follows from it, so there is nothing to keep. If it came from a card of
   * ours (sealed before the store was made anew, perhaps), that is mended by the way.
   */
  async function turnAway(channel: ChannelName, input: PressInput): Promise<ChatAnswer> {
    if (input.data === NOTHING) return {}
    const chat = presses.chatOf({ channel, input })
    const key = 'ask.superseded-gone'
    const toast = lookup.translatorFor(chat)(message(key))
    const what = parts.tokens.open(input.data) ? 'press.refused' : 'press.forged'
    void noteTurnedAway(parts, channel, input, what, key)
    const card = isListed(channel, input) ? await cardUnder(channel, input) : undefined
    const owner = card && cardOwner(lookup, card.breaker)
    const shown = owner && (await currentCardText(parts, lookup, owner, card.id, chat))
    return { toast, alert: true, ...(shown ? { card: shown } : { privately: true }) }
  }

  return { receive }
}

const isKept = (press: Press): press is PressWork => press.pressed !== undefined

function atOnce(answer: Promise<ChatAnswer>): Waiting {
  const outcome = answer.then((answer) => ({ answer, told: false }))
  return { inTime: outcome, outcome }
}
