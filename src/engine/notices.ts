import type { Notice } from '../channels/way.ts'
import type { CardText, Locale } from '../domain/card-text.ts'
import type { TellWhat } from '../domain/escalation.ts'
import { type Message, message, minutesOf } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import { STORM_CARD } from '../domain/storm.ts'
import { type Translate, translator } from '../text/translate.ts'
import { cardOwner, currentCardText } from './cards.ts'
import type { Lookup, Parts } from './parts.ts'
import type { Standing } from './standing.ts'
import type { PostWork } from './work.ts'

/** So many alarms are named in one text. */
const NAMED = 10

/** What the chats are told again: one alarm, or all of the room that nobody has acknowledged, in lines. */
export function reminderLines(all: readonly Standing[], now: number): Message[] {
  const [first] = all
  if (!first) return []
  if (all.length === 1) return [message('escalation.still-open', openFacts(first, now))]
  return [message('escalation.still-open-many', { count: all.length }), ...alarmLines(all, now)]
}

/** The first of many alarms, a line each, and how many more there are. */
export const alarmLines = (all: readonly Standing[], now: number): Message[] => [
  ...all.slice(0, NAMED).map((one) => message('escalation.line', openFacts(one, now))),
  ...(all.length > NAMED ? [message('status.more', { count: all.length - NAMED })] : []),
]

const openFacts = ({ title, where, openedAt }: Standing, now: number) => ({
  title,
  where,
  since: since(openedAt, now),
})

const since = (openedAt: number, now: number): Message =>
  now - openedAt < 60_000
    ? message('escalation.just-now')
    : message('escalation.minutes', { minutes: minutesOf(now - openedAt) })

/** How a room is spoken to. */
export function languageOf(
  { policy }: Parts,
  lookup: Lookup,
  room: string,
): { locale: Locale; t: Translate } {
  const locale = lookup.room(room)?.locale ?? policy.locale
  return { locale, t: translator(locale, lookup.zone(room)) }
}

/** What one person is called for: the worst alarm, and how many more there are. */
export function callNotice(parts: Parts, lookup: Lookup, all: readonly Standing[]): Notice {
  const [worst] = all
  const count = all.length
  const { locale, t } = languageOf(parts, lookup, worst!.room)
  const facts = { ...openFacts(worst!, parts.now()), more: count - 1 }
  const text = worst!.isDrill ? 'drill.call' : count > 1 ? 'escalation.call-many' : 'escalation.call'
  return {
    thread: threadOf(worst!),
    event: 'raised',
    locale,
    ...(worst!.isDrill && { isDrill: true }),
    title: t(message(count > 1 ? 'escalation.title-many' : 'escalation.title', facts)),
    text: t(message(text, facts)),
    facts: { ...factsIn(worst!, t), count },
  }
}

/** What is posted about one alarm; a mail shows its card too. */
export async function postNotice(
  parts: Parts,
  lookup: Lookup,
  standing: Standing,
  { what: event, way }: Pick<PostWork, 'what' | 'way'>,
): Promise<Notice> {
  const room = lookup.room(standing.room)
  const { locale, t } = languageOf(parts, lookup, standing.room)
  const { owner, storm, isDrill } = standing
  const values = { ...openFacts(standing, parts.now()), person: owner ?? '' }
  const chat = room?.chats[0] ?? { channel: 'telegram', chat: '' }
  const card = way === 'mail' ? await cardIn(parts, lookup, standing, chat) : undefined
  return {
    thread: storm === undefined ? threadOf(standing) : `storm.${storm}`,
    event,
    locale,
    ...(isDrill && { isDrill }),
    title: t(message('escalation.title', values)),
    text: t(message(isDrill ? drillKey(event) : `escalation.post-${event}`, values)),
    ...(card && { card }),
    facts: { ...factsIn(standing, t), ...(owner !== undefined && { owner }) },
  }
}

/** The card as a chat of its room has it; that of the storm where it stands on one. */
function cardIn(
  parts: Parts,
  lookup: Lookup,
  { ref, storm }: Standing,
  chat: ChatRef,
): Promise<CardText | undefined> | undefined {
  if (storm !== undefined) return currentCardText(parts, lookup, STORM_CARD, storm, chat)
  const owner = cardOwner(lookup, ref.breaker)
  return owner && currentCardText(parts, lookup, owner, ref.id, chat)
}

const threadOf = ({ ref }: Standing): string => `${ref.breaker.replaceAll(/[^0-9A-Za-z-]/g, '-')}.${ref.id}`

const drillKey = (event: TellWhat) => (event === 'resolved' ? 'drill.mail-over' : 'drill.call')

/** What is for programs, and beside it the words. That it is a drill can be heard of each fact that templates speak. */
function factsIn(
  { facts, title, where, cause, isDrill }: Standing,
  t: (text: Message) => string,
): Notice['facts'] {
  const what = t(title)
  const causeName = typeof cause === 'string' ? cause : t(cause)
  const spoken = { cause: what, causeName: what, breaker: what, site: what, where: what }
  return { breaker: where, ...facts, what, where, causeName, ...(isDrill && spoken) }
}
