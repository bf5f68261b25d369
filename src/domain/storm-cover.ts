import { circuitState } from './breaker.ts'
import type { Decision, Situation, StormsGiven } from './decision.ts'
import type { Effect } from './event.ts'
import { type Incident, isOpen } from './incident.ts'
import type { Message, MessageKey } from './message.ts'
import { type ChangedMember, memberOf, withoutStorm } from './storm-member.ts'

/**
 * What is told to the room although its incident is a storm's: what people did themselves, and what must not be missed,
 * such as a close that failed. Those are not thousands: each follows from a close of ours.
 */
const ALWAYS_TOLD: readonly MessageKey[] = [
  'notice.closed-despite-hold',
  'notice.closed-despite-lock-out',
  'notice.hold',
  'notice.lock-out-leakage-again',
  'notice.lock-out-re-trip',
  'notice.released',
  'notice.unlocked',
]

/**
 * The decision with what belongs under a storm taken under it: in place of cards and notices of a storm's incidents
 * there is one word to the storm. What is said of another incident of the breaker is told as ever. An incident leaves it
 * for a card of its own where a person has to act on that, and where the storm does not stand any more; that card is
 * urgent where it is the first to show an open incident.
 */
export function underStorm(
  situation: Situation,
  decision: Decision,
  { standing, unseen }: StormsGiven = { standing: new Set() },
): Decision {
  const before = situation.incidents.filter(isMember)
  if (before.length === 0 && !decision.incidents.some(isMember)) return decision
  const changed = decision.incidents.map((one) =>
    one.storm && (!standing.has(one.storm.id) || needsCard(decision, one)) ? withoutStorm(one) : one,
  )
  const after = changed.filter(isMember)
  const isChanged = new Set(changed.map((one) => one.id))
  const untouched = before.filter((one) => !isChanged.has(one.id) && standing.has(one.storm.id))
  const covered = new Set([...untouched, ...after].map((one) => one.id))
  const isCovered = [...before, ...after].some((one) => isOpen(one) && standing.has(one.storm.id))
  const isNews = new Set(changed.filter((one) => isOpen(one) && unseen?.has(one.id)).map((one) => one.id))
  const members = changedMembers(situation, { ...decision, incidents: changed })
  const storms = new Set(members.map((one) => one.storm))
  return {
    ...decision,
    incidents: changed,
    effects: [
      ...decision.effects
        .filter((effect) => !isTaken(effect, covered, isCovered))
        .map((effect) => (effect.do === 'card' && isNews.has(effect.subject) ? rung(effect) : effect)),
      ...[...storms].map((storm): Effect => ({ do: 'storm', storm })),
    ],
    ...(members.length > 0 && { members }),
  }
}

type Member = Incident & { storm: NonNullable<Incident['storm']> }
const isMember = (incident: Incident): incident is Member => incident.storm !== undefined

/** A step waits for a person, or somebody asked for the card. */
function needsCard({ breaker, effects }: Decision, { id, circuit }: Incident): boolean {
  const { operation } = circuitState(breaker, circuit)
  if (operation?.incident === id && operation.stage === 'asked') return true
  return effects.some((one) => one.do === 'card' && one.subject === id && one.freshIn !== undefined)
}

/** True of what is told whatever keeps other news from being told. */
export const isAlwaysTold = ({ text }: { text: Message }): boolean => ALWAYS_TOLD.includes(text.key)

/** `isCovered`: what is about no incident goes with those of the breaker. */
function isTaken(effect: Effect, covered: ReadonlySet<string>, isCovered: boolean): boolean {
  if (effect.do === 'card') return effect.freshIn === undefined && covered.has(effect.subject)
  if (effect.do !== 'notice' || isAlwaysTold(effect)) return false
  return effect.about === undefined ? isCovered : covered.has(effect.about)
}

const rung = (card: Extract<Effect, { do: 'card' }>): Effect => ({ ...card, urgent: true })

/** The members of which a storm knows something else by now; those that have left it, too. */
function changedMembers(situation: Situation, decision: Decision): ChangedMember[] {
  const { config } = situation
  const known = new Map(situation.incidents.map((one) => [one.id, one]))
  const all = new Map([...situation.incidents, ...decision.incidents].map((one) => [one.id, one]))
  return [...all.values()].flatMap((incident): ChangedMember[] => {
    const old = known.get(incident.id)
    const storm = old?.storm ?? incident.storm
    if (!storm) return []
    const member = memberOf(config, decision.breaker, incident, storm)
    const was = old && situation.breaker && memberOf(config, situation.breaker, old, storm)
    return JSON.stringify(was) === JSON.stringify(member) ? [] : [{ storm: storm.id, member }]
  })
}
