import type { Arrange } from './arrangement.ts'
import { clip, utf16Units } from './characters.ts'
import type { CommandName } from './command.ts'
import { findBreaker, fold } from './find-breaker.ts'
import { type Message, message } from './message.ts'
import type { BreakerConfig } from './policy.ts'
import { minutesOf, nextMorning, readUntil } from './until.ts'
import type { Scope } from './window.ts'

/** Where the words were written, and what they may name. */
export interface ArrangePlace {
  breakers: readonly BreakerConfig[]
  people: readonly { name: string }[]
  room: string
  /** The breaker whose card they answer. */
  answered?: string | undefined
  /** Who wrote them. */
  person: string
  now: number
  timezone: string
}

/** `list`: what stands is asked for. */
export type ReadArrange = { arrange: Arrange } | { say: Message } | 'list'

type Reader = (words: string[], place: ArrangePlace) => ReadArrange

const READERS: Partial<Record<CommandName, Reader>> = {
  mute: (words, place) => readSpan('mute', words, place),
  maintenance: (words, place) => readSpan('maintenance', words, place),
  unmute: (words, place) => readEnd('mute', words, place),
  'maintenance-end': (words, place) => readEnd('maintenance', words, place),
  quiet: readQuiet,
  'quiet-off': (words, place) => readEnd('quiet', words, place),
  cover: readCover,
  'cover-tonight': (_, place) => ({ arrange: tonight(place, place.person) }),
  'cover-off': () => ({ arrange: { do: 'uncover' } }),
}

/** True for the commands that arrange something for a time. */
export const isArranging = (command: CommandName): boolean => command in READERS

/** What the words behind a command arrange; undefined for other commands. */
export function readArrange(
  command: CommandName,
  rest: string,
  place: ArrangePlace,
): ReadArrange | undefined {
  return READERS[command]?.(rest.split(' ').filter(Boolean), place)
}

const wrong = (
  key: 'arrange.how-mute' | 'arrange.how-maintenance' | 'arrange.how-quiet' | 'arrange.how-cover',
) => ({
  say: message(key),
})

/** `3号增氧机 2h 换电缆`: what, for how long, why. */
function readSpan(kind: 'mute' | 'maintenance', words: string[], place: ArrangePlace): ReadArrange {
  if (words.length === 0) return 'list'
  for (let at = 0; at < words.length; at++) {
    const time = readUntil(words.slice(at), place.now, place.timezone)
    if (!time) continue
    const scope = scopeOf(words.slice(0, at).join(' '), place)
    if (!scope) return { say: message('command.no-breaker', { text: words.slice(0, at).join(' ') }) }
    const reason = clip(time.rest.join(' '), 100, utf16Units)
    const when = { from: time.from, until: time.until }
    return { arrange: { do: 'set', kind, scope, when, ...(reason !== '' && { reason }) } }
  }
  return wrong(`arrange.how-${kind}`)
}

/** A breaker, a site, the room by its name; nothing: the breaker whose card is answered, or the room. */
function scopeOf(text: string, { breakers, room, answered }: ArrangePlace): Scope | undefined {
  const wanted = fold(text)
  if (wanted === '') return answered === undefined ? { room } : { breaker: answered }
  if (wanted === fold(room)) return { room }
  const site = breakers.find((one) => fold(one.site) === wanted)
  const found = findBreaker(breakers, text)
  const isNamed =
    found.kind === 'one' && [found.breaker.name, found.breaker.id].some((one) => fold(one) === wanted)
  if (site && !isNamed) return { site: site.site }
  return found.kind === 'one' ? { breaker: found.breaker.id } : undefined
}

function readEnd(kind: 'mute' | 'maintenance' | 'quiet', words: string[], place: ArrangePlace): ReadArrange {
  if (words.length === 0 && place.answered === undefined) return { arrange: { do: 'end', kind } }
  const scope = scopeOf(words.join(' '), place)
  return scope
    ? { arrange: { do: 'end', kind, scope } }
    : { say: message('command.no-breaker', { text: words.join(' ') }) }
}

/** `22:00-06:00` for the room, each day. */
function readQuiet(words: string[], { room }: ArrangePlace): ReadArrange {
  if (words.length === 0) return 'list'
  const [from, to] = words
    .join('')
    .split(/[-–~到至]|to/)
    .map(minutesOf)
  if (from === undefined || to === undefined || from === to) return wrong('arrange.how-quiet')
  return { arrange: { do: 'set', kind: 'quiet', scope: { room }, when: { from, to } } }
}

/** `[who] tonight`, `[who] 12-01 20:00 到 12-02 08:00`; nobody named: the one who writes. */
function readCover(words: string[], place: ArrangePlace): ReadArrange {
  if (words.length === 0) return 'list'
  for (let at = 0; at < words.length; at++) {
    const time = readUntil(words.slice(at), place.now, place.timezone)
    if (!time || time.rest.length > 0) continue
    const named = words.slice(0, at).join(' ')
    const person =
      named === '' ? place.person : place.people.find((one) => fold(one.name) === fold(named))?.name
    if (person === undefined) return { say: message('arrange.no-person', { text: named }) }
    return { arrange: { do: 'cover', person, from: time.from, until: time.until } }
  }
  return wrong('arrange.how-cover')
}

const tonight = ({ now, timezone }: ArrangePlace, person: string): Arrange => ({
  do: 'cover',
  person,
  from: now,
  until: nextMorning(now, timezone),
})
