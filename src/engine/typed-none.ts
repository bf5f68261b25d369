import { type CommandName, wordFor } from '../domain/command.ts'
import type { Found } from '../domain/find-breaker.ts'
import { type Message, message } from '../domain/message.ts'
import type { Place } from './place.ts'

/** What is said where a line means no breaker, or several. */
export function notOne(
  found: Exclude<Found, { kind: 'one' }>,
  command: CommandName,
  rest: string,
  place: Place,
): Message {
  if (found.kind === 'several') {
    const names = found.breakers.slice(0, 6).map((one) => one.name)
    return message('command.several', {
      text: rest || wordFor(command, place.language),
      names: names.join(' / '),
    })
  }
  if (rest !== '') return message('command.no-breaker', { text: rest })
  const example = place.breakers[0]?.name ?? ''
  return message('command.which', { word: wordFor(command, place.language), example })
}
