import { ALARM_KINDS } from './alarm.ts'
import { lasting, type Message, type MessageKey, message, span, time } from './message.ts'
import { CALLED_BY, VIAS } from './people.ts'
import { CAUSES, type Cause } from './report.ts'

/** An entry of the audit, as far as history tells it. */
export interface Entry {
  at: number
  who: string
  what: string
  subject: string
  details?: Record<string, unknown>
}

/** Entries that are told by one text; `{who}` is who did it. */
const PLAIN: Record<string, MessageKey> = {
  'incident.resolved': 'history.resolved',
  'incident.acknowledged': 'history.acknowledged',
  'incident.unacknowledged': 'history.unacknowledged',
  'incident.handed-over': 'history.handed-over',
  'incident.ack-lapsed': 'history.ack-lapsed',
  'unack.refused': 'history.turned-away',
  'handover.refused': 'history.turned-away',
  'drill.asked': 'history.drill-asked',
  'drill.weekly': 'history.drill-weekly',
  'report.made': 'history.report-made',
  'report.mailed': 'history.report-mailed',
  'report.not-mailed': 'history.report-not-mailed',
  'close.asked': 'history.close-asked',
  'close.confirmed': 'history.close-confirmed',
  'close.cancelled': 'history.close-cancelled',
  'close.expired': 'history.close-expired',
  'open.asked': 'history.open-asked',
  'operation.unconfirmed': 'history.unconfirmed',
  'operation.tripped': 'history.tripped-again',
  'reconciliation.found': 'history.found',
  'alarm.undelivered': 'history.undelivered',
  'ack.refused': 'history.turned-away',
  'reclose.refused': 'history.turned-away',
  'confirm.refused': 'history.turned-away',
  'cancel.refused': 'history.turned-away',
  'open.refused': 'history.turned-away',
  'hold.set': 'history.hold-set',
  'hold.lifted': 'history.hold-lifted',
  'lock-out.set': 'history.lock-out-set',
  'lock-out.lifted': 'history.lock-out-lifted',
  'reclosing.announced': 'history.reclosing-announced',
  'reclosing.closed': 'history.reclosing-closed',
  'reclosing.succeeded': 'history.reclosing-succeeded',
  'reclosing.stopped': 'history.reclosing-stopped',
  'reclosing.stopped-by': 'history.reclosing-stopped-by',
  'reclosing.lapsed': 'history.reclosing-lapsed',
  'breaker.closed': 'history.closed-elsewhere',
  'hold.refused': 'history.turned-away',
  'release.refused': 'history.turned-away',
  'unlock.refused': 'history.turned-away',
  'stop.refused': 'history.turned-away',
  'storm.began': 'history.storm-began',
  'draw.watched': 'history.draw-watched',
  'normal.refused': 'history.turned-away',
  'mute-draw.refused': 'history.turned-away',
  'mute.set': 'history.mute-set',
  'mute.ended': 'history.mute-ended',
  'maintenance.set': 'history.maintenance-set',
  'maintenance.ended': 'history.maintenance-ended',
  'quiet.set': 'history.quiet-set',
  'quiet.ended': 'history.quiet-ended',
  'cover.set': 'history.cover-set',
  'cover.ended': 'history.cover-ended',
  'arrange.refused': 'history.arrange-refused',
  'window.over': 'history.window-over',
  'control.off': 'history.control-off',
  'control.on': 'history.control-on',
  'control.on-asked': 'history.control-on-asked',
  'control.refused': 'history.control-refused',
}

/** Entries about a command, by which way it was to move the contacts. */
const MOVES = {
  'operation.taken': 'history.sent',
  'operation.refused': 'history.not-sent',
  'operation.unknown': 'history.unknown',
  'operation.done': 'history.done',
} as const

const RUN_STEPS = ['asked', 'confirmed', 'stopped', 'cancelled', 'expired', 'ended'] as const

/** Reasons of the gate that can be told without knowing more. */
const REASONS = [
  'gate.actuation-off',
  'gate.no-remote-close',
  'gate.offline',
  'gate.already-closed',
  'gate.position-unknown',
  'gate.short-circuit',
] as const satisfies MessageKey[]

/** An entry in words. What is not known here is shown as it stands in the audit. */
export function wordsOf(entry: Entry): Message {
  const said = saidOf(entry)
  const via = VIAS.find((one) => one === entry.details?.via)
  return via ? message('history.by', { what: said, via: message(`channel.${via}`) }) : said
}

function saidOf({ who, what, details = {} }: Entry): Message {
  const plain = Object.hasOwn(PLAIN, what) ? PLAIN[what] : undefined
  if (plain) return message(plain, { who, what: String(details.what ?? details.person ?? '') })
  if (what === 'incident.opened') return message('history.tripped', { cause: causeOf(details) })
  if (what.startsWith('alarm.')) return ofAlarm(who, what, details)
  if (what === 'escalation.called') return called(details)
  if (what === 'escalation.posted') return posted(details)
  if (what === 'close.refused') return refused(who, details)
  if (what === 'storm.acknowledged')
    return message('history.storm-acknowledged', { who, count: Number(details.count ?? 0) })
  if (what === 'breaker.away' || what === 'breaker.back') return wasAway(details)
  if (what === 'storm.over') return message('history.storm-over', { total: Number(details.total ?? 0) })
  if (Object.hasOwn(MOVES, what)) {
    const to = details.to === 'closed' ? 'closed' : 'open'
    return message(`${MOVES[what as keyof typeof MOVES]}-${to}`)
  }
  const [kind, step] = what.split('.')
  const known = RUN_STEPS.find((one) => one === step)
  if (known && (kind === 'full-off' || kind === 'group-close')) {
    const { place, reached = 0, missed = 0 } = details
    return message(`history.${kind}-${known}`, {
      who,
      place: String(place),
      reached: Number(reached),
      missed: Number(missed),
    })
  }
  return message('history.other', { who, what })
}

const ALARM_STEPS = {
  'alarm.raised': 'history.alarm-raised',
  'alarm.resolved': 'history.alarm-resolved',
  'alarm.acknowledged': 'history.alarm-acknowledged',
  'alarm.unacknowledged': 'history.alarm-unacknowledged',
  'alarm.handed-over': 'history.alarm-handed-over',
  'alarm.ack-lapsed': 'history.alarm-ack-lapsed',
  'alarm.draw-normal': 'history.draw-normal',
  'alarm.draw-muted': 'history.draw-muted',
} as const

/** What became of an alarm that is no breaker's fault. */
function ofAlarm(who: string, what: string, { kind }: Record<string, unknown>): Message {
  if (!Object.hasOwn(ALARM_STEPS, what)) return message('history.other', { who, what })
  const known = ALARM_KINDS.find((one) => one === kind)
  const alarm = known ? message(`kind.${known}`) : String(kind)
  return message(ALARM_STEPS[what as keyof typeof ALARM_STEPS], { who, alarm })
}

/** A call, and whether the way took it. */
function called({ person, way, outcome }: Record<string, unknown>): Message {
  const known = CALLED_BY.find((one) => one === way)
  const by = known ? message(`way.${known}`) : String(way)
  const key = outcome === 'delivered' ? 'history.called' : 'history.not-called'
  return message(key, { person: String(person), way: by })
}

function posted({ to, way, outcome }: Record<string, unknown>): Message {
  const by = message(way === 'webhook' ? 'way.webhook' : 'way.mail')
  return message(outcome === 'delivered' ? 'history.posted' : 'history.not-posted', {
    to: String(to),
    way: by,
  })
}

/** «away 10:02:10 – 10:02:50, 40 s», or «away since 10:02:10». */
function wasAway({ since, until }: Record<string, unknown>): Message {
  const from = Number(since)
  if (typeof until !== 'number') return message('history.away', { since: time(from) })
  return message('history.was-away', { when: span(from, until), lasting: lasting(until - from) })
}

function causeOf({ cause, raw }: Record<string, unknown>): Message | string {
  const known = CAUSES.find((one) => one === cause) as Cause | undefined
  if (known) return message(`cause.${known}`)
  return typeof raw === 'string' ? raw : message('cause.unknown')
}

function refused(who: string, { reasons }: Record<string, unknown>): Message {
  const why = REASONS.filter((one) => Array.isArray(reasons) && reasons.includes(one)).map((one) =>
    message(one),
  )
  return why.length > 0
    ? message('history.close-refused-why', { who, why })
    : message('history.close-refused', { who })
}
