import type { Content, Mention } from '../channels/channel.ts'
import { message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import { mentionsIn } from './calling.ts'
import { type CardRecord, cardRecordKey } from './cards.ts'
import { reminderLines } from './notices.ts'
import { getAlarm, type Lookup, type Parts } from './parts.ts'
import { unanswered } from './standing.ts'

/**
 * What a chat is reminded of at this moment: everything of its room that nobody has acknowledged, and whom it calls on.
 * Undefined where all has been answered meanwhile.
 */
export async function reminderFor(
  parts: Parts,
  lookup: Lookup,
  chat: ChatRef,
  room: string,
): Promise<Content | undefined> {
  const all = await unanswered(parts, lookup, (one) => one.room === room)
  const [only] = all
  if (!only) return undefined
  const t = lookup.translatorFor(chat)
  const names = [...new Set(all.flatMap(({ told }) => told.mention))]
  const lines = reminderLines(all, parts.now()).map(t)
  return calling(parts, chat, lines, names, all.length === 1 ? only.ref.id : undefined)
}

/** The same of a drill, which is mixed with nothing; undefined where it is over. */
export async function drillReminderFor(
  parts: Parts,
  lookup: Lookup,
  chat: ChatRef,
  { alarm: id, people }: { alarm: string; people: string[] },
): Promise<Content | undefined> {
  const alarm = (await getAlarm(parts.store, id))?.value
  if (!alarm || alarm.status === 'resolved') return undefined
  const text = lookup.translatorFor(chat)(message('drill.reminder', { title: alarm.title }))
  return calling(parts, chat, [text], people, id)
}

/** An alarm in lines that calls on people; in answer to the card `about`, if it is about one. */
async function calling(
  parts: Parts,
  chat: ChatRef,
  lines: string[],
  names: readonly string[],
  about: string | undefined,
): Promise<Content> {
  const mention = mentionsIn(parts, chat, names)
  const card = about === undefined ? undefined : await parts.store.get<CardRecord>(cardRecordKey(chat, about))
  return {
    text: [...lines, ...namesOf(names, mention)].join('\n'),
    urgent: true,
    ...(mention.length > 0 && { mention }),
    ...(card?.value.message !== undefined && { replyTo: card.value.message }),
  }
}

/** Whoever cannot be called on here is named, so that others can wake them. */
function namesOf(names: readonly string[], mention: readonly Mention[]): string[] {
  const rest = names.filter((name) => !mention.some((one) => one.name === name))
  return rest.length > 0 ? [rest.map((name) => `@${name}`).join(' ')] : []
}
