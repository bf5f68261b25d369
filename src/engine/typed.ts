import type { Sender, TextInput } from '../channels/channel.ts'
import { isArranging } from '../domain/arrange-words.ts'
import { clip, utf16Units } from '../domain/characters.ts'
import { type CommandName, parseCommand, reasonOf, wordFor } from '../domain/command.ts'
import type { ControlWord } from '../domain/control.ts'
import type { AskAction } from '../domain/event.ts'
import { breakersOfPlace, type Found, findAtStart, findBreaker } from '../domain/find-breaker.ts'
import { type Message, message } from '../domain/message.ts'
import type { ReportEvery } from '../domain/report-schedule.ts'
import { asCode } from './bind-codes.ts'
import { help } from './help.ts'
import { whereami, whoami } from './introductions.ts'
import type { Place, Typed } from './place.ts'
import { aboutDraw } from './typed-draw.ts'
import { aboutEnergy, isAboutEnergy } from './typed-energy.ts'
import { aboutGroup } from './typed-group.ts'
import { notOne } from './typed-none.ts'
import { aboutAlarm, receiverIn } from './typed-owning.ts'
import { aboutStorm } from './typed-storm.ts'
import { aboutTelling } from './typed-telling.ts'

const CONTROLS: Partial<Record<CommandName, ControlWord>> = {
  'control-off': 'off',
  'control-on': 'on',
  'confirm-control-on': 'confirm-on',
}

const REPORTS: Partial<Record<CommandName, ReportEvery>> = {
  'report-day': 'day',
  'report-week': 'week',
  'report-month': 'month',
}

const ASKS: Partial<Record<CommandName, AskAction>> = {
  ack: 'ack',
  reclose: 'reclose',
  open: 'open',
  confirm: 'confirm',
  cancel: 'cancel',
  hold: 'hold',
  release: 'release',
  unlock: 'unlock',
  stop: 'stop',
  unack: 'unack',
  handover: 'handover',
}

/** What takes a reason behind the breaker's name. */
const REASONED: readonly (AskAction | undefined)[] = ['hold', 'release', 'unlock']

/** Understands a typed line. Talk that was not meant for the bot stays without an answer. */
export async function understand(input: TextInput, place: Place): Promise<Typed> {
  const addressed = input.addressed !== false
  const parsed = parseCommand(input.text)
  if (parsed.kind === 'empty') return addressed ? { kind: 'say', lines: help(place) } : { kind: 'silence' }
  if (parsed.kind === 'unknown')
    return addressed ? { kind: 'say', lines: [unknownWord(parsed, place)] } : { kind: 'silence' }
  const { command, rest, exact } = parsed
  if (!addressed && !isMeant(command, rest, exact, place)) return { kind: 'silence' }
  if (command === 'whoami') return { kind: 'say', lines: whoami(input, place) }
  if (command === 'bind') return aboutBinding(rest, input, place)
  // A deep link of Telegram comes as «/start CODE».
  const code = command === 'help' ? asCode(rest) : undefined
  if (code) return { kind: 'bind', code }
  if (command === 'help') return { kind: 'say', lines: help(place) }
  if (!place.person) return { kind: 'say', lines: [stranger(input.sender)] }
  if (command === 'unbind') return { kind: 'unbind', name: rest }
  if (command === 'console') return { kind: rest === '' || addressed ? 'console' : 'silence' }
  if (command === 'console-off') return { kind: 'console-off', name: rest }
  if (!place.room && input.group) return { kind: 'say', lines: [message('command.chat-unknown')] }
  if (command === 'list') return { kind: 'list', breakers: place.breakers }
  if (command === 'status') return status(rest, place)
  if (command === 'history') return { kind: 'history', rest }
  if (command === 'oncall') return { kind: rest === '' || addressed ? 'oncall' : 'silence' }
  const aboutIt = await aboutDraw(command, rest, place, addressed)
  if (aboutIt) return aboutIt
  if (isArranging(command)) return { kind: 'arrange', command, rest, addressed }
  if (command === 'plan' || command === 'drill') return aboutTelling(command, rest, place)
  const every = REPORTS[command]
  if (every) return { kind: 'report', every, rest, addressed }
  if (command === 'energy' || command === 'export') return aboutEnergy(command, rest, place)
  const word = CONTROLS[command]
  if (word) return exact && rest === '' ? { kind: 'control', word } : { kind: 'silence' }
  return (
    (await aboutAlarm(command, rest, place)) ??
    (await aboutStorm(command, rest, place)) ??
    (await aboutGroup(command, rest, place, addressed)) ??
    aboutBreaker(command, rest, place)
  )
}

/** Talk that begins with a command's word («hold on, …») is none where a breaker's name is to follow and does not. */
function isMeant(command: CommandName, rest: string, exact: boolean, place: Place): boolean {
  const { breakers } = place
  if (REASONED.includes(ASKS[command])) return findAtStart(breakers, rest).found.kind === 'one'
  if (isArranging(command) || REPORTS[command]) return exact
  // A drill rings telephones: it is asked for of the bot, and by no talk among people.
  if (command === 'drill') return false
  if (command === 'plan') return findBreaker(breakers, rest).kind === 'one'
  if (command === 'energy' || command === 'export') return exact || isAboutEnergy(rest, place)
  if (command === 'bind' || command === 'unbind') return exact && (rest === '' || asCode(rest) !== undefined)
  if (command === 'console' || command === 'console-off') return exact && rest === ''
  return exact || findBreaker(breakers, rest).kind === 'one'
}

function aboutBinding(rest: string, input: TextInput, place: Place): Typed {
  if (rest === '') return { kind: 'say', lines: whereami(input, place) }
  const code = asCode(rest)
  return code
    ? { kind: 'bind', code }
    : { kind: 'say', lines: [message('bind.no-code', { text: clip(rest, 40, utf16Units) })] }
}

async function aboutBreaker(command: CommandName, line: string, place: Place): Promise<Typed> {
  const action = ASKS[command]
  if (!action) return { kind: 'silence' }
  if (REASONED.includes(action)) return withReason(action, command, line, place)
  const { name, before: rest } = action === 'handover' ? receiverIn(line, place) : { before: line }
  const to = name === undefined ? {} : { to: name }
  if (rest === '' && place.answered) {
    const breaker = place.breakers.find((one) => one.id === place.answered!.breaker)
    if (breaker) return { kind: 'ask', action, breaker, subject: place.answered.id, ...to }
  }
  const found = rest === '' ? await onlyOne(action, place) : findBreaker(place.breakers, rest)
  if (found.kind !== 'one') return { kind: 'say', lines: [notOne(found, command, rest, place)] }
  return {
    kind: 'ask',
    action,
    breaker: found.breaker,
    ...to,
    ...(found.circuit !== undefined && { circuit: found.circuit }),
  }
}

/** `挂牌 3号增氧机 检修水泵`; in reply to a card, or where there is only one breaker, its name may be left out. */
function withReason(action: AskAction, command: CommandName, line: string, place: Place): Typed {
  const { found, rest } = findAtStart(place.breakers, line)
  const answered = place.breakers.find((one) => one.id === place.answered?.breaker)
  const implied = answered ?? (place.breakers.length === 1 ? place.breakers[0] : undefined)
  const isImplied = found.kind !== 'one' || (rest === '' && answered !== undefined)
  if (isImplied && implied) {
    // The card of an incident says which circuit; a hold is on the whole breaker all the same.
    const subject = answered && action === 'unlock' ? { subject: place.answered!.id } : {}
    return { kind: 'ask', action, breaker: implied, ...subject, ...reasonOf(line) }
  }
  if (found.kind !== 'one') return { kind: 'say', lines: [notOne(found, command, line, place)] }
  const { breaker, circuit } = found
  return { kind: 'ask', action, breaker, ...(circuit !== undefined && { circuit }), ...reasonOf(rest) }
}

/** For a line that names no breaker: the only one here, or the only one that the word can mean. */
async function onlyOne(action: AskAction, place: Place): Promise<Found> {
  if (place.breakers.length === 1) return { kind: 'one', breaker: place.breakers[0]! }
  const fits = action === 'open' ? [] : await place.pending(action)
  if (fits.length === 1) return { kind: 'one', breaker: fits[0]! }
  return fits.length > 1 ? { kind: 'several', breakers: fits } : { kind: 'none' }
}

function status(rest: string, place: Place): Typed {
  const answered = place.breakers.filter((one) => one.id === place.answered?.breaker)
  if (rest === '' && answered.length > 0) return { kind: 'status', breakers: answered, onlyTroubled: false }
  if (rest === '') return { kind: 'status', breakers: place.breakers, onlyTroubled: true }
  const found = findBreaker(place.breakers, rest)
  const inPlace = breakersOfPlace(place.breakers, rest)
  if (inPlace.length > 0) return { kind: 'status', breakers: inPlace, onlyTroubled: false }
  if (found.kind === 'one') return { kind: 'status', breakers: [found.breaker], onlyTroubled: false }
  if (found.kind === 'several') return { kind: 'status', breakers: found.breakers, onlyTroubled: false }
  return { kind: 'say', lines: [message('command.no-breaker', { text: rest })] }
}

function unknownWord(parsed: { word: string; nearest: CommandName | undefined }, place: Place): Message {
  if (!parsed.nearest) return message('command.unknown', { word: parsed.word })
  return message('command.unknown-near', {
    word: parsed.word,
    nearest: wordFor(parsed.nearest, place.language),
  })
}

export function stranger({ anonymous, id }: Sender): Message {
  return anonymous ? message('ask.anonymous') : message('ask.stranger', { id })
}
