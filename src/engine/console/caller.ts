import { hash, timingSafeEqual } from 'node:crypto'
import type { Locale } from '../../domain/card-text.ts'
import { findPlace } from '../../domain/find-breaker.ts'
import {
  type ChannelName,
  may,
  mayEverywhere,
  nameless,
  type Person,
  type Place,
  type Right,
  type Via,
} from '../../domain/people.ts'
import type { BreakerConfig, ChatRef } from '../../domain/policy.ts'
import type { Lookup, Parts } from '../parts.ts'
import type { Change } from './changes.ts'

/** Who speaks by the API, as far as it was proved. What that one may is looked up anew each time. */
export type Caller =
  /** The identity by which the sign-in was asked for, and the key of the session. */
  { via: 'console'; channel: ChannelName; sender: string; session: string } | { via: 'api'; program: string }

/** A caller who is known now. */
export interface Viewer {
  caller: Caller
  person: Person
  /** Of what is answered in words. */
  locale: Locale
}

/** Names a caller, for limits and for what counts once. */
export const callerName = (caller: Caller): string => nameless(askingOf(caller))

/** How a caller asks for something. */
export const askingOf = (
  caller: Caller,
): { channel?: ChannelName; sender: string; anonymous: false; via: Via } =>
  caller.via === 'api'
    ? { sender: caller.program, anonymous: false, via: 'api' }
    : { channel: caller.channel, sender: caller.sender, anonymous: false, via: 'console' }

/** The one-to-one chat of a person with the bot. */
export const ownChat = (channel: ChannelName, sender: string): ChatRef => ({
  channel,
  chat: channel === 'telegram' ? sender : `user:${sender}`,
})

export function createCallers(parts: Pick<Parts, 'policy'>, lookup: Lookup) {
  const visible = (person: Person): BreakerConfig[] =>
    parts.policy.breakers.filter((one) => may(person, 'view', one))

  return {
    /** The program whose token this is. Takes as long for a wrong one as for a right one. */
    programOf(token: string): Caller | undefined {
      const given = Buffer.from(hash('sha256', token))
      const found = (parts.policy.programs ?? []).filter((one) =>
        timingSafeEqual(given, Buffer.from(one.program!.tokenHash)),
      )
      return found[0] && { via: 'api', program: found[0].name }
    },
    personOf: (caller: Caller): Person | undefined =>
      caller.via === 'console'
        ? lookup.person(caller.channel, caller.sender)
        : parts.policy.programs?.find((one) => one.name === caller.program),
    /** True for one’s own sign-ins, and for an admin anybody’s. */
    mayEnd: ({ caller, person }: Viewer, name: string): boolean =>
      caller.via === 'console' && (person.name === name || mayEverywhere(person, 'administer')),
    /** True for a group, site or room of which somebody may see anything. */
    hasPlace: (person: Person, name: string): boolean =>
      findPlace(visible(person), name, undefined) !== undefined,
    /** What of the changes somebody may hear of: of a breaker, or of rooms of which they see anything. */
    seesIn(person: Person): (change: Change) => boolean {
      let rooms: Set<string> | undefined
      return ({ breaker, rooms: of = [] }) => {
        const config = breaker === undefined ? undefined : lookup.breaker(breaker)
        if (config) return may(person, 'view', config)
        // Looks through all breakers: not for each change of each reader.
        if (of.length > 0) rooms ??= new Set(visible(person).map((one) => one.room))
        return of.some((one) => rooms!.has(one))
      }
    },
    /** The breakers that somebody may see, in the configuration's order. */
    visible,
  }
}

export type Callers = ReturnType<typeof createCallers>

const RIGHTS = ['acknowledge', 'open', 'close', 'confirm', 'hold', 'unlock'] as const satisfies Right[]

/** What somebody may do at a place. */
export const rightsAt = (person: Person, place: Place): (typeof RIGHTS)[number][] =>
  RIGHTS.filter((one) => may(person, one, place))
