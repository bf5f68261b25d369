import type { ChatMessage as DingTalkMessage } from '../simulator/dingtalk/api.ts'
import type { Entity, SeenButton } from '../simulator/telegram/api.ts'
import type { CardView, ChatMessage as WeComMessage } from '../simulator/wecom/api.ts'
import { member, textOf } from '../simulator/wecom/json.ts'
import { PLAYERS, type Player } from './cast.ts'
import { chatOf, type Place } from './places.ts'
import { BOT_NAME, ROBOT_NAME, type Sims } from './sims.ts'

export type ChatName = 'telegram' | 'dingtalk' | 'wecom'

/** A button as it can be pressed; `key` goes back with the press. */
export interface ButtonView {
  key: string
  text: string
  style: 'primary' | 'danger' | 'success' | 'plain'
}

/** What a message holds, in the form in which its platform draws it. */
export type BodyView =
  | { type: 'text'; text: string }
  | { type: 'markdown'; text: string }
  | { type: 'telegram'; text: string; entities: Entity[]; keyboard: ButtonView[][]; edited: boolean }
  | { type: 'dingtalk'; title: string; markdown: string; tips: string; buttons: ButtonView[] }
  | {
      type: 'wecom'
      title: string
      desc: string
      quote: string
      subTitle: string
      rows: { keyname: string; value: string }[]
      buttons: ButtonView[]
    }

/** One message as one person sees it. */
export interface MessageView {
  /** What a press on one of its buttons names. */
  id: string
  /** ms since 1970. */
  at: number
  from: string
  /** Who sent it, as seen by the viewer. */
  side: 'bot' | 'me' | 'others'
  /** What `pictureIn` knows its picture by. */
  picture?: string
  body: BodyView
}

/** A platform as one person sees it. */
export interface ChatView extends Record<Place, MessageView[]> {
  /** The bot may write one-to-one: some platforms want the person to have written first. */
  open: boolean
}

/** How far back a pane goes. */
const SHOWN = 40

/** The last messages in the group and one-to-one, as that person sees them. */
export function chatsAsSeenBy(sims: Sims, viewer: Player): Record<ChatName, ChatView> {
  const view = (messages: typeof telegramMessages, alwaysOpen = false): ChatView => {
    const single = messages(sims, viewer, 'single')
    const open = alwaysOpen || viewer.greeted || single.some(({ side }) => side === 'me')
    return { group: messages(sims, viewer, 'group'), single, open }
  }
  return {
    telegram: view(telegramMessages),
    dingtalk: view(dingtalkMessages, true),
    wecom: view(wecomMessages),
  }
}

/** The picture of a message, if the platform has it. */
export function pictureIn({ telegram, dingtalk, wecom }: Sims, chat: ChatName, id: string) {
  const find = { telegram: telegram.file, dingtalk: dingtalk.media, wecom: wecom.media }
  return find[chat](id)
}

const pictureOf = (id: unknown) => (typeof id === 'string' ? { picture: id } : {})

function senderOf(
  chat: ChatName,
  id: number | string | undefined,
  viewer: Player,
): Pick<MessageView, 'from' | 'side'> {
  const player = PLAYERS.find((one) => one[chat] === id)
  if (!player) return { from: BOT_NAME, side: 'bot' }
  return { from: player.name, side: player === viewer ? 'me' : 'others' }
}

function telegramMessages({ telegram }: Sims, viewer: Player, place: Place): MessageView[] {
  const messages = telegram.messages(chatOf.telegram(place, viewer), viewer.telegram)
  return messages
    .filter(({ kind }) => kind !== 'service')
    .slice(-SHOWN)
    .map(({ id, ephemeralId, at, from, text, entities, keyboard, editedAt, file }) => ({
      id: ephemeralId === undefined ? String(id) : `e${ephemeralId}`,
      at,
      ...senderOf('telegram', from, viewer),
      ...(file?.width !== undefined && { picture: file.id }),
      body: {
        ...{ type: 'telegram', text, entities, edited: editedAt !== undefined },
        keyboard: keyboard.map((row) => row.flatMap(telegramButton)),
      },
    }))
}

function telegramButton({ data, text, style, disabled }: SeenButton): ButtonView[] {
  return data === undefined || disabled ? [] : [{ key: data, text, style: style ?? 'plain' }]
}

function dingtalkMessages({ dingtalk }: Sims, viewer: Player, place: Place): MessageView[] {
  const messages = dingtalk.messages(chatOf.dingtalk(place, viewer))
  return messages.slice(-SHOWN).map((message) => {
    const { id, at } = message
    if (message.kind === 'card') {
      const { outTrackId } = message
      const body = dingtalkCard(dingtalk.view(outTrackId, viewer.dingtalk))
      return { id: outTrackId, at, ...senderOf('dingtalk', undefined, viewer), body }
    }
    const sender = senderOf('dingtalk', message.kind === 'user' ? message.user : undefined, viewer)
    const picture = message.kind === 'robot' ? message.content.photoURL : undefined
    return { id, at, ...sender, ...pictureOf(picture), body: dingtalkText(message) }
  })
}

/** Markdown has a title, which is shown in the list of chats only. */
function dingtalkText(message: Exclude<DingTalkMessage, { kind: 'card' }>): BodyView {
  const content: Record<string, unknown> = message.kind === 'robot' ? message.content : {}
  const { title, text } = content
  if (typeof title === 'string' && typeof text === 'string') return { type: 'markdown', text }
  return { type: 'text', text: message.text }
}

function dingtalkCard({ variables, buttons }: ReturnType<Sims['dingtalk']['view']>): BodyView {
  const text = (name: string) => (typeof variables[name] === 'string' ? variables[name] : '')
  const pressable = buttons.filter(({ request }) => request)
  return {
    ...{ type: 'dingtalk', title: text('title'), markdown: text('markdown'), tips: text('tips') },
    buttons: pressable.map(({ id, text, color }) => ({
      key: id,
      text,
      style: color === 'blue' ? 'primary' : 'plain',
    })),
  }
}

function wecomMessages({ wecom }: Sims, viewer: Player, place: Place): MessageView[] {
  const messages = wecom.messages(chatOf.wecom(place, viewer)).filter(({ hidden }) => !hidden)
  return messages.slice(-SHOWN).map((message) => {
    const { id, at, from, taskId, msgtype, body } = message
    const sender =
      'robot' in from
        ? ({ from: ROBOT_NAME, side: 'bot' } as const)
        : senderOf('wecom', 'user' in from ? from.user : undefined, viewer)
    const card = taskId === undefined ? undefined : wecom.cardAsSeenBy(taskId, viewer.wecom)
    const picture = msgtype === 'image' && textOf(member(body, 'image'), 'media_id')
    return {
      ...{ id: taskId ?? id, at, ...sender, ...pictureOf(picture) },
      body: card ? wecomCard(card) : wecomText(message),
    }
  })
}

function wecomText({ msgtype, text }: WeComMessage): BodyView {
  return { type: msgtype === 'text' ? 'text' : 'markdown', text }
}

/** Styles 1 to 4 (documented): blue, grey, red, white. */
const WECOM_STYLES: Record<number, ButtonView['style']> = { 1: 'primary', 3: 'danger' }

function wecomCard({ title, desc, subTitle, rows, buttons, card }: CardView): BodyView {
  const quoted = card.quote_area
  const quote =
    quoted && typeof quoted === 'object' && 'quote_text' in quoted ? String(quoted.quote_text) : ''
  const pressable = buttons.filter(({ url }) => url === undefined)
  return {
    ...{ type: 'wecom', title, desc, quote, subTitle, rows },
    buttons: pressable.map(({ key, text, style }) => ({ key, text, style: WECOM_STYLES[style] ?? 'plain' })),
  }
}
