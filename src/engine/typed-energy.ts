import type { CommandName } from '../domain/command.ts'
import { type EnergyAsked, readEnergy } from '../domain/energy-asked.ts'
import { findBreaker, findPlace, isOneOf } from '../domain/find-breaker.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Place, Typed } from './place.ts'
import { notOne } from './typed-none.ts'

type EnergyCommand = Extract<CommandName, 'energy' | 'export'>

/** Understands `电量 …` and `导出 …`: a breaker, a group, a site or the room, a period, a ranking. */
export function aboutEnergy(command: EnergyCommand, rest: string, place: Place): Typed {
  const asked = askedIn(rest, place)
  const { isRanking, period } = asked
  const found = subjectOf(asked, command, place)
  if ('kind' in found) return found
  return { kind: command, wish: { ...found, isRanking, ...(period && { period }) } }
}

/** True for a line that surely asks for energy, though nobody spoke to the bot. */
export function isAboutEnergy(rest: string, place: Place): boolean {
  const { name } = askedIn(rest, place)
  return findBreaker(place.breakers, name).kind === 'one' || placeOf(name, place) !== undefined
}

/** The whole name of a breaker or a place is read no further: «11-20» may be one. */
const askedIn = (rest: string, place: Place): EnergyAsked =>
  readEnergy(rest, (text) => isOneOf(place.breakers, text) || placeOf(text, place) !== undefined)

const placeOf = (name: string, { breakers, room }: Place) => findPlace(breakers, name, room?.name)

type Subject = { name: string; breakers: BreakerConfig[] }

function subjectOf(
  { name, isRanking, period }: EnergyAsked,
  command: EnergyCommand,
  place: Place,
): Subject | Typed {
  const one = (breaker: BreakerConfig): Subject => ({ name: breaker.name, breakers: [breaker] })
  const { breakers, room } = place
  if (name === '') {
    const answered = breakers.find(({ id }) => id === place.answered?.breaker)
    if (answered && !isRanking) return one(answered)
    if (breakers.length === 1) return one(breakers[0]!)
    const isWhole = isRanking || period !== undefined || command === 'export'
    if (isWhole && breakers.length > 0)
      return { name: room?.name ?? [...new Set(breakers.map((each) => each.room))].join(' / '), breakers }
    return say(notOne({ kind: 'none' }, command, name, place))
  }
  const group = placeOf(name, place)
  if (group && !isOneOf(breakers, name)) return group
  const found = findBreaker(breakers, name)
  return found.kind === 'one' ? one(found.breaker) : say(notOne(found, command, name, place))
}

const say = (line: ReturnType<typeof notOne>): Typed => ({ kind: 'say', lines: [line] })
