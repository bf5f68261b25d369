import type { CardButton, CardText } from '../../domain/card-text.ts'
import { clip, plain, sound, utf16Units } from '../kit/text.ts'
import { COLONS, TONES } from '../kit/words.ts'

/** Characters of a message after its entities were parsed (documented); counted here in UTF-16 units, which is never fewer. */
const TEXT_LIMIT = 4096
/** No single fact may crowd out the others (our choice). */
const FIELD_LIMIT = 400
/** What the story may take of {@link TEXT_LIMIT}; its oldest lines go first (our choice). */
const STORY_LIMIT = 1200
/** Two to a row, four rows: still one thumb's reach on a phone (our choice; Telegram allows about 100). */
export const MAX_BUTTONS = 8
const BUTTONS_PER_ROW = 2
const BUTTON_TEXT_LIMIT = 40

export interface InlineButton {
  text: string
  callback_data: string
  style?: 'primary' | 'success' | 'danger'
}

/** What sendMessage and editMessageText have in common. */
export interface MessageBody {
  text: string
  parse_mode?: 'HTML'
  link_preview_options: { is_disabled: true }
  reply_markup?: { inline_keyboard: InlineButton[][] }
}

/** A piece of a line: text as it is, or in a tag. */
type Span = string | { tag: 'b' | 'i'; text: string }
type Line = Span[]

/** A card as HTML. Even one without buttons says so: an edit that names no keyboard would be read as «none» too. */
export function renderCard(card: CardText): MessageBody {
  const { body, story } = layOut(card)
  const lines = body.map(html).join('\n')
  const quote = story.length > 0 ? `\n<blockquote expandable>${story.map(html).join('\n')}</blockquote>` : ''
  return {
    text: lines + quote,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: keyboard(card.buttons) },
  }
}

/** The same words without any mark-up, for when Telegram cannot read ours. */
export function renderCardPlain(card: CardText): string {
  const { body, story } = layOut(card)
  return [...body, ...story].map(unformatted).join('\n')
}

/** A text as it stands, not longer than Telegram takes. */
export function renderText(text: string): MessageBody {
  return {
    text: clip(sound(text), TEXT_LIMIT, utf16Units),
    link_preview_options: { is_disabled: true },
  }
}

/** Only whole lines are ever left out, so no tag and no entity can be cut. */
function layOut(card: CardText): { body: Line[]; story: Line[] } {
  const sections: Line[][] = [
    [[`${TONES[card.tone]} `, bold(card.title)], [{ tag: 'i', text: tidy(card.subtitle) }]],
    card.rows.map(({ label, value }) => [`${tidy(label)}${COLONS[card.locale]}`, bold(value)]),
    card.notes.map((note) => [tidy(note)]),
  ]
  const body = sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, n) => (n ? [[], ...lines] : lines))
  const newestFirst = card.story.toReversed().map((line) => [tidy(line)])
  const story = keepWithin(newestFirst, STORY_LIMIT).toReversed()
  return { body: keepWithin(body, TEXT_LIMIT - size(story)), story }
}

/** The first lines that take no more than `limit` units together; a lone «…» stands for the rest. */
function keepWithin(lines: Line[], limit: number): Line[] {
  if (size(lines) <= limit) return lines
  const rest: Line = ['…']
  const kept: Line[] = []
  for (const line of lines) {
    if (size([...kept, line, rest]) > limit) break
    kept.push(line)
  }
  return [...kept, rest]
}

function size(lines: Line[]): number {
  return lines.reduce((sum, line) => sum + unformatted(line).length + 1, 0)
}

function keyboard(buttons: CardButton[]): InlineButton[][] {
  const shown = buttons.filter((button) => button.action !== 'noop').slice(0, MAX_BUTTONS)
  const rows: InlineButton[][] = []
  for (let n = 0; n < shown.length; n += BUTTONS_PER_ROW) {
    rows.push(shown.slice(n, n + BUTTONS_PER_ROW).map(inlineButton))
  }
  return rows
}

function inlineButton({ action, text, style, data }: CardButton): InlineButton {
  const button = { text: clip(tidy(text), BUTTON_TEXT_LIMIT, utf16Units), callback_data: data }
  if (action === 'ack') return { ...button, style: 'success' }
  return style === 'plain' ? button : { ...button, style }
}

function bold(text: string): Span {
  return { tag: 'b', text: tidy(text) }
}

function html(line: Line): string {
  return line
    .map((span) => {
      if (typeof span === 'string') return escapeHtml(span)
      return span.text ? `<${span.tag}>${escapeHtml(span.text)}</${span.tag}>` : ''
    })
    .join('')
}

function unformatted(line: Line): string {
  return line.map((span) => (typeof span === 'string' ? span : span.text)).join('')
}

/** The only characters that HTML mode gives a meaning (documented). */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const tidy = (text: string) => clip(plain(text), FIELD_LIMIT, utf16Units)
