import { ALARM_CARD, type Alarm } from '../domain/alarm.ts'
import { type CommandName, RECEIVER_WORD } from '../domain/command.ts'
import { findAtStart, findBreaker, fold } from '../domain/find-breaker.ts'
import type { OwnAction } from '../domain/owning.ts'
import type { Place, Typed } from './place.ts'

const ACTIONS: Partial<Record<CommandName, OwnAction>> = {
  ack: 'ack',
  unack: 'unack',
  handover: 'handover',
}

/**
 * Understands a word about whose an alarm is that is no breaker's: in answer to its card, or without a name where
 * nothing else can be meant. Undefined: it means something else.
 */
export async function aboutAlarm(
  command: CommandName,
  rest: string,
  place: Place,
): Promise<Typed | undefined> {
  const action = ACTIONS[command]
  if (!action) return undefined
  const { name, before } =
    action === 'handover' ? splitName(rest, place.people) : { name: undefined, before: rest }
  const to = name === undefined ? {} : { to: name }
  if (place.answered)
    return place.answered.breaker === ALARM_CARD
      ? { kind: 'alarm', alarm: place.answered.id, action, ...to }
      : undefined
  const meant = (await place.alarms()).filter((one) => canBeMeant(one, action))
  const pending = await place.pending(action)
  if (before !== '') {
    const found = findBreaker(place.breakers, before)
    // A fault of the breaker itself goes before that it is away.
    if (found.kind === 'one' && pending.some(({ id }) => id === found.breaker.id)) return undefined
    const [named, ...others] = meant.filter((one) => isNamed(one, before, place))
    return named && others.length === 0 ? { kind: 'alarm', alarm: named.id, action, ...to } : undefined
  }
  const [alarm, ...more] = meant
  if (!alarm || more.length > 0) return undefined
  const others = [...pending, ...(action === 'ack' ? await place.storms() : [])]
  return others.length === 0 ? { kind: 'alarm', alarm: alarm.id, action, ...to } : undefined
}

/** True where the words name the breaker or the site that it is about. */
function isNamed({ breaker, site }: Alarm, words: string, { breakers }: Place): boolean {
  const folded = fold(words)
  const name = breakers.find(({ id }) => id === breaker)?.name
  return [breaker === undefined ? site : name].some(
    (one) => one !== undefined && (folded.includes(fold(one)) || fold(one).includes(folded)),
  )
}

const canBeMeant = ({ owner, handedOverBy }: Alarm, action: OwnAction): boolean =>
  action === 'ack' ? owner === undefined || handedOverBy !== undefined : owner !== undefined

/** Whom a hand-over is to; of a line that names nobody who is listed, what comes after the breaker is left out. */
export function receiverIn(line: string, { people, breakers }: Place): { name?: string; before: string } {
  const split = splitName(line, people)
  if (split.name !== undefined || findBreaker(breakers, line).kind === 'one') return split
  const { found, rest } = findAtStart(breakers, line)
  return found.kind === 'one' ? { before: line.slice(0, line.length - rest.length).trim() } : split
}

/** Takes the name of a person off the end of a line: `3号增氧机 电工乙`, `pump-2 to Zhang San`. */
export function splitName(line: string, people: readonly string[]): { name?: string; before: string } {
  const folded = fold(line)
  const name = people.filter((one) => folded.endsWith(fold(one))).sort((a, b) => b.length - a.length)[0]
  if (name === undefined) return { before: line }
  let before = line
  while (before !== '' && fold(before) !== folded.slice(0, folded.length - fold(name).length))
    before = before.slice(0, -1)
  return { name, before: before.trim().replace(RECEIVER_WORD, '').trim() }
}
