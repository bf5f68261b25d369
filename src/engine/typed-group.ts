import type { CommandName } from '../domain/command.ts'
import { wordFor } from '../domain/command.ts'
import { findPlace, fold, isOneOf, placesOf } from '../domain/find-breaker.ts'
import { type GroupRun, isStoppable } from '../domain/group-run.ts'
import { message } from '../domain/message.ts'
import { GROUP_CARD } from '../domain/run-card.ts'
import type { Place, Typed } from './place.ts'

/** Understands a line about a group or about a run that stands; undefined: it means a single breaker. */
export async function aboutGroup(
  command: CommandName,
  rest: string,
  place: Place,
  addressed: boolean,
): Promise<Typed | undefined> {
  switch (command) {
    case 'off':
      return group('open', rest, place) ?? (addressed ? whichGroup(place) : { kind: 'silence' })
    case 'open':
    case 'reclose':
      if (isOneOf(place.breakers, rest)) return undefined
      return group(command === 'open' ? 'open' : 'closed', rest, place)
    case 'confirm':
    case 'confirm-off':
    case 'cancel':
      return aboutRun(command, rest, place)
    default:
      return undefined
  }
}

function group(to: GroupRun['to'], rest: string, place: Place): Typed | undefined {
  const found = findPlace(place.breakers, rest, place.room?.name)
  return found && { kind: 'group', to, place: found.name, breakers: found.breakers }
}

function whichGroup({ breakers, room, language }: Place): Typed {
  const places = placesOf(breakers)
  const names = [...places, ...(room ? [room.name] : [])].join(' / ')
  const word = wordFor('off', language)
  return { kind: 'say', lines: [message('run.which', { word, example: places[0] ?? '', names })] }
}

const FITS: Record<'confirm' | 'confirm-off' | 'cancel', (run: GroupRun) => boolean> = {
  confirm: ({ stage, to }) => stage === 'asked' && to === 'closed',
  'confirm-off': ({ stage, to }) => stage === 'asked' && to === 'open',
  cancel: isStoppable,
}

async function aboutRun(
  command: 'confirm' | 'confirm-off' | 'cancel',
  rest: string,
  place: Place,
): Promise<Typed | undefined> {
  const action = command === 'cancel' ? 'cancel' : 'confirm'
  if (rest === '' && place.answered?.breaker === GROUP_CARD)
    return { kind: 'run', action, run: place.answered.id }
  const standing = await place.runs()
  const fits = standing.filter(FITS[command]).filter((one) => rest === '' || fold(one.place) === fold(rest))
  const isOwn = (one: GroupRun) => one.askedBy.person === place.person?.name
  const run = fits.find(isOwn) ?? fits[0]
  if (run && rest === '' && command !== 'confirm-off') {
    // A run that goes on is stopped before anything else is dropped.
    const isUrgent = command === 'cancel' && run.stage === 'running'
    const others = isUrgent ? [] : await place.pending(action)
    if (others.length > 0) return several([run.place, ...others.map((one) => one.name)])
  }
  if (run) return { kind: 'run', action, run: run.id }
  if (command === 'confirm-off') return { kind: 'say', lines: [message('run.none-open')] }
  const off = command === 'confirm' && rest === '' && standing.find(FITS['confirm-off'])
  if (!off || (await place.pending('confirm')).length > 0) return undefined
  return {
    kind: 'say',
    lines: [message('run.confirm-with', { word: wordFor('confirm-off', place.language) })],
  }
}

const several = (names: string[]): Typed => ({
  kind: 'say',
  lines: [message('run.several', { names: names.join(' / ') })],
})
