import { ALARM_CARD, type Alarm } from '../domain/alarm.ts'
import type { CommandName } from '../domain/command.ts'
import type { DrawAction } from '../domain/decide-draw.ts'
import { findBreaker } from '../domain/find-breaker.ts'
import { DAY } from '../domain/local-time.ts'
import { message } from '../domain/message.ts'
import { readUntil } from '../domain/until.ts'
import type { Place, Typed } from './place.ts'
import { notOne } from './typed-none.ts'

const ACTIONS: Partial<Record<CommandName, DrawAction>> = {
  normal: 'normal',
  'mute-draw': 'mute-draw',
  mute: 'mute-draw',
}
/** Nobody mutes for longer, ms. */
const MOST = 90 * DAY

/**
 * Understands a word about what a breaker draws: that it is normal, that it is to be quiet, that it is to be watched as
 * before. Undefined: it means something else; a plain mute is one of everything, but in answer to such an alarm's card.
 */
export async function aboutDraw(
  command: CommandName,
  line: string,
  place: Place,
  addressed: boolean,
): Promise<Typed | undefined> {
  if (command === 'watch-draw') return watchAgain(line, place)
  const action = ACTIONS[command]
  if (!action) return undefined
  const { rest, lasts } = splitDuration(line)
  const more = action === 'mute-draw' && lasts !== undefined ? { lasts } : {}
  const alarms = (await place.alarms()).filter(({ kind }) => kind === 'draw')
  const answered = place.answered?.breaker === ALARM_CARD ? place.answered.id : undefined
  const isAnswer = answered !== undefined && (command !== 'mute' || alarms.some(({ id }) => id === answered))
  if (isAnswer && rest === '') return { kind: 'alarm', alarm: answered, action, ...more }
  if (command === 'mute') return undefined
  const found = findBreaker(place.breakers, rest)
  if (found.kind === 'one') return named(alarms, found.breaker, action, more)
  // «正常» among people is no word to the bot.
  return addressed ? { kind: 'say', lines: [notOne(found, command, rest, place)] } : { kind: 'silence' }
}

function named(
  alarms: readonly Alarm[],
  { id, name }: { id: string; name: string },
  action: DrawAction,
  more: { lasts?: number },
): Typed {
  const [alarm, ...others] = alarms.filter(({ breaker }) => breaker === id)
  if (!alarm) return { kind: 'say', lines: [message('draw.none', { breaker: name })] }
  // A mute is of all of them alike.
  if (others.length > 0 && action === 'normal')
    return { kind: 'say', lines: [message('draw.which', { breaker: name })] }
  return { kind: 'alarm', alarm: alarm.id, action, ...more }
}

function watchAgain(line: string, place: Place): Typed {
  const found = findBreaker(place.breakers, line)
  return found.kind === 'one'
    ? { kind: 'watch-draw', breaker: found.breaker }
    : { kind: 'say', lines: [notOne(found, 'watch-draw', line, place)] }
}

/** `3号增氧机 7 天` → the name and ms; only spans count, no times of day. */
function splitDuration(line: string): { rest: string; lasts?: number } {
  const [, rest = '', words] = /^(.*?)\s*(\d+\s*\S+)$/.exec(line) ?? []
  const read = words === undefined ? undefined : readUntil([words.replace(/\s+/, '')], 0, 'UTC')
  const lasts = read && read.from === 0 && read.rest.length === 0 ? read.until : undefined
  return lasts !== undefined && lasts > 0 && lasts <= MOST ? { rest, lasts } : { rest: line }
}
