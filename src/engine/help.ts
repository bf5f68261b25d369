import { type Message, message } from '../domain/message.ts'
import { may } from '../domain/people.ts'
import type { Place } from './place.ts'

/** Lists only what this person may do here. */
export function help(place: Place): Message[] {
  const { person } = place
  const free = [message('help.whoami'), message('help.bind'), message('help.help')]
  if (!person) return [message('help.stranger'), ...free]
  const acts = place.breakers.some((one) => may(person, 'close', one))
    ? [
        message('help.ack'),
        message('help.unack'),
        message('help.handover'),
        message('help.reclose'),
        message('help.confirm'),
        message('help.open'),
        message('help.hold'),
        message('help.stop'),
        message('help.off'),
        message('help.mute'),
        message('help.draw'),
        message('help.maintenance'),
        message('help.quiet'),
        message('help.cover'),
        message('help.drill'),
      ]
    : []
  if (may(person, 'unlock')) acts.push(message('help.unlock'))
  if (may(person, 'administer')) acts.push(message('help.control'), message('help.unbind'))
  const views = [
    message('help.energy'),
    message('help.report'),
    message('help.export'),
    message('help.status'),
    message('help.list'),
    message('help.history'),
    message('help.oncall'),
    message('help.plan'),
    message('help.console'),
  ]
  return [message('help.title', { person: person.name }), ...acts, ...views, ...free, message('help.reply')]
}
