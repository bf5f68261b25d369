import type { CardButton, CardText, ShownMoment } from '../../domain/card-text.ts'
import type { Mention } from '../channel.ts'
import { clip, plain, sound, utf16Units } from '../kit/text.ts'
import { COLONS, TONES } from '../kit/words.ts'

/** Characters of a message after its entities were parsed (documented); counted here in UTF-16 units, which is never fewer. */
const TEXT_LIMIT = 4096
/** The same of what stands below a picture. */
const CAPTION_LIMIT = 1024
/** No single fact may crowd out the others (our choice). */
const FIELD_LIMIT = 400
/** What the story may take of {@link TEXT_LIMIT}; its oldest lines go first (our choice). */
const STORY_LIMIT = 1200
/** Two to a row, four rows: still one thumb's reach on a phone (our choice; Telegram allows about 100). */
export const MAX_BUTTONS = 8
const BUTTONS_PER_ROW = 2
const BUTTON_TEXT_LIMIT = 40
/** Of those who are called on: more people, or more of a name, than this are no help (our choice). */
const MAX_MENTIONS = 10
const NAME_LIMIT = 40

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

/** A piece of a line: text as it is, or in a tag; `moment` stands somewhere in the text, `user` is who is meant. */
type Span =
  | string
  | { tag: 'b' | 'i'; text: string; moment?: ShownMoment | undefined }
  | { user: string; text: string }
type Line = Span[]

/**
 * A card as HTML. Even one without buttons says so: an edit that names no keyboard would be read as «none» too.
 * @param mention who is called on, in a line of its own at the end
 */
export function renderCard(card: CardText, mention: Mention[] = []): MessageBody {
  const { body, story, called } = layOut(card, mention)
  const quote = story.length > 0 ? [`<blockquote expandable>${story.map(html).join('\n')}</blockquote>`] : []
  return {
    text: [...body.map(html), ...quote, ...called.map(html)].join('\n'),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: keyboard(card.buttons) },
  }
}

/** The same words without any mark-up, for when Telegram cannot read ours. */
export function renderCardPlain(card: CardText, mention: Mention[] = []): string {
  const { body, story, called } = layOut(card, mention)
  return [...body, ...story, ...called].map(unformatted).join('\n')
}

/** A text as it stands, not longer than Telegram takes; it has mark-up only where somebody is called on. */
export function renderText(text: string, mention: Mention[] = []): MessageBody {
  const called = callOn(mention)
  const fitting = clip(sound(text), TEXT_LIMIT - size(called), utf16Units)
  return {
    text: called.length === 0 ? fitting : [escapeHtml(fitting), ...called.map(html)].join('\n'),
    ...(called.length > 0 && { parse_mode: 'HTML' }),
    link_preview_options: { is_disabled: true },
  }
}

/** The same words without any mark-up. */
export function renderTextPlain(text: string, mention: Mention[] = []): string {
  const called = callOn(mention)
  const fitting = clip(sound(text), TEXT_LIMIT - size(called), utf16Units)
  return [fitting, ...called.map(unformatted)].join('\n')
}

/** Whether a text may stand below a picture. */
export const fitsBelow = (text: string, mention: Mention[] = []): boolean =>
  renderTextPlain(text, mention).length <= CAPTION_LIMIT

/** The body without times of the reader's own: those of the site stay. What others wrote holds no tags. */
export const withoutTimes = (text: string): string => text.replace(/<\/?tg-time[^>]*>/g, '')

/** A line that rings with each of them: by id, as few people have a name that Telegram knows (documented). */
function callOn(mention: Mention[]): Line[] {
  if (mention.length === 0) return []
  const spans = mention.slice(0, MAX_MENTIONS).map(({ id, name }): Span => {
    const text = clip(plain(name) || plain(id), NAME_LIMIT, utf16Units)
    return /^\d{1,16}$/.test(id) ? { user: id, text } : text
  })
  return [spans.flatMap((span, n) => (n > 0 ? [' ', span] : [span]))]
}

/** Only whole lines are ever left out, so no tag and no entity can be cut. */
function layOut(card: CardText, mention: Mention[]): { body: Line[]; story: Line[]; called: Line[] } {
  const subtitle: Span = { tag: 'i', text: tidy(card.subtitle), moment: card.subtitleMoment }
  const sections: Line[][] = [
    [[`${TONES[card.tone]} `, bold(card.title)], [subtitle]],
    card.rows.map(({ label, value, moment }) => [
      `${tidy(label)}${COLONS[card.locale]}`,
      bold(value, moment),
    ]),
    card.notes.map((note) => [tidy(note)]),
  ]
  const body = sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, n) => (n ? [[], ...lines] : lines))
  const newestFirst = card.story.toReversed().map((line) => [tidy(line)])
  const story = keepWithin(newestFirst, STORY_LIMIT).toReversed()
  const called = callOn(mention)
  return { body: keepWithin(body, TEXT_LIMIT - size(story) - size(called)), story, called }
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

function bold(text: string, moment?: ShownMoment): Span {
  return { tag: 'b', text: tidy(text), moment }
}

function html(line: Line): string {
  return line
    .map((span) => {
      if (typeof span === 'string') return escapeHtml(span)
      if (span.text === '') return ''
      if ('user' in span) return `<a href="tg://user?id=${span.user}">${escapeHtml(span.text)}</a>`
      return `<${span.tag}>${withMoment(span.text, span.moment)}</${span.tag}>`
    })
    .join('')
}

/** Date and time as each reader's own clock and language have them; what stands in the tag is for old clients. */
function withMoment(text: string, moment: ShownMoment | undefined): string {
  const at = moment ? text.indexOf(moment.text) : -1
  if (!moment || at < 0) return escapeHtml(text)
  const [before, after] = [text.slice(0, at), text.slice(at + moment.text.length)]
  const unix = Math.floor(moment.at / 1000)
  const format = moment.form === 'time' ? 'T' : 'wDT'
  const shown = `<tg-time unix="${unix}" format="${format}">${escapeHtml(moment.text)}</tg-time>`
  return escapeHtml(before) + shown + escapeHtml(after)
}

function unformatted(line: Line): string {
  return line.map((span) => (typeof span === 'string' ? span : span.text)).join('')
}

/** The only characters that HTML mode gives a meaning (documented). */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const tidy = (text: string) => clip(plain(text), FIELD_LIMIT, utf16Units)
