import type { BreakerState } from '../domain/breaker.ts'
import { type Message, message, minutesOf, time } from '../domain/message.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import { silentAt } from '../domain/silence.ts'
import type { NewJob, Versioned } from '../store/store.ts'
import { silentJob } from './follow-up.ts'
import { getBreaker, type Lookup, type Parts } from './parts.ts'
import { sayJob } from './send-jobs.ts'
import { PRIORITY } from './work.ts'

/** A site whose room was told that many of its breakers are silent. */
export interface SilentSite {
  room: string
  site: string
  since: number
}

/** At least so many, and half of those that can be: then it is not the breakers. In a large site, so many at once. */
const SOME = 3
const MANY = 10
/** So many states are read at once. */
const AT_ONCE = 50

/** How a site's breakers stand that can be called silent. */
export interface SiteView {
  /** Late for so long that they are silent, or about to be: one report fewer has stayed out. */
  late: BreakerState[]
  watched: number
  isMany: boolean
}

export const siteKey = ({ room, site }: { room: string; site: string }): string =>
  `silent-site/${room}:${site}`

/** Tells a room once where many breakers of a site fall silent together, and once when they are back. */
export function createSilentSites(
  parts: Parts,
  lookup: Lookup,
  silentAfter: number,
  listening: () => number,
) {
  const { store, now } = parts
  let of: Parts['policy'] | undefined
  let bySite = new Map<string, BreakerConfig[]>()
  const ofSite = (key: string): BreakerConfig[] => {
    if (of !== parts.policy) {
      of = parts.policy
      bySite = Map.groupBy(of.breakers, siteKey)
    }
    return bySite.get(key) ?? []
  }

  async function view(configs: readonly BreakerConfig[]): Promise<SiteView> {
    const late: BreakerState[] = []
    let watched = 0
    for (let start = 0; start < configs.length; start += AT_ONCE) {
      const some = configs.slice(start, start + AT_ONCE)
      const states = await Promise.all(some.map((one) => getBreaker(store, one.id)))
      some.forEach((config, index) => {
        const state = states[index]?.value
        const due = silentAt(config, state, silentAfter - 1, listening())
        if (due === undefined) return
        watched++
        // Who is silent already is late, whatever kept us from hearing since.
        if (due <= now() || state?.silent) late.push(state!)
      })
      await new Promise(setImmediate)
    }
    return { late, watched, isMany: late.length >= (late.length * 2 >= watched ? SOME : MANY) }
  }

  const known = (config: BreakerConfig) => store.get<SilentSite>(siteKey(config))

  function say(id: string, room: string, text: Message): NewJob[] {
    return (lookup.room(room)?.chats ?? []).map((chat) => sayJob(id, chat, [text], PRIORITY.rest))
  }

  /** True when the breaker's silence is its site's: the room is told of that, once. */
  async function isSites(config: BreakerConfig): Promise<boolean> {
    if (await known(config)) return true
    const { late, watched, isMany } = await view(ofSite(siteKey(config)))
    if (!isMany) return false
    const { room, site } = config
    const since = Math.min(...late.flatMap((one) => one.heardAt ?? []))
    const values = { site, count: late.length, total: watched, at: time(since) }
    const value: SilentSite = { room, site, since }
    await store.commit({
      writes: [{ key: siteKey(config), value, version: 0, index: { at: now(), open: true } }],
      jobs: say(`silent-site:${siteKey(config)}:${since}`, room, message('notice.silent-site', values)),
      audit: [
        {
          at: now(),
          who: 'system',
          what: 'site.silent',
          subject: site,
          details: { since, breakers: late.length },
        },
      ],
    })
    return true
  }

  /** Sites that are back: the room is told, and then of those breakers that are still silent. */
  async function review(): Promise<void> {
    for (const one of await store.list<SilentSite>({ kind: 'silent-site', open: true, limit: 1000 })) {
      const { late, isMany } = await view(ofSite(one.key))
      if (!isMany) await back(one, late)
    }
  }

  async function back({ key, version, value }: Versioned<SilentSite>, late: BreakerState[]): Promise<void> {
    const { room, site, since } = value
    const text = message('notice.spoke-site', { site, minutes: minutesOf(now() - since) })
    const still = late.filter((one) => one.silent && !one.silent.told)
    await store.commit({
      writes: [{ key, value: null, version }],
      jobs: [
        ...say(`spoke-site:${key}:${since}`, room, text),
        ...still.map((one) => silentJob(lookup.breaker(one.id)!, one, true)),
      ],
      audit: [{ at: now(), who: 'system', what: 'site.spoke', subject: site, details: { since } }],
    })
  }

  return { isSites, review }
}
