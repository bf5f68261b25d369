import type { Card } from '../domain/card.ts'
import type { CardText, Locale } from '../domain/card-text.ts'
import { formatLocal } from '../domain/local-time.ts'
import { message } from '../domain/message.ts'
import { translator } from './translate.ts'

/** Puts a card into one language: the form that the channels lay out. */
export function cardText(card: Card, locale: Locale, timezone: string): CardText {
  const t = translator(locale, timezone)
  return {
    subject: card.subject,
    version: card.version,
    locale,
    tone: card.tone,
    title: t(card.title),
    subtitle: t(card.subtitle),
    rows: card.rows.map((row) => ({ label: t(row.label), value: t(row.value) })),
    notes: card.notes.map(t),
    story: card.story.map((line) => `${formatLocal(line.at, timezone, 'time')} ${t(line.text)}`),
    buttons: card.buttons.map(({ action, style, nonce, text }) => ({
      action,
      style,
      text: t(text ?? message(`button.${action}`)),
      data: buttonData(action, card.subject, nonce),
    })),
    summary: t(card.summary),
  }
}

const BUTTON = /^v1:(ack|reclose|energy|confirm|cancel|noop):([\w-]{1,24}|@)\.(\w{1,16})(?::(\w{1,12}))?$/

/** What a button says when pressed: only a key to look things up by, never trusted. At most 64 bytes. */
function buttonData(action: string, subject: string, nonce: string | undefined): string {
  return `v1:${action}:${subject}${nonce ? `:${nonce}` : ''}`
}

export interface Pressed {
  action: 'ack' | 'reclose' | 'energy' | 'confirm' | 'cancel' | 'noop'
  /** {@link GROUP_CARD} on the card of a group run. */
  breaker: string
  /** Incident, operation or group run. */
  id: string
  nonce?: string
}

/** Reads a button's data back; undefined for anything that no button of ours says. */
export function parseButton(data: string): Pressed | undefined {
  const found = BUTTON.exec(data)
  if (!found) return undefined
  const [, action, breaker, id, nonce] = found
  return {
    action: action as Pressed['action'],
    breaker: breaker!,
    id: id!,
    ...(nonce !== undefined && { nonce }),
  }
}
