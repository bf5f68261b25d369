import type { Card } from '../domain/card.ts'
import type { ButtonAction, CardText, Locale, ShownMoment } from '../domain/card-text.ts'
import { type CommandName, wordFor } from '../domain/command.ts'
import { formatLocal } from '../domain/local-time.ts'
import { type Message, message } from '../domain/message.ts'
import type { Tokens } from './tokens.ts'
import { translator } from './translate.ts'

/** Puts a card into one language: the form that the channels lay out. */
export function cardText(
  card: Card,
  locale: Locale,
  timezone: string,
  tokens: Pick<Tokens, 'seal'>,
): CardText {
  const t = translator(locale, timezone)
  const [breaker = '', id = ''] = card.subject.split('.')
  return {
    subject: card.subject,
    version: card.version + (card.changes ?? 0),
    locale,
    tone: card.tone,
    title: t(card.title),
    subtitle: t(card.subtitle),
    ...named('subtitleMoment', momentIn(card.subtitle, timezone)),
    rows: card.rows.map(({ label, value }) => ({
      label: t(label),
      value: t(value),
      ...named('moment', momentIn(value, timezone)),
    })),
    notes: card.notes.map(t),
    story: card.story.map((line) => `${formatLocal(line.at, timezone, 'time')} ${t(line.text)}`),
    buttons: card.buttons.map(({ action, style, nonce, text, command = commandOf(action) }) => ({
      action,
      style,
      text: t(text ?? message(`button.${action}`)),
      data: tokens.seal({
        action,
        breaker,
        id,
        version: card.version,
        ...(nonce !== undefined && { nonce }),
      }),
      ...(command &&
        card.called !== undefined && {
          typed: `${wordFor(command, LANGUAGE[locale])} ${card.called}`.trim(),
        }),
    })),
    summary: t(card.summary),
  }
}

const LANGUAGE = { 'zh-CN': 'zh', en: 'en' } as const

/** All that a button asks for can be typed too, by the command of the same name. */
const commandOf = (action: ButtonAction): CommandName | undefined => (action === 'noop' ? undefined : action)

/** The moment in a text that has exactly one. */
function momentIn(text: Message | string, timezone: string): ShownMoment | undefined {
  const values = typeof text === 'string' ? [] : Object.values(text.values ?? {})
  const moments = values.filter((value) => typeof value === 'object' && 'form' in value && 'at' in value)
  const [moment] = moments
  if (!moment || moments.length > 1) return undefined
  return { ...moment, text: formatLocal(moment.at, timezone, moment.form) }
}

const named = <Name extends string>(name: Name, moment: ShownMoment | undefined) =>
  moment && ({ [name]: moment } as Record<Name, ShownMoment>)
