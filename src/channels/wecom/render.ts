import type { CardButton, CardText, Locale } from '../../domain/card-text.ts'
import { clip, plain } from '../kit/text.ts'
import { TONES } from '../kit/words.ts'
import { widthOf } from './width.ts'

/** A card of the type that keeps its buttons over all updates; the others insist on a link or a form. */
export interface TemplateCard {
  card_type: 'button_interaction'
  task_id: string
  main_title: { title: string; desc?: string }
  sub_title_text?: string
  horizontal_content_list?: { keyname: string; value: string }[]
  button_list: TemplateButton[]
}

interface TemplateButton {
  text: string
  style: number
  key: string
}

/** In 字; documented as advice. */
const LIMITS = { title: 26, desc: 30, subTitle: 112, keyname: 5, value: 26, button: 10 }
/** Documented as rules. */
const MAX_ROWS = 6
export const MAX_BUTTONS = 6
const MAX_KEY_BYTES = 1_024

/** Stands in for a text that must not be empty. */
const NOTHING = '—'

/** Style 2 is drawn grey, 4 red (seen). */
const STYLES: Record<CardButton['style'], number> = { primary: 1, danger: 4, plain: 2 }

/** What a card cannot do without: a button. There is no disabled one. */
const NOOP_KEY = 'noop'
const DONE: Record<Locale, string> = { 'zh-CN': '已处理', en: 'Done' }

/**
 * Lays a card out. What does not fit into its place stands in the text below, the weightiest first, as that text is
 * cut at its end.
 * @param taskId [0-9A-Za-z_@-], at most 128 bytes; in an update that of the card as it was sent
 * @param toast a sentence for the one person who gets this card
 */
export function renderCard(card: CardText, taskId: string, toast = ''): TemplateCard {
  const title = `${TONES[card.tone]} ${plain(card.title)}`.trim()
  const desc = plain(card.subtitle)
  const rows = card.rows.map(({ label, value }) => ({
    keyname: plain(label) || NOTHING,
    value: plain(value),
  }))
  const below = [
    plain(toast),
    ...(widthOf(title) > LIMITS.title ? [title] : []),
    ...(widthOf(desc) > LIMITS.desc ? [desc] : []),
    ...card.notes.map(plain),
    ...rows.slice(MAX_ROWS).map(({ keyname, value }) => `${keyname} ${value}`),
    ...card.story.toReversed().map(plain),
  ]
  return compose({ title, desc, below, rows: rows.slice(0, MAX_ROWS), buttons: buttonsOf(card), taskId })
}

/** A sentence in place of a card, for the one person who pressed a button on it. */
export function renderNotice(toast: string, taskId: string): TemplateCard {
  const title = plain(toast) || NOTHING
  const below = widthOf(title) > LIMITS.title ? [title] : []
  // The answer does not say its language; its sentence does.
  const text = /\p{Script=Han}/u.test(title) ? '知道了' : 'OK'
  const buttons = [{ text, style: STYLES.plain, key: NOOP_KEY }]
  return compose({ title, desc: '', below, rows: [], buttons, taskId })
}

interface Parts {
  title: string
  desc: string
  below: string[]
  rows: { keyname: string; value: string }[]
  buttons: TemplateButton[]
  taskId: string
}

function compose({ title, desc, below, rows, buttons, taskId }: Parts): TemplateCard {
  const subTitle = clip(below.filter(Boolean).join('\n'), LIMITS.subTitle, widthOf)
  return {
    card_type: 'button_interaction',
    task_id: taskId,
    main_title: {
      title: clip(title, LIMITS.title, widthOf),
      ...(desc !== '' && { desc: clip(desc, LIMITS.desc, widthOf) }),
    },
    ...(subTitle !== '' && { sub_title_text: subTitle }),
    ...(rows.length > 0 && {
      horizontal_content_list: rows.map(({ keyname, value }) => ({
        keyname: clip(keyname, LIMITS.keyname, widthOf),
        value: clip(value, LIMITS.value, widthOf),
      })),
    }),
    button_list: buttons,
  }
}

function buttonsOf(card: CardText): TemplateButton[] {
  const buttons = new Map<string, TemplateButton>()
  for (const { text, style, data } of card.buttons) {
    const usable = data !== '' && Buffer.byteLength(data) <= MAX_KEY_BYTES && buttons.size < MAX_BUTTONS
    const label = clip(plain(text) || NOTHING, LIMITS.button, widthOf)
    if (usable && !buttons.has(data)) buttons.set(data, { text: label, style: STYLES[style], key: data })
  }
  if (buttons.size > 0) return [...buttons.values()]
  return [{ text: DONE[card.locale], style: STYLES.plain, key: NOOP_KEY }]
}
