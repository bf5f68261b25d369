import type { CardButton, CardText } from '../../domain/card-text.ts'
import { clip, escapeMarkdown, plain, utf8Bytes } from '../kit/text.ts'
import { COLONS, TONES, typeInstead } from '../kit/words.ts'

/** The variables of the built-in template «MarkdownButton». */
export interface CardVariables extends Record<string, string> {
  title: string
  markdown: string
  tips: string
  /** One JSON object whose members become variables: here the list of buttons. */
  sys_full_json_obj: string
}

/** Documented limit for the value of one variable, in UTF-8 bytes. */
const VALUE_LIMIT = 1_024
/** So that one long sentence does not push out all the others (our choice). */
const LINE_LIMIT = 300
/** Keeps four buttons with data of 64 bytes within the limit. */
const BUTTON_TEXT_LIMIT = 30

/** Lays a card out for the template. Every value is at most 1 KB; what is least important is left out first. */
export function renderCard(card: CardText, tips = ''): CardVariables {
  return {
    title: renderTitle(card),
    markdown: renderMarkdown(card, VALUE_LIMIT),
    tips: renderTips(tips),
    sys_full_json_obj: renderButtons(card.buttons),
  }
}

/** One sentence under the card. */
export const renderTips = (toast: string) => clip(plain(toast), VALUE_LIMIT, utf8Bytes)

/** What is shown of a card in the list of chats and in a notification on the lock screen. */
export const renderSummary = (card: CardText) => line(`${TONES[card.tone]} ${card.summary}`)

/** A card for messages without variables and buttons: the same facts, and the words to type instead of pressing. */
export function renderFallback(card: CardText): { title: string; text: string } {
  const title = renderTitle(card)
  const parts = [`### ${literal(title)}`, renderMarkdown(card, 4 * VALUE_LIMIT), ...typeInstead(card)]
  return { title, text: parts.join('\n\n') }
}

const renderTitle = (card: CardText) => line(`${TONES[card.tone]} ${card.title}`)

const line = (text: string) => clip(plain(text), LINE_LIMIT, utf8Bytes)

/** DingTalk makes a link of a bare address too. */
const literal = (text: string) => escapeMarkdown(text).replaceAll('://', '：//')

interface Line {
  /** What is to stay longest has the lowest. */
  rank: number
  text: string
}

function renderMarkdown(card: CardText, limit: number): string {
  const lines = markdownLines(card)
  while (lines.length > 1 && Buffer.byteLength(joined(lines)) > limit) {
    const least = lines.reduce((a, b) => (b.rank > a.rank ? b : a))
    lines.splice(lines.indexOf(least), 1)
  }
  return clip(joined(lines), limit, utf8Bytes)
}

/** Facts come in order of importance; of the story the latest counts most. */
function markdownLines(card: CardText): Line[] {
  const text = (written: string) => literal(line(written))
  const newest = card.story.length - 1
  const colon = COLONS[card.locale]
  return [
    { rank: 0, text: `**${text(card.subtitle)}**` },
    ...card.rows.map((row, i) => ({ rank: 10 + 10 * i, text: text(row.label) + colon + text(row.value) })),
    ...card.notes.map((note, i) => ({ rank: 35 + 10 * i, text: `> ${text(note)}` })),
    ...card.story.map((entry, i) => ({
      rank: i === newest ? 25 : 1_000 + newest - i,
      text: `- ${text(entry)}`,
    })),
  ]
}

/** A blank line between kinds, and two spaces before the line feed: the line breaks that are known to work. */
function joined(lines: Line[]): string {
  return lines.map((line) => line.text).join('  \n')
}

/**
 * `request: true` makes a button call back (third-party knowledge). `data` stands in `id` too, because the press
 * may bring only one of the two. Blue and gray are the only colours seen in use.
 */
export function renderButtons(buttons: CardButton[]): string {
  const msgButtons = buttons.map(({ text, style, data }) => ({
    text: clip(plain(text), BUTTON_TEXT_LIMIT, utf8Bytes),
    color: style === 'primary' ? 'blue' : 'gray',
    request: true,
    id: data,
    params: { data },
  }))
  while (Buffer.byteLength(JSON.stringify({ msgButtons })) > VALUE_LIMIT) msgButtons.pop()
  return JSON.stringify({ msgButtons })
}
