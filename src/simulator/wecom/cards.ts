import type { JsonObject } from '../kit/json.ts'
import type { CardButtonView, CardView } from './api.ts'
import { listOf, member, numberOf, textOf } from './json.ts'

/** A card in a chat, with all that was ever drawn of it. */
export interface Card {
  botId: string
  taskId: string
  /** Key of the conversation it stands in. */
  conversation: string
  /** Accepted, never shown. */
  hidden: boolean
  /** As sent, then each update: for everyone, or for these people only. */
  drawn: { card: JsonObject; userids?: string[] }[]
}

/** One person's copy, or undefined if it is on nobody's screen. Whether the person is in the chat is not asked here. */
export function viewOf(card: Card, userid: string): CardView | undefined {
  if (card.hidden) return undefined
  const mine = card.drawn.filter(({ userids }) => !userids || userids.includes(userid))
  const last = mine.at(-1)
  if (!last) return undefined
  const title = member(last.card, 'main_title')
  return {
    taskId: card.taskId,
    cardType: textOf(last.card, 'card_type') ?? '',
    title: textOf(title, 'title') ?? '',
    desc: textOf(title, 'desc') ?? '',
    subTitle: textOf(last.card, 'sub_title_text') ?? '',
    rows: (listOf(last.card, 'horizontal_content_list') ?? []).map((row) => ({
      keyname: textOf(row, 'keyname') ?? '',
      value: textOf(row, 'value') ?? '',
    })),
    buttons: (listOf(last.card, 'button_list') ?? []).map(buttonView),
    version: mine.length,
    private: last.userids !== undefined,
    card: last.card,
  }
}

function buttonView(button: JsonObject): CardButtonView {
  const url = button.type === 1 ? textOf(button, 'url') : undefined
  return {
    text: textOf(button, 'text') ?? '',
    key: textOf(button, 'key') ?? '',
    style: numberOf(button, 'style') ?? 1,
    ...(url !== undefined && { url }),
  }
}

/** The keys on a card that call the bot back: buttons that are no links, the corner menu, the submit button. */
export function pressableKeys(card: JsonObject): string[] {
  const buttons = (listOf(card, 'button_list') ?? []).filter((button) => button.type !== 1)
  const menu = listOf(member(card, 'action_menu'), 'action_list') ?? []
  const submit = member(card, 'submit_button')
  return [...buttons, ...menu, ...(submit ? [submit] : [])].flatMap((item) => textOf(item, 'key') ?? [])
}
