import { type Draw, drawOf } from '../../domain/abnormal/draw.ts'
import type { Contacts, Sight } from '../../domain/abnormal/finding.ts'
import { withoutEpisodes } from '../../domain/abnormal/history.ts'
import { type DrawRecord, episodesOf } from '../../domain/abnormal/record.ts'
import { type DrawRules, USUAL_DRAW_RULES } from '../../domain/abnormal/rules.ts'
import { pauseOf } from '../../domain/abnormal/stopped.ts'
import { LEARNED_FROM, type Usual, usualOf } from '../../domain/abnormal/usual.ts'
import type { BreakerState } from '../../domain/breaker.ts'
import { DAY, HOUR, MINUTE } from '../../domain/local-time.ts'
import type { BreakerConfig, Policy } from '../../domain/policy.ts'
import type { Store } from '../../store/store.ts'

/** How far back is looked at each look, ms: minutes; minutes where something lasts; hours. */
export const BACK = { minutes: 20 * MINUTE, lasting: 6 * HOUR, hours: 2 * DAY }
/** Pauses are learned from so many days of minutes, ms. */
const PAUSES = 7 * DAY
/** V; where a breaker's is not configured. */
const NOMINAL = 220

/** What is looked for at a breaker. */
export function rulesFor({ draw = USUAL_DRAW_RULES }: Policy, { unwatched = [] }: BreakerConfig): DrawRules {
  if (unwatched.length === 0) return draw
  const kinds = Object.entries(draw.kinds).filter(([kind]) => !unwatched.some((one) => one === kind))
  return { ...draw, kinds: Object.fromEntries(kinds) }
}

/** True where anything is looked for. */
export const isWatched = (policy: Policy, config: BreakerConfig): boolean =>
  Object.keys(rulesFor(policy, config).kinds).length > 0

/** Whether all its contacts are known to be closed, or some to be open, and since when. */
export function contactsOf({ circuits }: BreakerConfig, state: BreakerState | undefined): Contacts {
  const known = Object.keys(circuits).map((one) => state?.circuits[one])
  const since = Math.max(...known.map((one) => one?.since ?? 0))
  const times = since > 0 ? { since } : {}
  if (known.some((one) => one?.position === 'open')) return { isClosed: false, ...times }
  return known.every((one) => one?.position === 'closed') ? { isClosed: true, ...times } : {}
}

/** What is known of one breaker at a look. */
export function sightOf(
  config: BreakerConfig,
  record: DrawRecord,
  seen: Pick<Sight, 'now' | 'timezone' | 'rules' | 'hours' | 'minutes' | 'contacts'>,
): Sight {
  const { usual, accepted, standing } = record
  return {
    breaker: config.id,
    ...seen,
    ...(usual && { usual }),
    ...(config.ratedCurrent !== undefined && { ratedCurrent: config.ratedCurrent }),
    nominalVoltage: config.nominalVoltage ?? NOMINAL,
    accepted,
    standing: standing.map(({ finding }) => finding),
  }
}

/** What breakers drew, by breaker, in the minutes or hours that are over. */
export async function drawsOf(
  store: Pick<Store, 'summaries'>,
  devices: string[],
  span: 'minute' | 'hour',
  from: number,
  to: number,
): Promise<Map<string, Draw[]>> {
  const length = span === 'hour' ? HOUR : MINUTE
  const found = await store.summaries(devices, span, from, Math.floor(to / length) * length)
  return new Map(devices.map((device, n) => [device, Array.from(found[n]!, drawOf)]))
}

/** What is usual, from the hours of the last weeks. */
export async function learnUsual(
  store: Pick<Store, 'summaries'>,
  breaker: string,
  record: DrawRecord,
  { now, timezone, rules }: Pick<Sight, 'now' | 'timezone' | 'rules'>,
): Promise<Usual> {
  const hours = await drawsOf(store, [breaker], 'hour', now - LEARNED_FROM, now)
  return usualOf(withoutEpisodes(hours.get(breaker) ?? [], episodesOf(record), now), timezone, rules)
}

/** The longest pause that is usual, ms, from the minutes of the last days. */
export async function learnPause(
  store: Pick<Store, 'summaries'>,
  breaker: string,
  record: DrawRecord,
  { now, timezone }: Pick<Sight, 'now' | 'timezone'>,
): Promise<number> {
  if (!record.usual) return 0
  const minutes = await drawsOf(store, [breaker], 'minute', now - PAUSES, now)
  return pauseOf(withoutEpisodes(minutes.get(breaker) ?? [], episodesOf(record), now), record.usual, timezone)
}
