import { ALARM_CARD, type Alarm } from './alarm.ts'
import type { Card } from './card.ts'
import type { CardTone } from './card-text.ts'
import { isDrill } from './drill-alarm.ts'
import { dateTime, type Message, message, time } from './message.ts'
import { isTaken } from './ownership.ts'

/** The card of an alarm as it stands: what it says, whose it is, and a button to take it on. */
export function alarmCard(alarm: Alarm): Card {
  const { id, version, title, notes, story, openedAt, room, site } = alarm
  const subtitle = stateOf(alarm)
  return {
    subject: `${ALARM_CARD}.${id}`,
    version,
    called: '',
    tone: toneOf(alarm),
    title,
    subtitle,
    rows: [
      site === undefined
        ? { label: message('row.room'), value: room }
        : { label: message('row.site'), value: site },
      { label: message('row.time'), value: message('plain-time', { at: dateTime(openedAt) }) },
    ],
    notes: alarm.status === 'resolved' ? [] : notes,
    story,
    buttons: alarm.status === 'resolved' ? [] : buttonsOf(alarm),
    summary: message('card.alarm-summary', { title, state: subtitle }),
  }
}

function buttonsOf(alarm: Alarm): Card['buttons'] {
  const ack: Card['buttons'] = isTaken(alarm) ? [] : [{ action: 'ack', style: 'primary' }]
  if (alarm.kind !== 'draw') return ack
  return [...ack, { action: 'normal', style: 'plain' }, { action: 'mute-draw', style: 'plain' }]
}

function toneOf(alarm: Alarm): CardTone {
  const { status, severity } = alarm
  if (isDrill(alarm)) return 'neutral'
  if (status === 'resolved') return 'good'
  if (status === 'acknowledged') return 'warning'
  return severity === 'critical' ? 'alarm' : 'warning'
}

function stateOf(alarm: Alarm): Message {
  const { status, outcome, owner, handedOverBy, acknowledgedAt, openedAt } = alarm
  if (status === 'resolved') return outcome ?? message('state.over')
  if (isDrill(alarm)) return message('drill.running')
  if (!owner) return message('state.nobodys')
  const at = time(acknowledgedAt ?? openedAt)
  return handedOverBy === undefined
    ? message('state.acknowledged', { person: owner.person, at })
    : message('state.handed-over', { person: owner.person, from: handedOverBy })
}
