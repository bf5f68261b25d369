import { onDuty } from './duty.ts'
import type { Resolve, Target } from './escalation.ts'
import { may, type Person, type Place, roleAt } from './people.ts'
import type { Policy } from './policy.ts'

/**
 * Who a policy's targets are in a room at a moment. Where nobody is on duty its admins are called in their stead, and
 * without one everybody who may acknowledge: an alarm never goes to nobody.
 * @param place where the alarm is; absent: anywhere
 */
export function resolveIn(policy: Policy, room: string, place: Place | undefined, now: number): Resolve {
  const all = policy.people.filter((one) => may(one, 'acknowledge', place))
  const admins = all.filter((one) => roleAt(one, place) === 'admin')
  const instead = names(admins.length > 0 ? admins : all)
  return (target) => {
    const people = named(policy, room, all, target, now)
    return people.length > 0 ? { people } : { people: instead, instead: true }
  }
}

function named(policy: Policy, room: string, all: Person[], target: Target, now: number): string[] {
  if (target === 'all') return names(all)
  if (target !== 'duty') return names(policy.people.filter((one) => one.name === target.person))
  const known = new Set(names(policy.people))
  return onDuty(policy, room, now).filter((name) => known.has(name))
}

const names = (people: readonly Person[]): string[] => people.map((one) => one.name)
