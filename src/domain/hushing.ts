import { circuitState } from './breaker.ts'
import type { Decision, Given, Situation } from './decision.ts'
import type { Draft } from './draft.ts'
import type { BreakerEvent, Effect } from './event.ts'
import { type Incident, isHushed, isOpen } from './incident.ts'
import { zoneOf } from './local-time.ts'
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
 * Keeps what opened under a window under it, until that has passed or lets it through, or a person acts on it. Then it has
 * a card like any other, which rings where nobody was at it.
 */
export function followWindows(draft: Draft, { incidents: known }: Situation, event: BreakerEvent): void {
  for (const incident of draft.changed()) {
    if (!isHushed(incident) || !isOpen(incident)) continue
    const now = hushNow(draft, incident)
    if (!now || isActedUpon(draft, event, incident)) {
      draft.setIncident({ ...incident, hush: { ...incident.hush, over: true } })
      if (!now) ring(draft, incident.id)
      continue
    }
    draft.setIncident({ ...incident, hush: { ...incident.hush, until: now.until } })
    const isNew = !known.some((one) => one.id === incident.id)
    if (isNew || incident.hush.until !== now.until)
      draft.effects.push(...effectsOf(draft.config.room, incident, now, draft.given))
  }
}

function ring({ effects }: Draft, id: string): void {
  const at = effects.findIndex((one) => one.do === 'card' && one.subject === id)
  const card = effects[at]
  if (card?.do === 'card') effects[at] = { ...card, urgent: true }
  else effects.push({ do: 'card', subject: id, urgent: true })
}

/** The decision without the cards and notices of incidents that a window keeps from being told of. */
export function underWindows({ incidents: known }: Situation, decision: Decision): Decision {
  const all = new Map([...known, ...decision.incidents].map((one) => [one.id, one]))
  const hushed = new Set([...all.values()].filter(isHushed).map((one) => one.id))
  if (hushed.size === 0) return decision
  return { ...decision, effects: decision.effects.filter((effect) => !isWithheld(effect, hushed)) }
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
function isActedUpon({ breaker, effects }: Draft, event: BreakerEvent, { id, circuit }: Incident): boolean {
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
