import type { CardText } from '../../domain/card-text.ts'
import type { Content } from '../channel.ts'
import { clip, escapeMarkdown, utf8Bytes, utf16Units } from '../kit/text.ts'
import { COLONS, TONES, typeInstead } from '../kit/words.ts'
import { languageOf, WITHHELD } from './words.ts'

/** UTF-8 bytes of a message (documented). */
const LIMIT = 20_480
/** UTF-16 units of a first line. */
const HEAD = 60

/** The body of a text message: `text` is plain, its line breaks stay. At most 20 480 bytes. */
export function markdownMessage(text: string) {
  return asMessage(text.split(/\r?\n/).map(escapeMarkdown))
}

/** The body of a message with the facts of a card and the words to type instead of pressing. */
export function markdownCard(card: CardText) {
  return asMessage([`**${titleOf(card)}**`, ...factsOf(card), ...typeInstead(card)])
}

/** The body of a message with no more than the head of a content, and where to find the rest. */
export function markdownHead(content: Content) {
  if ('card' in content) return asMessage([`**${titleOf(content.card)}**`, WITHHELD[content.card.locale]])
  const [first = ''] = content.text.split(/\r?\n/)
  return asMessage([clip(escapeMarkdown(first), HEAD, utf16Units), WITHHELD[languageOf(content.text)]])
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
