import type { CardText } from '../../domain/card-text.ts'
import { clip, escapeMarkdown, utf8Bytes } from '../kit/text.ts'
import { COLONS, TONES, typeInstead } from '../kit/words.ts'

/** UTF-8 bytes of a message (documented). */
const LIMIT = 20_480

/** The body of a text message: `text` is plain, its line breaks stay. At most 20 480 bytes. */
export function markdownMessage(text: string) {
  return asMessage(text.split(/\r?\n/).map(escapeMarkdown))
}

/** The body of a message with the facts of a card and the words to type instead of pressing. */
export function markdownCard(card: CardText) {
  return asMessage([`**${titleOf(card)}**`, ...factsOf(card), ...typeInstead(card)])
}

export const titleOf = ({ tone, title }: CardText) => `${TONES[tone]} ${escapeMarkdown(title)}`

/** What a card says below its title, a line each; nothing in it is markup. */
export const factsOf = ({ subtitle, rows, notes, story, locale }: CardText) => [
  escapeMarkdown(subtitle),
  ...rows.map(({ label, value }) => escapeMarkdown(label) + COLONS[locale] + escapeMarkdown(value)),
  ...[...notes, ...story].map(escapeMarkdown),
]

const asMessage = (lines: string[]) => ({
  msgtype: 'markdown',
  markdown: { content: clip(lines.join('\n'), LIMIT, utf8Bytes) },
})
