import type { z } from 'zod'
import { momentOf } from '../domain/local-time.ts'
import type { Scope, Window } from '../domain/window.ts'
import type { Finding } from './faults.ts'
import type { Config } from './schema.ts'
import { WEEKDAYS } from './values.ts'
import { CLOCK, type maintenance, minutesOf, type Scoped, shownAt } from './windows.ts'

type Configured = z.output<typeof maintenance>

/** Names of rooms, sites and breakers that lead nowhere. */
export function windowScopes({ quiet, maintenance, rooms, breakers }: Config): Finding[] {
  const known = {
    room: rooms.map((one) => one.name),
    site: breakers.map((one) => one.site),
    breaker: breakers.flatMap((one) => [one.name, one.id]),
  }
  const keys = ['room', 'site', 'breaker'] as const
  return Object.entries({ quiet, maintenance }).flatMap(([list, windows]) =>
    windows.flatMap((one, index) =>
      keys.flatMap((key): Finding[] => {
        const name = one[key]
        if (name === undefined || known[key].includes(name)) return []
        return [{ path: [list, index, key], problem: `there is no ${key} «${name}»` }]
      }),
    ),
  )
}

/** The windows in the form that decisions use; the same entry has the same id after each reading. */
export function toWindows(config: Config): Window[] {
  return [
    ...config.quiet.map((one) => toWindow(config, 'quiet', one)),
    ...config.maintenance.map((one) => toWindow(config, 'maintenance', one)),
  ]
}

function toWindow(config: Config, kind: 'quiet' | 'maintenance', one: Configured): Window {
  const { from, to, days, reason } = one
  const of = scopeOf(config, one)
  const zone = zoneFor(config, of)
  return {
    id: [kind, ...Object.entries(of).flat(), from, to, ...(days ?? [])].join('/'),
    kind,
    scope: of,
    when: CLOCK.test(from)
      ? {
          from: minutesOf(from),
          to: minutesOf(to),
          ...(days && { days: days.map((day) => WEEKDAYS.indexOf(day)) }),
        }
      : { from: momentOf(shownAt(from)!, zone), until: momentOf(shownAt(to)!, zone) },
    ...(reason !== undefined && { reason }),
  }
}

function scopeOf({ breakers }: Config, { room, site, breaker }: Scoped): Scope {
  if (room !== undefined) return { room }
  if (site !== undefined) return { site }
  const found = breakers.find((one) => one.name === breaker || one.id === breaker)
  return { breaker: found?.id ?? breaker! }
}

/** The zone of the room whose people look after it. */
function zoneFor({ rooms, breakers, timezone }: Config, scope: Scope): string {
  const room =
    'room' in scope
      ? scope.room
      : breakers.find((one) => ('site' in scope ? one.site === scope.site : one.id === scope.breaker))?.room
  return rooms.find((one) => one.name === room)?.timezone ?? timezone
}
