import { isObject, type JsonObject, parseJson } from '../kit/json.ts'
import type { CardButton, CardView, SimCard } from './api.ts'
import type { Core } from './core.ts'
import type { CardChange } from './frames.ts'
import { fields, isText } from './read.ts'
import { chatKey, fail } from './world.ts'

type TextMap = Record<string, string>

/** A change from a PUT: private parts by user. */
export type CardUpdate = Omit<CardChange, 'privateData'> & { privateData?: Record<string, TextMap> }

/** All cards, their states, and how each user sees them. */
export function createCards(core: Core) {
  const cards = new Map<string, SimCard>()
  /** Presses without ACK yet, by card. */
  const pressed = new Map<string, number>()

  const remember = (card: SimCard, by: 'create' | 'put' | 'ack') =>
    void card.history.push({ at: core.clock.now(), by, publicData: { ...card.publicData } })

  const known = (outTrackId: string): SimCard => cards.get(outTrackId) ?? fail(`no card ${outTrackId}`)

  /** Variables as the user sees them; the members of `sys_full_json_obj` are variables too (seen in the SDK). */
  const variables = (card: SimCard, user: string): JsonObject => {
    const own = core.behaviour.privateHides ? card.privateData[user] : undefined
    const { sys_full_json_obj: latest, ...seen } = { ...card.publicData, ...own }
    const first = card.history[0]?.publicData.sys_full_json_obj
    const packed = core.behaviour.buttonsFollow ? latest : first
    return { ...seen, ...fields(parseJson(packed ?? '')) }
  }

  return {
    get: (outTrackId: string) => cards.get(outTrackId),
    all: () => [...cards.values()],
    create(card: Omit<SimCard, 'spaces' | 'history'>): SimCard {
      const created: SimCard = { ...card, spaces: [], history: [] }
      cards.set(card.outTrackId, created)
      remember(created, 'create')
      return created
    },
    /** By key: named variables change. Otherwise the whole map is replaced and what is not named is gone (documented). */
    change(card: SimCard, by: 'put' | 'ack', update: CardUpdate): void {
      const { publicData, privateData } = update
      if (publicData) card.publicData = { ...(update.publicByKey && card.publicData), ...publicData }
      for (const [user, own] of Object.entries(privateData ?? {})) {
        card.privateData[user] = { ...(update.privateByKey && card.privateData[user]), ...own }
      }
      remember(card, by)
    },
    view(outTrackId: string, user: string): CardView {
      const card = known(outTrackId)
      core.world.user(user)
      const seen = variables(card, user)
      const list = seen[core.world.templates.get(card.templateId)?.buttons ?? 'msgButtons']
      const parsed = isText(list) ? parseJson(list) : list
      return { variables: seen, buttons: Array.isArray(parsed) ? parsed.filter(isObject).map(button) : [] }
    },
    /** Whether the user can see the card at all. */
    shows: (card: SimCard, user: string) => card.spaces.some((space) => core.world.sees(user, space)),
    inChat: (chat: Parameters<typeof chatKey>[0]) =>
      [...cards.values()].filter((card) => card.spaces.includes(chatKey(chat))),
    pressBegan: (outTrackId: string) => void pressed.set(outTrackId, (pressed.get(outTrackId) ?? 0) + 1),
    pressEnded: (outTrackId: string) => void pressed.set(outTrackId, (pressed.get(outTrackId) ?? 1) - 1),
    /** A press on it waits for its ACK: calling the update API now is forbidden (documented). */
    isPressed: (outTrackId: string) => (pressed.get(outTrackId) ?? 0) > 0,
  }
}

export type Cards = ReturnType<typeof createCards>

function button(raw: JsonObject): CardButton {
  const { id, text, color, url } = raw
  return {
    id: isText(id) ? id : '',
    text: isText(text) ? text : '',
    ...(isText(color) && { color }),
    ...(isText(url) && { url }),
    request: raw.request === true,
    params: fields(raw.params),
  }
}
