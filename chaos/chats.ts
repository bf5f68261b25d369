import { type Breaker, type Fleet, type Member, PEOPLE, type Platform, WATCHER } from './fleet.ts'

/** A card as a person sees it. */
export interface SeenCard {
  /** Incident or operation. */
  id: string
  text: string
  buttons: SeenButton[]
}

export interface SeenButton {
  action: string
  /** What the button says to the service when pressed. */
  data: string
  press(): void
}

/** The newest card of a breaker in the chat of its room on a platform, as a person sees it there. */
export function newestCard(
  fleet: Fleet,
  breaker: Breaker,
  platform: Platform,
  who: Member,
): SeenCard | undefined {
  switch (platform) {
    case 'telegram':
      return telegramCard(fleet, breaker, who)
    case 'dingtalk':
      return dingtalkCard(fleet, breaker, who)
    case 'wecom':
      return wecomCard(fleet, breaker, who)
  }
}

function telegramCard({ telegram, tokens }: Fleet, { id, room }: Breaker, who: Member): SeenCard | undefined {
  const message = telegram
    .messages(room.telegram)
    .findLast((one) => one.keyboard.flat().some((button) => tokens.open(button.data ?? '')?.breaker === id))
  const data = message?.keyboard.flat().flatMap((button) => button.data ?? []) ?? []
  const subject = tokens.open(data[0] ?? '')
  if (!message || !subject) return undefined
  const press = (one: string) => void telegram.press(room.telegram, message.id, who.telegram, { data: one })
  return {
    id: subject.id,
    text: message.text,
    buttons: data.map((one) => button(tokens, one, () => press(one))),
  }
}

function dingtalkCard({ dingtalk, tokens }: Fleet, { id, room }: Breaker, who: Member): SeenCard | undefined {
  const card = dingtalk.cards(room.dingtalk!).findLast((one) => keyOf(one.outTrackId)?.breaker === id)
  if (!card) return undefined
  const { variables, buttons } = dingtalk.view(card.outTrackId, who.id)
  const press = (one: string) => void dingtalk.click(who.id, card.outTrackId, one)
  return {
    id: keyOf(card.outTrackId)!.id,
    text: [variables.title, variables.markdown, variables.tips].filter(Boolean).join('\n'),
    buttons: buttons.filter((one) => one.request).map((one) => button(tokens, one.id, () => press(one.id))),
  }
}

function wecomCard({ wecom, tokens }: Fleet, { id, room }: Breaker, who: Member): SeenCard | undefined {
  const task = wecom.messages(room.wecom!).findLast((one) => keyOf(one.taskId)?.breaker === id)?.taskId
  const view = task === undefined ? undefined : wecom.cardAsSeenBy(task, who.id)
  if (task === undefined || !view) return undefined
  const press = (key: string) => void wecom.click(task, who.id, key)
  return {
    id: keyOf(task)!.id,
    text: [view.title, view.desc, view.subTitle, ...view.rows.map((row) => row.value)].join('\n'),
    buttons: view.buttons.map(({ key }) => button(tokens, key, () => press(key))),
  }
}

function button(tokens: Fleet['tokens'], data: string, press: () => void): SeenButton {
  return { action: tokens.open(data)?.action ?? 'noop', data, press }
}

/** The key of a message: `<breaker>-<id>-…`. */
function keyOf(key: string | undefined) {
  const found = /^(\w+)-(\w+)-/.exec(key ?? '')
  return found ? { breaker: found[1]!, id: found[2]! } : undefined
}

/** A message that stands in a chat. */
export interface Standing {
  platform: Platform
  chat: string
  at: number
  text: string
  /** Of a card: what it is about, and which version of it is shown; absent where it has no button. */
  card?: { breaker: string; id: string; version?: number }
  /** Of a card on a platform that takes each key once. */
  key?: string
}

/** All that the service has put into the chats, oldest first, cards as they look now. */
export function allStanding(fleet: Fleet): Standing[] {
  return fleet.rooms.flatMap((room) => [
    ...telegramStanding(fleet, room.telegram),
    ...(room.dingtalk === undefined ? [] : dingtalkStanding(fleet, room.dingtalk)),
    ...(room.wecom === undefined ? [] : wecomStanding(fleet, room.wecom)),
  ])
}

function telegramStanding({ telegram, tokens }: Fleet, chat: number): Standing[] {
  const people = new Set(PEOPLE.map((one) => one.telegram))
  return telegram
    .messages(chat)
    .filter((one) => one.from !== undefined && !people.has(one.from))
    .map(({ text, keyboard, at }) => {
      const card = keyboard
        .flat()
        .map((one) => tokens.open(one.data ?? ''))
        .find((one) => one !== undefined)
      return { platform: 'telegram', chat: String(chat), at, text, ...(card && { card }) }
    })
}

function dingtalkStanding({ dingtalk, tokens }: Fleet, chat: string): Standing[] {
  return dingtalk.messages(chat).flatMap((one): Standing[] => {
    if (one.kind === 'user') return []
    const place = { platform: 'dingtalk', chat, at: one.at } as const
    if (one.kind === 'robot') return [{ ...place, text: one.text }]
    const { variables, buttons } = dingtalk.view(one.outTrackId, WATCHER.id)
    const card = cardBy(
      tokens,
      one.outTrackId,
      buttons.map((button) => button.id),
    )
    const text = [variables.title, variables.markdown].join('\n')
    return [{ ...place, text, ...(card && { card, key: one.outTrackId }) }]
  })
}

function wecomStanding({ wecom, tokens }: Fleet, chat: string): Standing[] {
  return wecom.messages(chat).flatMap((one): Standing[] => {
    if (!('bot' in one.from) || one.hidden) return []
    const view = one.taskId === undefined ? undefined : wecom.cardAsSeenBy(one.taskId, WATCHER.id)
    const text = view ? [view.title, view.desc, view.subTitle].join('\n') : one.text
    const card = cardBy(
      tokens,
      one.taskId,
      (view?.buttons ?? []).map((button) => button.key),
    )
    return [{ platform: 'wecom', chat, at: one.at, text, ...(card && { card, key: one.taskId! }) }]
  })
}

/** What a card is about says its key; which version it shows, its buttons. */
function cardBy(tokens: Fleet['tokens'], key: string | undefined, buttons: readonly string[]) {
  const about = keyOf(key)
  const version = buttons.flatMap((one) => tokens.open(one)?.version ?? [])[0]
  return about && { ...about, ...(version !== undefined && { version }) }
}
