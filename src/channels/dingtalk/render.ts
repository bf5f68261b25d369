import type { CardButton, CardText } from '../../domain/card-text.ts'
import type { Mention } from '../channel.ts'
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
/** Bytes, so that `msgParam` keeps to 15,000 (documented) after quoting: of the text, in it the words to type; of a
 * link; of a name. */
const TEXT_LIMIT = 5_000
const TYPED_LIMIT = 1_500
const LINK_LIMIT = 700
const NAME_LIMIT = 60
/** `sampleActionCard5` has the most (documented). */
const MOST_LINKS = 5
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

export interface Markdown {
  title: string
  text: string
}

/**
 * A card for messages without variables and buttons: the same facts, and the words to type instead of pressing.
 * @param called whom it calls on, as {@link calledOn} writes it
 */
export function renderFallback(card: CardText, called = ''): Markdown {
  const title = renderTitle(card)
  const heading = `### ${literal(title)}`
  const typed = clip(typeInstead(card, literal).join(), TYPED_LIMIT, utf8Bytes)
  const room = TEXT_LIMIT - utf8Bytes(heading + called + typed)
  const facts = renderMarkdown(card, Math.max(room, VALUE_LIMIT))
  const parts = [heading, facts, called, typed].filter(Boolean)
  return { title, text: clip(parts.join('\n\n'), TEXT_LIMIT, utf8Bytes) }
}

/**
 * The same with buttons that make whoever presses one write its command into the chat. Whether that mentions the
 * robot, without which it does not hear it in a group, is not known: so what to type stands there too. To confirm is
 * typed by hand: such a button knows nothing of the request it stood for, and would confirm one of next week.
 */
export function renderActionCard(card: CardText, called = ''): { msgKey: string; param: object } {
  const { title, text } = renderFallback(card, called)
  const links = card.buttons.flatMap(({ action, text: written, typed }) => {
    const url = typed && action !== 'confirm' && typingLink(typed)
    return url ? [{ title: buttonText(written), url }] : []
  })
  const [only] = links
  if (!only) return { msgKey: 'sampleMarkdown', param: { title, text } }
  if (links.length === 1) {
    const param = { title, text, singleTitle: only.title, singleURL: only.url }
    return { msgKey: 'sampleActionCard', param }
  }
  const shown = links.slice(0, MOST_LINKS)
  const numbered = shown.flatMap(({ title, url }, index) => [
    [`actionTitle${index + 1}`, title],
    [`actionURL${index + 1}`, url],
  ])
  return {
    msgKey: `sampleActionCard${shown.length}`,
    param: { title, text, ...Object.fromEntries(numbered) },
  }
}

/** Inferred: in a robot's message it makes whoever follows it send the text. Undefined where it would be too long. */
function typingLink(typed: string): string | undefined {
  const content = encodeURIComponent(plain(typed)).replace(/[!'()*]/g, percent)
  return content.length > LINK_LIMIT ? undefined : `dtmd://dingtalkclient/sendMessage?content=${content}`
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

/** Whom a text calls on: by id where DingTalk makes mentions of it, else by name, in words. */
export const calledOn = (people: Mention[], by: 'id' | 'name'): string =>
  people.map((one) => `@${by === 'id' ? one.id : literal(personName(one))}`).join(' ')

/** The same as a card has it. */
export const calledById = (people: Mention[]): Record<string, string> =>
  Object.fromEntries(people.map((one) => [one.id, personName(one)]))

const personName = ({ name }: Mention) => clip(plain(name), NAME_LIMIT, utf8Bytes)

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

const buttonText = (text: string) => clip(plain(text), BUTTON_TEXT_LIMIT, utf8Bytes)

/**
 * `request: true` makes a button call back (third-party knowledge). `data` stands in `id` too, because the press
 * may bring only one of the two. Blue and gray are the only colours seen in use.
 */
export function renderButtons(buttons: CardButton[]): string {
  const msgButtons = buttons.map(({ text, style, data }) => ({
    text: buttonText(text),
    color: style === 'primary' ? 'blue' : 'gray',
    request: true,
    id: data,
    params: { data },
  }))
  while (Buffer.byteLength(JSON.stringify({ msgButtons })) > VALUE_LIMIT) msgButtons.pop()
  return JSON.stringify({ msgButtons })
}
