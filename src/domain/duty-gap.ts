import type { AlarmFacts } from './alarm.ts'
import { onDuty, turnAt } from './duty.ts'
import { linesOf, type Reach } from './lines.ts'
import { zoneOf } from './local-time.ts'
import { dateTime, message } from './message.ts'
import type { Policy } from './policy.ts'

/** So far ahead is looked, ms. */
export const DUTY_AHEAD = 12 * 3_600_000

/** From when on nobody on duty in a room can be reached. */
export interface DutyGap {
  room: string
  /** ms; the moment of the look where it is so already. */
  from: number
  isNow: boolean
  /** Those whose turn it is, and who are not listed or have no way. */
  unreachable: string[]
}

/** The rooms in which nobody on duty can be reached, now or from a change of duty within {@link DUTY_AHEAD} on. */
export function dutyGaps(policy: Policy, reach: Reach, now: number): DutyGap[] {
  return policy.rooms
    .filter(({ name }) => callsDuty(policy, name))
    .flatMap(({ name }) => gapIn(policy, name, reach, now) ?? [])
}

/** It has a rota, or a policy that goes by one. */
function callsDuty({ duty = [], escalations, breakers }: Policy, room: string): boolean {
  if (duty.some((one) => one.room === room)) return true
  if (!escalations) return false
  const here = breakers.filter((one) => one.room === room)
  const names = [
    escalations.rooms[room] ?? 'default',
    ...here.flatMap(({ id, site }) => escalations.breakers[id] ?? escalations.sites[site] ?? []),
  ]
  const steps = [...new Set(names)].flatMap((name) => escalations.policies[name]?.steps ?? [])
  return here.length > 0 && steps.some(({ mention, call }) => mention === 'duty' || call === 'duty')
}

function gapIn(policy: Policy, room: string, reach: Reach, now: number): DutyGap | undefined {
  for (const from of [now, ...changesIn(policy, room, now)]) {
    const names = onDuty(policy, room, from)
    const isReached = names.some((name) => {
      const person = policy.people.find((one) => one.name === name)
      return linesOf(person, reach).length > 0
    })
    if (!isReached) return { room, from, isNow: from === now, unreachable: names }
  }
  return undefined
}

/** When others are on duty: hand-overs, and where somebody begins or ends taking over. In order of time. */
function changesIn(policy: Policy, room: string, now: number): number[] {
  const { duty = [], covers = [] } = policy
  const timezone = zoneOf(policy, room)
  const handovers = duty
    .filter((one) => one.room === room)
    .flatMap((one) => turnAt(one, now, timezone)?.until ?? [])
  const covered = covers.filter((one) => one.room === room).flatMap(({ from, until }) => [from, until])
  return [...handovers, ...covered].filter((at) => at > now && at <= now + DUTY_AHEAD).sort((a, b) => a - b)
}

/** The alarm that it is. */
export function gapFacts({ room, from, isNow, unreachable }: DutyGap): AlarmFacts {
  const why =
    unreachable.length === 0
      ? message('no-duty.nobody')
      : message('no-duty.unreachable', { people: unreachable.join(', ') })
  return {
    kind: 'no-duty',
    room,
    severity: isNow ? 'critical' : 'warning',
    title: message(isNow ? 'no-duty.title' : 'no-duty.title-soon', { room }),
    notes: [
      ...(isNow ? [] : [message('no-duty.from', { from: dateTime(from) })]),
      why,
      message('no-duty.advice'),
    ],
  }
}
