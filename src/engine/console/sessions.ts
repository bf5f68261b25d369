import { hash, randomBytes } from 'node:crypto'
import type { ChannelName } from '../../domain/people.ts'
import type { AuditEntry, Versioned, Write } from '../../store/store.ts'
import type { Lookup, Parts } from '../parts.ts'
import type { Caller } from './caller.ts'

/** What the audit calls the console as a whole. */
export const CONSOLE = 'console'
/** How long a link is good, ms. */
export const LINK_LASTS = 5 * 60_000

/** Whose a link or a session is. */
interface Owner {
  channel: ChannelName
  sender: string
  /** The name it was asked for by: whoever has the account later gets nothing of it. */
  person: string
}

/** A link that can be used once, or a session; kept under a hash of what opens it. */
interface Kept extends Owner {
  at: number
  until: number
}

type Kind = 'sign-in' | 'session'
const keyOf = (kind: Kind, secret: string): string => `${kind}/${hash('sha256', secret)}`
/** 256 bits: nothing can be guessed, and looking it up by its hash tells nothing by the time it takes. */
const newSecret = (): string => randomBytes(32).toString('base64url')

export type Sessions = ReturnType<typeof createSessions>

/** Sign-ins to the console: a link asked for in a chat, used once, begins a session of some hours. All is in the store. */
export function createSessions(parts: Parts, lookup: Lookup, lasts: number) {
  const { store, now, metrics } = parts

  function write(kind: Kind, owner: Owner, span: number): { secret: string; until: number; write: Write } {
    const [at, secret] = [now(), newSecret()]
    const { channel, sender, person } = owner
    const until = at + span
    const value: Kept = { channel, sender, person, at, until }
    return {
      secret,
      until,
      write: { key: keyOf(kind, secret), value, version: 0, index: { at: until, open: false } },
    }
  }

  /** Still good, and the person still listed under this account. */
  const isGood = ({ until, channel, sender, person }: Kept): boolean =>
    now() < until && lookup.person(channel, sender)?.name === person

  const line = (who: string, what: string, details: Record<string, unknown> = {}): AuditEntry => ({
    at: now(),
    who,
    what: `console.${what}`,
    subject: CONSOLE,
    details,
  })

  /** The code of a new link. Nothing is written yet: `write` and `audit` go into the commit. */
  function link(owner: Owner) {
    const { secret, write: one } = write('sign-in', owner, LINK_LASTS)
    return { code: secret, write: one, audit: line(owner.person, 'link-sent', { channel: owner.channel }) }
  }

  /** Uses a link up, and begins a session. Undefined for one that is wrong, used or too old. */
  async function take(code: string): Promise<{ token: string; until: number } | undefined> {
    const found = await store.get<Kept>(keyOf('sign-in', code))
    if (!found || !isGood(found.value)) {
      metrics.signIns.inc({ result: 'refused' })
      return undefined
    }
    const { person, channel } = found.value
    const { secret, until, write: session } = write('session', found.value, lasts)
    const used = { key: found.key, value: null, version: found.version }
    const audit = [line(person, 'signed-in', { channel })]
    // Another has been faster with the same link.
    if ((await store.commit({ writes: [used, session], audit })) === 'conflict') return take(code)
    metrics.signIns.inc({ result: 'taken' })
    return { token: secret, until }
  }

  /** Who has a session; one whose person is gone is ended by the way. */
  async function callerOf(token: string): Promise<(Caller & { via: 'console' }) | undefined> {
    const found = await store.get<Kept>(keyOf('session', token))
    if (!found) return undefined
    const { channel, sender } = found.value
    if (isGood(found.value)) return { via: 'console', channel, sender, session: found.key }
    await drop([found], 'system')
    return undefined
  }

  /** True while it has not run out or been ended. */
  async function lives({ session }: { session: string }): Promise<boolean> {
    const found = await store.get<Kept>(session)
    return found !== undefined && isGood(found.value)
  }

  async function drop(all: readonly Versioned<Kept>[], who: string): Promise<void> {
    for (const { key, version, value } of all) {
      const writes = [{ key, value: null, version }]
      const what = key.startsWith('session/') ? 'session-ended' : 'link-ended'
      // A conflict means that another has ended it.
      await store.commit({ writes, audit: [line(who, what, { person: value.person })] })
    }
  }

  const allOf = async (kind: Kind) => store.list<Kept>({ kind, limit: 10_000 })

  /** Ends the sessions of somebody, and links that are not used yet; answers how many sessions there were. */
  async function endOf(person: string, who: string): Promise<number> {
    const mine = (await Promise.all([allOf('session'), allOf('sign-in')])).map((all) =>
      all.filter(({ value }) => value.person === person),
    )
    await drop(mine.flat(), who)
    return mine[0]!.filter(({ value }) => now() < value.until).length
  }

  return {
    link,
    take,
    callerOf,
    lives,
    endOf,
    async end({ session }: { session: string }, who: string): Promise<void> {
      const found = await store.get<Kept>(session)
      if (found) await drop([found], who)
    },
    /** Ends those whose person the configuration does not know any more. Never rejects. */
    async sweep(): Promise<void> {
      try {
        const all = (await Promise.all([allOf('session'), allOf('sign-in')])).flat()
        const isGone = ({ value }: Versioned<Kept>) =>
          lookup.person(value.channel, value.sender)?.name !== value.person
        await drop(all.filter(isGone), 'system')
      } catch (error) {
        // Whoever comes with one is refused all the same.
        parts.log.warn({ error: String(error) }, 'sessions of people who are gone could not be ended')
      }
    },
  }
}
