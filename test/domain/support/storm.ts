import { type BreakerState, circuitState } from '../../../src/domain/breaker.ts'
import { decide } from '../../../src/domain/decide.ts'
import type { Situation } from '../../../src/domain/decision.ts'
import type { Ask, AskAction, BreakerEvent } from '../../../src/domain/event.ts'
import { type Incident, isOpen } from '../../../src/domain/incident.ts'
import type { BreakerConfig } from '../../../src/domain/policy.ts'
import type { Report } from '../../../src/domain/report.ts'
import { decideStorm, hasCounted, isCollecting, newStorm, type Storm } from '../../../src/domain/storm.ts'
import type { StormMember } from '../../../src/domain/storm-member.ts'
import { type StormTally, startCounting } from '../../../src/domain/storm-tally.ts'
import { CHAT, EIGHT, POLICY, report, senderOf } from './site.ts'

export type StormStory = ReturnType<typeof tellStorm>

/**
 * Several breakers of one room and the storm that their incidents join, decided one after another as the engine does it.
 * Who joins is said by the test: in the engine that hangs on how many opened before.
 */
export function tellStorm(breakers: BreakerConfig[], more = 3) {
  const states = new Map<string, BreakerState>()
  const incidents = new Map<string, Incident>()
  const members = new Map<string, StormMember>()
  /** Incidents whose own card was to be shown since they last joined a storm. */
  const shownAlone = new Set<string>()
  /** Those of them whose own card was urgent. */
  const rung = new Set<string>()
  const notices: string[] = []
  const config = (id: string) => breakers.find((one) => one.id === id)!
  let now = EIGHT
  let ids = 0
  let storm: Storm | undefined
  const storms = new Map<string, Storm>()
  const newId = () => `${String(++ids).padStart(5, '0')}random7`

  function happen(id: string, event: BreakerEvent, joins: boolean): void {
    const breaker = states.get(id)
    const own = [...incidents.values()].filter((one) => one.breaker === id)
    const situation: Situation = { config: config(id), breaker, incidents: own }
    const standing = new Set([...storms.values()].filter((one) => one.phase !== 'over').map((one) => one.id))
    const isUnseen = ({ storm: joined }: Incident) => {
      const known = joined && storms.get(joined.id)
      return known !== undefined && !hasCounted(known, joined!.joinedAt)
    }
    const unseen = new Set(own.filter(isUnseen).map((one) => one.id))
    let decision = decide(situation, event, { policy: POLICY, now, newId, storms: { standing, unseen } })
    const opens = decision.incidents.some((one) => isOpen(one) && !incidents.has(one.id))
    if (opens && joins) {
      if (!storm || !isCollecting(storm, now)) {
        storm = newStorm(newId(), POLICY.rooms[0]!.name, config(id).site, now)
        storms.set(storm.id, storm)
      }
      standing.add(storm.id)
      const join = storm.id
      decision = decide(situation, event, { policy: POLICY, now, newId, storms: { standing, unseen, join } })
    }
    states.set(id, decision.breaker)
    const isNew = (incident: string) => !incidents.has(incident)
    for (const one of decision.members ?? [])
      if (members.has(keyOf(one.storm, one.member)) || isNew(one.member.incident))
        members.set(keyOf(one.storm, one.member), one.member)
    for (const one of decision.incidents) incidents.set(one.id, one)
    for (const effect of decision.effects) {
      if (effect.do === 'card') shownAlone.add(effect.subject)
      if (effect.do === 'card' && effect.urgent) rung.add(effect.subject)
      if (effect.do === 'notice') notices.push(effect.text.key)
    }
  }

  const keyOf = (of: string, member: StormMember) => `${of}/${member.incident}`
  const membersOf = (of: string) =>
    [...members].filter(([key]) => key.startsWith(`${of}/`)).map(([, member]) => member)

  function tally(of: Storm): StormTally {
    const sizes = new Map<string, number>()
    for (const { site } of breakers) sizes.set(site, (sizes.get(site) ?? 0) + 1)
    const counting = startCounting({ since: of.since, sizes, more, isHere: () => true })
    for (const member of membersOf(of.id)) counting.add(member)
    return counting.done()
  }

  /** The storms are counted, and what follows from it happens; until nothing does. */
  function settle(): void {
    for (const { id } of [...storms.values()])
      for (let changed = true; changed; ) {
        const before = storms.get(id)!
        const { storm: after, end } = decideStorm(before, tally(before), { now, more })
        storms.set(id, after)
        if (storm?.id === id) storm = after
        const open = end === 'release' ? membersOf(id).filter((one) => one.standing === 'open') : []
        for (const one of open) happen(one.breaker, { type: 'storm-over', storm: id }, false)
        if (before.phase === 'over' && end === 'clear')
          for (const one of membersOf(id)) members.delete(`${id}/${one.incident}`)
        changed = after !== before || open.length > 0
      }
  }

  function ask(person: string, action: AskAction, device: string, fields: Partial<Ask> = {}): void {
    const who = { channel: CHAT.channel, sender: senderOf(person), anonymous: false, chat: CHAT }
    happen(device, { type: 'ask', action, ...who, typed: true, ...fields }, false)
  }

  let reports = 0
  return {
    push(device: string, fields: Partial<Report>, joins = true): void {
      happen(
        device,
        { type: 'report', report: report({ id: `p${++reports}`, device, at: now, ...fields }) },
        joins,
      )
    },
    ask,
    settle,
    wait(ms: number): void {
      now += ms
    },
    now: () => now,
    storm: () => storm,
    storms: () => [...storms.values()],
    setStorm(next: Storm): void {
      storms.set(next.id, next)
      storm = next
    },
    members: () => [...members.values()],
    membersOf,
    incidents: () => [...incidents.values()],
    isShownAlone: (incident: string) => shownAlone.has(incident),
    hasRung: (incident: string) => rung.has(incident),
    notices: () => notices,
    incidentOf: (device: string): Incident | undefined => {
      const breaker = states.get(device)
      const id = breaker && circuitState(breaker, 'power').incident
      return id === undefined ? undefined : incidents.get(id)
    },
  }
}
