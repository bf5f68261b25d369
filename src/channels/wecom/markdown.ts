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
  return asMessage([
    `**${TONES[card.tone]} ${escapeMarkdown(card.title)}**`,
    escapeMarkdown(card.subtitle),
    ...card.rows.map(
      ({ label, value }) => escapeMarkdown(label) + COLONS[card.locale] + escapeMarkdown(value),
    ),
    ...[...card.notes, ...card.story].map(escapeMarkdown),
    ...typeInstead(card),
  ])
}

const asMessage = (lines: string[]) => ({
  msgtype: 'markdown',
  markdown: { content: clip(lines.join('\n'), LIMIT, utf8Bytes) },
})
