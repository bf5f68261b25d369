import { ALARM_CARD } from '../domain/alarm.ts'
import { alarmCard } from '../domain/alarm-card.ts'
import { circuitState } from '../domain/breaker.ts'
import type { Card } from '../domain/card.ts'
import { incidentCard, operationCard } from '../domain/card.ts'
import { type CardText, waitsForPress } from '../domain/card-text.ts'
import { controlNote } from '../domain/control.ts'
import type { BreakerConfig, ChatRef } from '../domain/policy.ts'
import { GROUP_CARD, runCard } from '../domain/run-card.ts'
import type { View } from '../domain/selected.ts'
import { STORM_CARD } from '../domain/storm.ts'
import { stormCard } from '../domain/storm-card.ts'
import type { Versioned, Write } from '../store/store.ts'
import { cardText } from '../text/card-text.ts'
import { takeRoom } from './budgets.ts'
import { getControl } from './control.ts'
import {
  type Channel,
  chatKey,
  getAlarm,
  getBreaker,
  getIncident,
  getRun,
  type Lookup,
  type Parts,
} from './parts.ts'
import { getStorm } from './storm-state.ts'

/** What one chat has of one card. */
export interface CardRecord {
  subject: string
  /** The newest message that shows it; absent when the platform lost it. */
  message?: string
  /** The version last shown (or told) there. */
  shown: number
  /** The version in which only the one who asked to close was shown the confirming step. */
  quiet?: number
  /** The version whose facts reached the chat in another way, while no card could be shown. */
  told?: number
  /** How many messages were sent for it: part of the next one's key. */
  sent: number
}

export const cardRecordKey = (chat: ChatRef, id: string): string => `card/${chatKey(chat)}:${id}`
/** From a message back to the card on it, for answers to a card. */
export const messageKey = (chat: ChatRef, message: string): string => `message/${chatKey(chat)}:${message}`

/** What a message is about. */
export interface MessageRecord {
  breaker: string
  id: string
}

/** What a card can be about: one breaker, a group of them, a storm, or an alarm that is no breaker's. */
export type CardOwner = BreakerConfig | OfNoBreaker
type OfNoBreaker = typeof GROUP_CARD | typeof STORM_CARD | typeof ALARM_CARD

export const isOfNoBreaker = (owner: string): owner is OfNoBreaker =>
  owner === GROUP_CARD || owner === STORM_CARD || owner === ALARM_CARD

export function cardOwner(lookup: Lookup, breaker: string): CardOwner | undefined {
  return isOfNoBreaker(breaker) ? breaker : lookup.breaker(breaker)
}

/**
 * The card of an incident, operation, group run or storm as things stand now; undefined when it is gone. While no command may
 * leave it says so: each switching of control makes a new version of it.
 */
export async function currentCard(
  parts: Parts,
  owner: CardOwner,
  id: string,
  view: View = {},
): Promise<Card | undefined> {
  const control = await getControl(parts.store)
  const changes = control?.changes ?? 0
  const seen = view.quiet === undefined ? view : { ...view, quiet: view.quiet - changes }
  const card = await cardOf(parts, owner, id, seen)
  if (!card) return undefined
  const notes = [...controlNote(parts.policy, control), ...card.notes]
  return { ...card, changes, notes }
}

async function cardOf(parts: Parts, owner: CardOwner, id: string, view: View): Promise<Card | undefined> {
  if (owner === GROUP_CARD) {
    const run = await getRun(parts.store, id)
    return run && runCard(run.value)
  }
  if (owner === STORM_CARD) {
    const storm = await getStorm(parts.store, id)
    return storm && stormCard(storm.value)
  }
  if (owner === ALARM_CARD) {
    const alarm = await getAlarm(parts.store, id)
    return alarm && alarmCard(alarm.value)
  }
  return cardOfBreaker(parts, owner, id, view)
}

async function cardOfBreaker(
  { store }: Parts,
  config: BreakerConfig,
  id: string,
  view: View,
): Promise<Card | undefined> {
  const [breaker, incident] = await Promise.all([getBreaker(store, config.id), getIncident(store, id)])
  if (!breaker) return undefined
  if (incident?.value.breaker === config.id) return incidentCard(config, breaker.value, incident.value, view)
  for (const circuit of Object.keys(breaker.value.circuits)) {
    const { operation: present, earlier = [] } = circuitState(breaker.value, circuit)
    const operation = [present, ...earlier].find((one) => one?.id === id)
    if (operation) return operationCard(config, breaker.value, circuit, operation, view)
  }
  return undefined
}

/** The same as all in a chat see it, in the language of its room. */
export async function currentCardText(
  parts: Parts,
  lookup: Lookup,
  owner: CardOwner,
  id: string,
  chat: ChatRef,
): Promise<CardText | undefined> {
  return (await cardsFor(parts, lookup, owner, id, chat))?.card
}

/** The card as all in a chat see it, and `own` as `person` alone should, where that is another and can be shown. */
export async function cardsFor(
  parts: Parts,
  lookup: Lookup,
  owner: CardOwner,
  id: string,
  chat: ChatRef,
  person?: string,
): Promise<{ card: CardText; own?: CardText; privately?: boolean } | undefined> {
  const record = await parts.store.get<CardRecord>(cardRecordKey(chat, id))
  const see = (view: View) => currentCard(parts, owner, id, view)
  const say = (card: Card) => cardText(card, lookup.locale(chat), lookup.timezone(chat), parts.tokens)
  const card = await see({ ...(record?.value.quiet !== undefined && { quiet: record.value.quiet }) })
  const isTheirs = person !== undefined && card?.waits?.asker === person
  if (!card || !isTheirs || !parts.channels.get(chat.channel)?.abilities.privateAnswer)
    return card && { card: say(card) }
  const privately = !card.waits?.secondPerson
  const [forAll, own] = [
    privately ? await see({ quiet: card.version + (card.changes ?? 0) }) : card,
    await see({ person }),
  ]
  return forAll && own && { card: say(forAll), own: say(own), privately }
}

/**
 * Remembers that a version of a card was shown as the answer to a press on a message: to all, or (`quiet`) the
 * confirming step to the presser alone. Does not count where that is an older message of the card: the newest one has
 * still to be changed.
 */
export async function rememberShown(
  parts: Parts,
  chat: ChatRef,
  id: string,
  message: string | undefined,
  fields: { shown?: number; quiet?: number },
): Promise<void> {
  // It has gone out, room or not; what goes out next is put off by it.
  await takeRoom(parts, chat, false)
  const record = await parts.store.get<CardRecord>(cardRecordKey(chat, id))
  if (!record || record.value.message !== message) return
  const shown = Math.max(record.value.shown, fields.shown ?? 0)
  const value = { ...record.value, ...fields, shown }
  await parts.store.commit({ writes: [recordWrite(chat, id, record, value, parts.now())] })
}

/** `now` tells how long ago it was last needed: records of old are dropped. */
export function recordWrite(
  chat: ChatRef,
  id: string,
  old: Versioned<CardRecord> | undefined,
  value: CardRecord,
  now: number,
): Write {
  const key = cardRecordKey(chat, id)
  return { key, value, version: old?.version ?? 0, index: { at: now, open: false } }
}

/** How the next state of a card reaches a chat: as a new message, by changing the old one, or told by a text. */
export type Way = 'send' | 'update' | 'tell'

/**
 * Where a card cannot be changed, its changes are told by a text; but one that waits for somebody to confirm, or that is
 * about to close by itself, needs its buttons, so it is sent anew.
 */
export function wayFor(
  channel: Channel | undefined,
  record: CardRecord | undefined,
  card: CardText,
  fresh: boolean,
): Way {
  if (fresh || !record?.message) return 'send'
  if (channel?.abilities.updateAnyTime) return 'update'
  return waitsForPress(card) ? 'send' : 'tell'
}
