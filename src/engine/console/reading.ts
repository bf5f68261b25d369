import { onDuty } from '../../domain/duty.ts'
import { zoneOf } from '../../domain/local-time.ts'
import { mayEverywhere, roleAt } from '../../domain/people.ts'
import type { BreakerConfig } from '../../domain/policy.ts'
import { type Translate, translator } from '../../text/translate.ts'
import { arrangedPolicy } from '../arrangements.ts'
import { getControl, policyNow } from '../control.ts'
import { know } from '../knowing.ts'
import { getIncident, type Lookup, type Parts } from '../parts.ts'
import { breakerView, incidentView } from './breakers.ts'
import type { Callers, Viewer } from './caller.ts'
import type { Decided, Waiting } from './deed.ts'
import { createIncidentReading } from './incidents.ts'
import { fits, page, type Slice, type Wanted } from './page.ts'
import { toldView } from './told.ts'

/** So many samples are answered at most: a reading each second for an hour. */
const MOST_SAMPLES = 3600

export interface BreakersAsked extends Slice, Wanted {}

/** What somebody may see, in their language. Nothing here changes anything. */
export function createReading(parts: Parts, lookup: Lookup, callers: Callers) {
  const { store } = parts
  const { visible, personOf } = callers

  const wordsFor = ({ locale }: Viewer, room: string): Translate =>
    translator(locale, zoneOf(parts.policy, room))

  /** The breaker, if there is one and they may see it. */
  function find({ person }: Viewer, id: string): BreakerConfig | undefined {
    return visible(person).find((one) => one.id === id)
  }

  async function views(viewer: Viewer, configs: readonly BreakerConfig[]) {
    const [policy, known] = [await policyNow(parts), await know(store, configs)]
    const { person } = viewer
    return known.map((one) =>
      breakerView({ ...one, policy, person, t: wordsFor(viewer, one.config.room), now: parts.now() }),
    )
  }

  return {
    find,
    async me({ caller, person, locale }: Viewer) {
      const control = await getControl(store)
      return {
        name: person.name,
        via: caller.via,
        role: roleAt(person) ?? ('viewer' as const),
        everywhere: person.role ?? null,
        places: (person.roles ?? []).map(({ role, sites, groups }) => ({ role, sites, groups })),
        language: locale,
        timezone: parts.policy.timezone,
        actuation: parts.policy.actuation && !control?.off,
        now: parts.now(),
      }
    },
    async breakers(viewer: Viewer, asked: BreakersAsked) {
      const mine = visible(viewer.person).filter((one) => fits(one, asked))
      const { items, next } = page(mine, asked, (one) => one.id)
      return { items: await views(viewer, items), next, total: mine.length }
    },
    async breaker(viewer: Viewer, config: BreakerConfig) {
      const [view] = await views(viewer, [config])
      return view!
    },
    async samples(config: BreakerConfig, minutes: number) {
      const to = parts.now() + 1
      const found = await store.samples(config.id, to - minutes * 60_000, to)
      return {
        items: found.slice(-MOST_SAMPLES).map(({ at, voltage, current, power, energy }) => ({
          at,
          voltage: voltage ?? null,
          current: current ?? null,
          power: power ?? null,
          energy: energy ?? null,
        })),
      }
    },
    incidents: createIncidentReading(parts, callers, wordsFor),
    /** Undefined where there is none that they may see. */
    async incident(viewer: Viewer, id: string) {
      const incident = (await getIncident(store, id))?.value
      const config = incident && find(viewer, incident.breaker)
      if (!incident || !config) return undefined
      const t = wordsFor(viewer, config.room)
      const story = incident.story.map(({ at, text }) => ({ at, text: t(text) }))
      return { ...incidentView(incident, config, t), story }
    },
    /** What came of a deed, in words. */
    told(viewer: Viewer, told: Decided | Waiting) {
      const config = 'breaker' in told && told.breaker ? lookup.breaker(told.breaker) : undefined
      const t = config ? wordsFor(viewer, config.room) : translator(viewer.locale, parts.policy.timezone)
      return toldView(t, told)
    },
    channels: ({ person }: Viewer) => ({
      items: [...parts.channels].map(([name, channel]) => {
        const { state, since, detail } = channel.health()
        // How the service is set up is nobody's business but an admin's.
        const isTold = detail !== undefined && mayEverywhere(person, 'administer')
        return { name, state, since, detail: isTold ? detail : null }
      }),
    }),
    async rooms(viewer: Viewer) {
      const mine = visible(viewer.person)
      const policy = await arrangedPolicy(parts)
      const items = parts.policy.rooms.flatMap(({ name, chats }) => {
        const breakers = mine.filter((one) => one.room === name)
        if (breakers.length === 0) return []
        const sites = [...new Set(breakers.map((one) => one.site))]
        const groups = [...new Set(breakers.flatMap((one) => one.groups))]
        const duty = onDuty(policy, name, parts.now())
        const timezone = lookup.zone(name)
        const channels = chats.map((one) => one.channel)
        return [{ name, timezone, channels, sites, groups, breakers: breakers.length, onDuty: duty }]
      })
      return { items }
    },
    /** All people for an admin; for others only themselves. */
    people: (viewer: Viewer) => {
      const isAdmin = mayEverywhere(viewer.person, 'administer')
      const own = personOf(viewer.caller)
      return {
        items: parts.policy.people
          .filter((one) => isAdmin || one.name === own?.name)
          .map(({ name, role, roles = [], ids }) => ({
            name,
            role: role ?? null,
            places: roles.map((one) => ({ role: one.role, sites: one.sites, groups: one.groups })),
            channels: Object.keys(ids),
          })),
      }
    },
  }
}
