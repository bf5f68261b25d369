import type { Arrange, ArrangeDecision, ArrangeGiven, Arrangements } from './arrangement.ts'
import { answer, type Reply, refuse } from './decision.ts'
import type { Cover } from './duty.ts'
import { DAY, zoneOf } from './local-time.ts'
import { dateTime, type Message, message } from './message.ts'
import { may, type Person } from './people.ts'
import type { BreakerConfig, Policy } from './policy.ts'
import { occurrenceAt, type Scope, type Window } from './window.ts'
import { clockText, scopeName } from './window-text.ts'

/** What is set in chats lasts at most so long, ms; hours that come again each day last till they are taken back. */
const LONGEST = 30 * DAY

/** Somebody arranges something for a time; who may not hang a tag out on all breakers concerned changes nothing. */
export function decideArrange(
  before: Arrangements,
  ask: Arrange,
  person: Person,
  given: ArrangeGiven,
): ArrangeDecision {
  const { policy, now, room } = given
  const scope = 'scope' in ask && ask.scope ? ask.scope : { room }
  const concerned = breakersIn(policy, scope)
  const isCover = ask.do === 'cover' || ask.do === 'uncover'
  const mays = concerned.map((one) => may(person, 'hold', one))
  if (concerned.length > 0 && !(isCover ? mays.some(Boolean) : mays.every(Boolean)))
    return refused(person, ask, refuse('gate.role', { person: person.name }), 'role')
  if ((ask.do === 'cover' || (ask.do === 'set' && 'until' in ask.when)) && isWrong(ask, now))
    return refused(person, ask, refuse('arrange.too-long'), 'time')
  switch (ask.do) {
    case 'set':
      return setWindow(before, ask, person, given, concerned)
    case 'end':
      return endWindows(before, ask, person, given)
    case 'cover':
      return cover(before, ask, person, given)
    case 'uncover':
      return uncover(before, person, given)
  }
}

const nothing = { rooms: [], ended: [] }

function refused({ name }: Person, ask: Arrange, reply: Reply, why: string): ArrangeDecision {
  return { ...nothing, reply, audit: [{ who: name, what: 'arrange.refused', details: { ask: ask.do, why } }] }
}

function isWrong(ask: Extract<Arrange, { do: 'cover' | 'set' }>, now: number): boolean {
  const span = ask.do === 'cover' ? ask : (ask.when as { from: number; until: number })
  return span.until <= Math.max(now, span.from) || span.until > now + LONGEST
}

function breakersIn({ breakers }: Policy, scope: Scope): BreakerConfig[] {
  if ('room' in scope) return breakers.filter((one) => one.room === scope.room)
  return breakers.filter((one) => ('site' in scope ? one.site === scope.site : one.id === scope.breaker))
}

const roomsOf = (breakers: readonly BreakerConfig[]): string[] => [
  ...new Set(breakers.map((one) => one.room)),
]
const isSame = (one: Scope, other: Scope): boolean => JSON.stringify(one) === JSON.stringify(other)

/** A newer one takes the place of the one before. */
function setWindow(
  before: Arrangements,
  { kind, scope, when, reason }: Extract<Arrange, { do: 'set' }>,
  { name }: Person,
  { policy, newId, now, room }: ArrangeGiven,
  concerned: BreakerConfig[],
): ArrangeDecision {
  const window: Window = { id: newId(), kind, scope, when, by: name, ...(reason !== undefined && { reason }) }
  const replaced = before.windows.filter(
    (one) => one.kind === kind && isSame(one.scope, scope) && givesWay(one, when, now),
  )
  const windows = before.windows.filter((one) => !replaced.includes(one))
  const isLater = 'until' in when && when.from > now && kind !== 'quiet'
  const what = scopeName(policy, scope)
  const values = {
    person: name,
    what,
    ...timesOf(when),
    why: reason ? message('arrange.why', { reason }) : '',
  }
  const key = isLater ? (`arrange.${kind}-later` as const) : (`arrange.${kind}` as const)
  const notice = message(key, values)
  return {
    reply: answer(key, values),
    next: { ...before, windows: [...windows, window] },
    rooms: concerned.length > 0 ? roomsOf(concerned) : [room],
    notice,
    set: window,
    replaced,
    ended: [],
    audit: [{ who: name, what: `${kind}.set`, details: { what, ...when, ...(reason && { reason }) } }],
  }
}

/**
 * True for a window whose place the new one takes: one of the same kind for the same. A maintenance that goes on for
 * longer stays: somebody may be working there, and only its end by word lets anything close.
 */
function givesWay({ kind, when: old }: Window, when: Window['when'], now: number): boolean {
  if (!('until' in old) || !('until' in when)) return !('until' in old) && !('until' in when)
  if (kind === 'maintenance') return when.from <= Math.max(old.from, now) && when.until >= old.until
  return old.from < when.until && when.from < old.until
}

const timesOf = (when: Window['when']): NonNullable<Message['values']> =>
  'until' in when
    ? { from: dateTime(when.from), until: dateTime(when.until) }
    : { from: clockText(when.from), to: clockText(when.to) }

function endWindows(
  before: Arrangements,
  { kind, scope }: Extract<Arrange, { do: 'end' }>,
  person: Person,
  given: ArrangeGiven,
): ArrangeDecision {
  const { policy, now, room } = given
  const { name } = person
  const all = (policy.windows ?? []).filter(
    (one) => one.kind === kind && (scope ? isSame(one.scope, scope) : isInRoom(policy, one.scope, room)),
  )
  // Without a name all of the room are meant: of those, the ones whose breakers are all theirs.
  const meant = all.filter(({ scope: own }) =>
    breakersIn(policy, own).every((one) => may(person, 'hold', one)),
  )
  if (meant.length === 0 && all.length > 0)
    return refused(person, { do: 'end', kind }, refuse('gate.role', { person: name }), 'role')
  const isSet = (one: Window) => before.windows.some(({ id }) => id === one.id)
  const ended = meant.flatMap((window) => {
    const span = occurrenceAt(window, now, zoneOf(policy, room))
    return span ? [{ window, from: span.from, until: span.until }] : []
  })
  const changed = meant.filter((one) => isSet(one) || ended.some(({ window }) => window.id === one.id))
  if (changed.length === 0) return { ...nothing, reply: refuse(`arrange.no-${kind}`), audit: [] }
  const what = [...new Set(changed.map((one) => scopeName(policy, one.scope)))].join(', ')
  const values = { person: name, what }
  const configured = ended.filter(({ window }) => !isSet(window))
  return {
    reply: answer(`arrange.${kind}-ended`, values),
    next: {
      ...before,
      windows: before.windows.filter((one) => !changed.some(({ id }) => id === one.id)),
      ended: [...before.ended, ...configured.map(({ window, until }) => ({ window: window.id, until }))],
    },
    rooms: [...new Set(changed.flatMap((one) => roomsOf(breakersIn(policy, one.scope))).concat(room))],
    notice: message(`arrange.${kind}-ended`, values),
    ended,
    audit: [{ who: name, what: `${kind}.ended`, details: { what } }],
  }
}

const isInRoom = (policy: Policy, scope: Scope, room: string): boolean =>
  breakersIn(policy, scope).some((one) => one.room === room) || isSame(scope, { room })

/** Who takes over for a time; the last word counts. */
function cover(
  before: Arrangements,
  { person, from, until }: Extract<Arrange, { do: 'cover' }>,
  { name }: Person,
  { room }: ArrangeGiven,
): ArrangeDecision {
  const own: Cover = { room, person, from, until, by: name }
  const covers = before.covers.flatMap((one) =>
    one.room !== room
      ? [one]
      : [
          { ...one, until: Math.min(one.until, from) },
          { ...one, from: Math.max(one.from, until) },
        ].filter((rest) => rest.from < rest.until),
  )
  const values = { person, room, from: dateTime(from), until: dateTime(until), by: name }
  return {
    reply: answer('arrange.cover', values),
    next: { ...before, covers: [...covers, own] },
    rooms: [room],
    notice: message('arrange.cover', values),
    ended: [],
    audit: [{ who: name, what: 'cover.set', details: { person, from, until } }],
  }
}

function uncover(before: Arrangements, { name }: Person, { room, now }: ArrangeGiven): ArrangeDecision {
  const gone = before.covers.filter((one) => one.room === room && one.until > now)
  if (gone.length === 0) return { ...nothing, reply: refuse('arrange.no-cover'), audit: [] }
  const values = { person: name, room }
  return {
    reply: answer('arrange.cover-ended', values),
    next: { ...before, covers: before.covers.filter((one) => !gone.includes(one)) },
    rooms: [room],
    notice: message('arrange.cover-ended', values),
    ended: [],
    audit: [{ who: name, what: 'cover.ended', details: { people: gone.map((one) => one.person) } }],
  }
}
