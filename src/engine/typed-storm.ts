import type { CommandName } from '../domain/command.ts'
import { message } from '../domain/message.ts'
import { STORM_CARD } from '../domain/storm.ts'
import { stormTitle } from '../domain/storm-card.ts'
import type { Place, Typed } from './place.ts'

/**
 * Understands `确认` without a name where it can mean a storm: in answer to its card, or where nothing else waits for it.
 * Undefined: it means something else.
 */
export async function aboutStorm(
  command: CommandName,
  rest: string,
  place: Place,
): Promise<Typed | undefined> {
  if (command !== 'ack' || rest !== '') return undefined
  if (place.answered)
    return place.answered.breaker === STORM_CARD ? { kind: 'storm', storm: place.answered.id } : undefined
  const storms = (await place.storms()).filter((one) => one.tally.unacknowledged > 0)
  const [storm] = storms
  if (!storm) return undefined
  const others = (await place.pending('ack')).map((one) => one.name)
  if (storms.length === 1 && others.length === 0) return { kind: 'storm', storm: storm.id }
  const names = [
    ...storms.map(stormTitle),
    ...others.slice(0, 6).map((one) => message('storm.list', { items: one })),
  ]
  return { kind: 'say', lines: [message('storm.ack-which', { names })] }
}
