import { circuitState } from './breaker.ts'
import type { Decision, Given, Situation } from './decision.ts'
import type { Draft } from './draft.ts'
import type { BreakerEvent, Effect } from './event.ts'
import { type Incident, isHushed, isOpen } from './incident.ts'
import { zoneOf } from './policy.ts'
import { severityOf } from './severity.ts'
import { isAlwaysTold } from './storm-cover.ts'
import { type Hush, hushFor } from './window.ts'

/** What of an incident of this severity keeps it from being told of now. */
export function hushNow(
  { config, given }: Pick<Draft, 'config' | 'given'>,
  incident: Incident,
): Hush | undefined {
  const { room, site, id: breaker } = config
  const { policy, now } = given
  return hushFor(policy.windows, { room, site, breaker }, severityOf(incident), now, zoneOf(policy, room))
}

/** The windows over an incident have passed, or have been ended or made longer since. */
export function onHushOver(draft: Draft, id: string): void {
  const incident = draft.incident(id)
  if (!incident || !isHushed(incident) || !isOpen(incident)) return
  draft.changeIncident(incident, {})
}

/**
 * The decision with what a window keeps from being told: no cards and notices of its incidents. One that opens under a
 * window comes under it; it leaves it for a card, which rings, when the window has passed or lets it through, and where
 * a person acts on it.
 */
export function underWindows(
  { config, incidents: known }: Situation,
  decision: Decision,
  event: BreakerEvent,
  given: Given,
): Decision {
  const untouched = known.filter(
    (one) => isHushed(one) && !decision.incidents.some(({ id }) => id === one.id),
  )
  if (untouched.length === 0 && !decision.incidents.some(isHushed)) return decision
  const hushed = new Set(untouched.map((one) => one.id))
  const rings = new Set<string>()
  const effects: Effect[] = []
  const incidents = decision.incidents.map((incident) => {
    if (!isHushed(incident) || !isOpen(incident)) {
      if (isHushed(incident)) hushed.add(incident.id)
      return incident
    }
    const now = hushNow({ config, given }, incident)
    if (!now || isActedUpon(decision, event, incident)) {
      if (!now) rings.add(incident.id)
      return { ...incident, hush: { ...incident.hush, over: true } as const }
    }
    hushed.add(incident.id)
    const isNew = !known.some((one) => one.id === incident.id)
    if (isNew || incident.hush.until !== now.until)
      effects.push(...effectsOf(config.room, incident, now, given))
    return { ...incident, hush: { ...incident.hush, until: now.until } }
  })
  return {
    ...decision,
    incidents,
    effects: [
      ...decision.effects
        .filter((effect) => !isWithheld(effect, hushed))
        .map((effect) =>
          effect.do === 'card' && rings.has(effect.subject) ? { ...effect, urgent: true } : effect,
        ),
      ...effects,
    ],
  }
}

/** When to look again, and what is to be listed then. */
function effectsOf(
  room: string,
  { id, hush }: Incident & { hush: Hush },
  { until }: Hush,
  { policy }: Given,
): Effect[] {
  const { window, from, kind } = hush
  const scope = policy.windows?.find((one) => one.id === window)?.scope ?? { room }
  return [
    { do: 'timer', id: `hush:${id}:${until}`, at: until, event: { type: 'hush-over', incident: id } },
    { do: 'list-window', window: { id: window, kind, scope, room, from, until } },
  ]
}

/** A step waits for a person, or somebody did something about it, or asked for its card. */
function isActedUpon(
  { breaker, effects }: Decision,
  event: BreakerEvent,
  { id, circuit }: Incident,
): boolean {
  if (event.type === 'ask' && event.action !== 'hold' && event.action !== 'release') return true
  const { operation } = circuitState(breaker, circuit)
  if (operation?.incident === id && operation.stage === 'asked') return true
  return effects.some((one) => one.do === 'card' && one.subject === id && one.freshIn !== undefined)
}

function isWithheld(effect: Effect, hushed: ReadonlySet<string>): boolean {
  if (effect.do === 'card') return effect.freshIn === undefined && hushed.has(effect.subject)
  return (
    effect.do === 'notice' && !isAlwaysTold(effect) && effect.about !== undefined && hushed.has(effect.about)
  )
}
