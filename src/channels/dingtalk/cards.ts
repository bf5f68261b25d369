import type { CardText } from '../../domain/card-text.ts'
import { rememberNewest } from '../../domain/newest.ts'
import type { Delivery } from '../channel.ts'
import { userOf } from '../kit/chat-id.ts'
import type { Api } from './api.ts'
import { type CardContent, change, creation, deliveredWhere, isChanged } from './card-requests.ts'
import { CARD_EXISTS, deliveryOf } from './errors.ts'
import { type Fallback, isPlain } from './fallback.ts'
import { createLanes } from './lanes.ts'

/** What the ACK of a press did to a card. */
export interface Shown {
  /** The card that all see. */
  card?: CardText
  /** The presser's staff id; left out where it is not known. */
  presser?: string
  /** What the presser alone sees now; `same` where the ACK changed nothing. */
  own: 'something' | 'nothing' | 'same'
  /** False when the ACK came too late or its socket was gone: whether it was taken is not known. */
  certain: boolean
}

/** Interactive cards: `outTrackId` is the message's key, which makes all of this repeatable. */
export interface Cards {
  send(chat: string, content: CardContent, outTrackId: string): Promise<Delivery>
  /** In order for each card; never takes a card back to an older version. */
  update(chat: string, message: string, card: CardText): Promise<Delivery>
  /**
   * No update leaves before a press is answered (documented as forbidden). Resolves with whether everybody now sees
   * the card of the answer; rejects as `answered` does.
   */
  pressed(outTrackId: string, answered: Promise<Shown>): Promise<boolean>
}

export interface CardsOptions {
  api: Api
  fallback: Fallback
  clientId: string
  templateId: string
}

/** How many cards are remembered; an older one is merely updated once too often. */
const REMEMBERED = 2_000
const PATH = '/v1.0/card/instances'
const USER_UNKNOWN = 'param.userIdNotExist'

export function createCards({ api, fallback, clientId, templateId }: CardsOptions): Cards {
  const lanes = createLanes()
  /** The version each card shows, and who sees something of their own on it that the next update must take away. */
  const known = new Map<string, { version: number; viewers: Set<string> }>()

  /** Notes that a version is shown (0: nothing new), and gives the viewers. */
  function remember(outTrackId: string, version = 0): Set<string> {
    const before = known.get(outTrackId)
    const viewers = before?.viewers ?? new Set<string>()
    const shown = { version: Math.max(version, before?.version ?? 0), viewers }
    rememberNewest(known, outTrackId, shown, REMEMBERED)
    return viewers
  }

  async function create(chat: string, content: CardContent, outTrackId: string): Promise<Delivery> {
    const { card } = content
    if (fallback.standsInFor(card)) return fallback.send(chat, content, outTrackId)
    const mention = userOf(chat) === undefined ? (content.mention ?? []) : []
    const body = creation(chat, card, mention, { outTrackId, clientId, templateId })
    const reply = await api.call('POST', `${PATH}/createAndDeliver`, body)
    const code = reply.ok ? undefined : reply.failure.code
    if (code === CARD_EXISTS) return put(outTrackId, card)
    // Somebody who is to be called on has left the organisation: all others must see the card.
    if (code === USER_UNKNOWN && mention.length > 0) return create(chat, { card }, outTrackId)
    const delivery = reply.ok ? deliveredWhere(reply.body, outTrackId) : deliveryOf(reply.failure, true)
    if (delivery.outcome === 'delivered') {
      fallback.over()
      remember(outTrackId, card.version)
    }
    if (delivery.outcome !== 'refused' || delivery.gone) return delivery
    return fallback.instead(delivery, reply.ok ? undefined : reply.failure.scopes, chat, content, outTrackId)
  }

  async function put(outTrackId: string, card: CardText): Promise<Delivery> {
    const shown = known.get(outTrackId)
    if (shown && shown.version > card.version) return { outcome: 'delivered', message: outTrackId }
    const viewers = [...(shown?.viewers ?? [])]
    const reply = await api.call('PUT', PATH, change(outTrackId, card, viewers))
    const left = remember(outTrackId)
    if (reply.ok || reply.failure.code === USER_UNKNOWN) for (const viewer of viewers) left.delete(viewer)
    // Somebody has left the organisation: the card must not stay as it is for that.
    if (!reply.ok && reply.failure.code === USER_UNKNOWN && viewers.length > 0) return put(outTrackId, card)
    if (!reply.ok) return deliveryOf(reply.failure, true)
    if (!isChanged(reply.body)) return { outcome: 'later', why: 'DingTalk did not confirm the change' }
    remember(outTrackId, card.version)
    return { outcome: 'delivered', message: outTrackId }
  }

  function note(outTrackId: string, { card, presser, own, certain }: Shown): Set<string> {
    const viewers = remember(outTrackId, certain ? card?.version : undefined)
    if (presser !== undefined && own === 'something') viewers.add(presser)
    if (presser !== undefined && own === 'nothing' && certain) viewers.delete(presser)
    return viewers
  }

  return {
    send: (chat, content, outTrackId) => lanes.run(outTrackId, () => create(chat, content, outTrackId)),
    update: (chat, message, card) =>
      lanes.run(message, () =>
        isPlain(message) ? fallback.change(chat, message, card) : put(message, card),
      ),
    async pressed(outTrackId, answered) {
      // An update under way may reach the card after the ACK.
      const raced = lanes.busy(outTrackId)
      const noted = answered.then((shown) => {
        const others = [...note(outTrackId, shown)].filter((viewer) => viewer !== shown.presser)
        return shown.card !== undefined && shown.certain && !raced && others.length === 0
      })
      lanes.hold(outTrackId, noted)
      return noted
    },
  }
}
