import { type CardText, waitsForPress } from '../../domain/card-text.ts'
import { rememberNewest } from '../../domain/newest.ts'
import type { Delivery, Log } from '../channel.ts'
import type { CardContent } from './card-requests.ts'
import { isForAll, SCOPE_MISSING, scopePage } from './errors.ts'
import type { Messages } from './messages.ts'
import type { Notices } from './notices.ts'
import { renderSummary } from './render.ts'

/** What is tried first in the place of a card: a message whose buttons type a command, or one that says what to type. */
export type FirstFallback = 'action-card' | 'markdown'

/**
 * Messages in the place of cards, while DingTalk refuses those: an action card, then markdown, and where the API is
 * shut to the whole app or organisation, markdown to the reply address of the chat. They cannot be changed, so what
 * changes is told by a short text; where it waits for somebody, by the message anew, for its buttons.
 */
export interface Fallback {
  /** Whether cards, or this one, were refused a short while ago: then they are not tried. */
  standsInFor(card: CardText): boolean
  send(chat: string, content: CardContent, key: string): Promise<Delivery>
  /** The same, after a card was refused; `scopes`: those that DingTalk names as missing. */
  instead(
    refusal: Refusal,
    scopes: string[] | undefined,
    chat: string,
    content: CardContent,
    key: string,
  ): Promise<Delivery>
  change(chat: string, message: string, card: CardText): Promise<Delivery>
  /** A card was taken. */
  over(): void
}

export interface FallbackOptions {
  messages: Messages
  notices: Notices
  clientId: string
  first: FirstFallback
  now(): number
  log: Log
}

type Refusal = Extract<Delivery, { outcome: 'refused' }>

/** What was refused is tried again after this, ms (our choice). */
const TRY_AGAIN = 10 * 60_000
/** How many refusals, and how many messages with the version they tell, are remembered. */
const REMEMBERED = 1_000
const ALL_CARDS = 'cards'
const USELESS_TEMPLATE = new Set(['param.templateNotExist', 'param.templateUnpublished'])
const USELESS_ACTION_CARD = /^(invalidParameter\.msgKey|template)\./
/** Marks the names of these messages, so that after a restart too it is known that they cannot be changed. */
const PLAIN = 'plain:'

export const isPlain = (message: string): boolean => message.startsWith(PLAIN)

export function createFallback({ messages, notices, clientId, first, now, log }: FallbackOptions): Fallback {
  /** Until when what was refused is not tried: all cards, one card by its subject, or a way. */
  const shut = new Map<string, number>()
  const told = new Map<string, number>()

  const isShut = (what: string) => (shut.get(what) ?? 0) > now()

  const shutFor = (what: string) => rememberNewest(shut, what, now() + TRY_AGAIN, REMEMBERED)

  async function byRobot(chat: string, content: CardContent, key: string): Promise<Delivery> {
    if (first === 'action-card' && !isShut(first)) {
      const delivery = await messages.actionCard(chat, content, key)
      if (delivery.outcome !== 'refused' || delivery.gone || isForAll(delivery.code)) return delivery
      if (USELESS_ACTION_CARD.test(delivery.code ?? '')) shutFor(first)
      log.warn({ why: delivery.why }, 'an action card was refused: markdown takes its place')
    }
    return messages.markdown(chat, content, key)
  }

  async function byAnyWay(chat: string, content: CardContent, key: string): Promise<Delivery> {
    const delivery = await byRobot(chat, content, key)
    const isLost = delivery.outcome === 'refused' && !delivery.gone
    return isLost ? ((await messages.reply(chat, content, key)) ?? delivery) : delivery
  }

  /** Names what was delivered, and remembers what it tells. */
  function noted(delivery: Delivery, message: string, { version }: CardText): Delivery {
    if (delivery.outcome !== 'delivered') return delivery
    rememberNewest(told, message, version, REMEMBERED)
    return { outcome: 'delivered', message }
  }

  async function send(chat: string, content: CardContent, key: string): Promise<Delivery> {
    return noted(await byAnyWay(chat, content, key), PLAIN + key, content.card)
  }

  const standsInFor = (card: CardText) => isShut(ALL_CARDS) || isShut(card.subject)

  return {
    standsInFor,
    send,
    async instead(refusal, scopes, chat, content, key) {
      const { code = 'not delivered' } = refusal
      if (isForAll(code) && code !== SCOPE_MISSING) {
        // Nothing but the reply address is left, for what changes of this card, too.
        const reply = await messages.reply(chat, content, key)
        if (reply?.outcome === 'delivered') shutFor(content.card.subject)
        return noted(reply ?? refusal, PLAIN + key, content.card)
      }
      const isOfAllCards = code === SCOPE_MISSING || USELESS_TEMPLATE.has(code)
      if (isOfAllCards) notices.set('cards', advice(code, scopes, clientId))
      else log.warn({ why: refusal.why }, 'a card was refused: a message takes its place')
      shutFor(isOfAllCards ? ALL_CARDS : content.card.subject)
      return send(chat, content, key)
    },
    async change(chat, message, card) {
      if (!standsInFor(card)) return { outcome: 'refused', why: 'a card may take its place', gone: 'message' }
      if ((told.get(message) ?? 0) >= card.version) return { outcome: 'delivered', message }
      // Of its own, or DingTalk might take it for a repetition.
      const key = `${message.slice(PLAIN.length)}-${card.version}`
      const delivery = waitsForPress(card)
        ? await byAnyWay(chat, { card }, key)
        : await messages.text(chat, { text: renderSummary(card) }, key)
      return noted(delivery, message, card)
    },
    over() {
      shut.delete(ALL_CARDS)
      notices.clear('cards')
    },
  }
}

function advice(code: string, scopes: string[] | undefined, clientId: string): string {
  if (code !== SCOPE_MISSING) {
    return `Cards go out as plain messages: DingTalk does not take the card template (${code}).`
  }
  const scope = scopes?.[0] ?? 'Card.Instance.Write'
  return `Cards go out as plain messages: the app lacks the permission ${scope}; apply for it at ${scopePage(clientId, scope)}`
}
