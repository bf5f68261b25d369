import type { AlarmFacts } from './alarm.ts'
import type { BreakerState } from './breaker.ts'
import type { Draft } from './draft.ts'
import type { BreakerEvent } from './event.ts'
import { lasting, type Message, message } from './message.ts'
import { type Absence, type OfflineRules, outlast, PATIENCE, USUAL_OFFLINE } from './offline.ts'
import type { BreakerConfig } from './policy.ts'

/** One cause of being away is enough. */
export const isAway = ({ online, silent }: Pick<BreakerState, 'online' | 'silent'>): boolean =>
  online === false || silent !== undefined

export const wasHeardOf = ({ online, heardAt }: BreakerState): boolean =>
  online !== undefined || heardAt !== undefined

export const inSite = (one: Pick<BreakerConfig, 'room' | 'site'>, { room, site }: typeof one): boolean =>
  one.room === room && one.site === site

/** From now on the breaker is away; that is news only if it stays so. */
export function goAway(draft: Draft, since: number, note: Message): void {
  const { now } = draft.given
  const { grace, siteGrace } = rulesOf(draft)
  draft.breaker = { ...draft.breaker, absence: { since, noticed: now, note } }
  setTimer(draft, now, now + grace)
  lookAtSite(draft, now + siteGrace)
}

/** It is there again: the end of its alarm, or of what was never told. */
export function comeBack(draft: Draft): void {
  const { absence, ...rest } = draft.breaker
  draft.breaker = rest
  if (!absence) return
  const { since, alarm } = absence
  const { now: until } = draft.given
  draft.note('system', 'breaker.back', { since, until, ...(alarm !== undefined && { alarm }) })
  if (alarm !== undefined)
    draft.effects.push({
      do: 'resolve',
      alarm,
      outcome: message('alarm.back', { after: lasting(until - since) }),
    })
  lookAtSite(draft, until)
}

/** The grace of an absence is over. */
export function onAwayDue(draft: Draft, { noticed }: Extract<BreakerEvent, { type: 'away-due' }>): void {
  const { breaker, config, given } = draft
  const { absence } = breaker
  if (absence?.noticed !== noticed || absence.alarm !== undefined) return
  const { grace, flaps: most } = rulesOf(draft)
  if (given.now < noticed + grace) {
    setTimer(draft, noticed, noticed + grace)
    return
  }
  const { counted, due, begins } = outlast(breaker, noticed, grace, most)
  const { flaps: _, ...calm } = breaker
  draft.breaker = { ...calm, ...counted }
  if (begins) {
    const times = counted.outlasted?.length ?? 0
    draft.tell(message('notice.flaps', { what: config.name, times, patience: lasting(grace * PATIENCE) }))
  }
  if (given.now < due) setTimer(draft, noticed, due)
  else raise(draft, absence)
}

function raise(draft: Draft, absence: Absence): void {
  const { id, name, room, site } = draft.config
  const alarm = draft.given.newId()
  draft.breaker = { ...draft.breaker, absence: { ...absence, alarm } }
  draft.note('system', 'breaker.away', { since: absence.since, alarm })
  const { severity } = rulesOf(draft)
  const title = message('alarm.breaker-offline', { breaker: name })
  const facts: AlarmFacts = {
    ...{ kind: 'breaker-offline', room, site, breaker: id, severity },
    ...{ title, notes: [absence.note] },
  }
  draft.effects.push({ do: 'raise', alarm, facts })
}

const rulesOf = ({ given }: Draft): OfflineRules => given.policy.offline ?? USUAL_OFFLINE

function setTimer(draft: Draft, noticed: number, at: number): void {
  const id = `away:${draft.config.id}:${noticed}:${at}`
  draft.effects.push({ do: 'timer', id, at, event: { type: 'away-due', noticed } })
}

/** What has come or gone may be the whole site. */
function lookAtSite({ config, given, effects }: Draft, at: number): void {
  const others = given.policy.breakers.filter((one) => inSite(one, config))
  if (others.length > 1) effects.push({ do: 'look-at-site', at })
}
