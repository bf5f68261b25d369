import { z } from 'zod'
import type { CardText } from '../../domain/card-text.ts'
import type { Delivery } from '../channel.ts'
import { userOf } from '../kit/chat-id.ts'
import { keepNewest } from '../kit/memory.ts'
import { excerpt } from '../kit/text.ts'
import type { Api } from './api.ts'
import { CARD_EXISTS, deliveryOf, type Failure, SCOPE_MISSING, speaksOfLostChat } from './errors.ts'
import { createLanes } from './lanes.ts'
import type { Messages } from './messages.ts'
import type { Notices } from './notices.ts'
import { renderCard, renderFallback, renderSummary } from './render.ts'

/** «MarkdownButton», used by DingTalk's own Python SDK; spares users the card builder. */
export const BUILT_IN_TEMPLATE = '1366a1eb-bc54-4859-ac88-517c56a9acb1.schema'

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
  send(chat: string, card: CardText, outTrackId: string): Promise<Delivery>
  /** In order for each card; never takes a card back to an older version. */
  update(outTrackId: string, card: CardText): Promise<Delivery>
  /**
   * No update leaves before a press is answered (documented as forbidden). Resolves with whether everybody now sees
   * the card of the answer; rejects as `answered` does.
   */
  pressed(outTrackId: string, answered: Promise<Shown>): Promise<boolean>
}

export interface CardsOptions {
  api: Api
  messages: Messages
  notices: Notices
  /** The client id, which is the robot code too. */
  clientId: string
  templateId: string
}

/** How many cards are remembered; an older one is merely updated once too often. */
const REMEMBERED = 2_000
const PATH = '/v1.0/card/instances'
const USER_UNKNOWN = 'param.userIdNotExist'
const USELESS_TEMPLATE = new Set(['param.templateNotExist', 'param.templateUnpublished'])

const deliverResult = z.object({ success: z.boolean(), errorMsg: z.string().catch('') })
const created = z.object({
  success: z.literal(true),
  result: z.object({ deliverResults: z.array(deliverResult).min(1) }),
})
const changed = z.object({ success: z.literal(true) })

export function createCards({ api, messages, notices, clientId, templateId }: CardsOptions): Cards {
  const lanes = createLanes()
  /** The version each card shows, and who sees something of their own on it that the next update must take away. */
  const known = new Map<string, { version: number; viewers: Set<string> }>()

  /** Notes that a version is shown (0: nothing new), and gives the viewers. */
  function remember(outTrackId: string, version = 0): Set<string> {
    const before = known.get(outTrackId)
    const viewers = before?.viewers ?? new Set<string>()
    known.delete(outTrackId)
    known.set(outTrackId, { version: Math.max(version, before?.version ?? 0), viewers })
    keepNewest(known, REMEMBERED)
    return viewers
  }

  async function create(chat: string, card: CardText, outTrackId: string): Promise<Delivery> {
    const body = creation(chat, card, { outTrackId, clientId, templateId })
    const reply = await api.call('POST', `${PATH}/createAndDeliver`, body)
    if (!reply.ok) {
      if (reply.failure.code === CARD_EXISTS) return put(outTrackId, card)
      if (!isCardUseless(reply.failure)) return deliveryOf(reply.failure, true)
      notices.set('cards', advice(reply.failure, clientId))
      return messages.markdown(chat, renderFallback(card), outTrackId)
    }
    notices.clear('cards')
    const delivery = deliveredWhere(reply.body, outTrackId)
    if (delivery.outcome === 'delivered') remember(outTrackId, card.version)
    return delivery
  }

  async function put(outTrackId: string, card: CardText): Promise<Delivery> {
    const shown = known.get(outTrackId)
    if (shown && shown.version > card.version) return { outcome: 'delivered', message: outTrackId }
    const viewers = [...(shown?.viewers ?? [])]
    const reply = await api.call('PUT', PATH, {
      outTrackId,
      cardData: { cardParamMap: renderCard(card) },
      // A whole replacement by nothing: they see the public variables again.
      ...(viewers.length > 0 && {
        privateData: Object.fromEntries(viewers.map((viewer) => [viewer, { cardParamMap: {} }])),
      }),
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: false },
      userIdType: 1,
    })
    const left = remember(outTrackId)
    if (reply.ok || reply.failure.code === USER_UNKNOWN) for (const viewer of viewers) left.delete(viewer)
    // Somebody has left the organisation: the card must not stay as it is for that.
    if (!reply.ok && reply.failure.code === USER_UNKNOWN && viewers.length > 0) return put(outTrackId, card)
    if (!reply.ok) return deliveryOf(reply.failure, true)
    if (!changed.safeParse(reply.body).success)
      return { outcome: 'later', why: 'DingTalk did not confirm the change' }
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
    send: (chat, card, outTrackId) => lanes.run(outTrackId, () => create(chat, card, outTrackId)),
    update: (outTrackId, card) => lanes.run(outTrackId, () => put(outTrackId, card)),
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

function creation(
  chat: string,
  card: CardText,
  ids: { outTrackId: string; clientId: string; templateId: string },
): object {
  const user = userOf(chat)
  const summary = renderSummary(card)
  const space = {
    supportForward: false,
    lastMessageI18n: { ZH_CN: summary, EN_US: summary },
    notification: { alertContent: summary, notificationOff: false },
  }
  const robot = { robotCode: ids.clientId }
  return {
    cardTemplateId: ids.templateId,
    outTrackId: ids.outTrackId,
    // Without it presses vanish (documented).
    callbackType: 'STREAM',
    cardData: { cardParamMap: renderCard(card) },
    userIdType: 1,
    ...(user === undefined
      ? {
          openSpaceId: `dtv1.card//IM_GROUP.${chat}`,
          imGroupOpenSpaceModel: space,
          imGroupOpenDeliverModel: robot,
        }
      : {
          openSpaceId: `dtv1.card//IM_ROBOT.${user}`,
          imRobotOpenSpaceModel: space,
          imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', ...robot },
        }),
  }
}

/** HTTP 200 is not delivery: `success` and each of the spaces must say so (documented). */
function deliveredWhere(body: unknown, outTrackId: string): Delivery {
  const answer = created.safeParse(body)
  if (!answer.success) return { outcome: 'later', why: 'DingTalk did not confirm the card' }
  const failed = answer.data.result.deliverResults.find((result) => !result.success)
  if (!failed) return { outcome: 'delivered', message: outTrackId }
  const why = `the card was not delivered: ${excerpt(failed.errorMsg)}`
  return { outcome: 'refused', why, ...(speaksOfLostChat(failed.errorMsg) ? { gone: 'chat' as const } : {}) }
}

const isCardUseless = ({ code = '' }: Failure) => code === SCOPE_MISSING || USELESS_TEMPLATE.has(code)

function advice({ code, scopes }: Failure, clientId: string): string {
  if (code !== SCOPE_MISSING) {
    return `Cards go out as plain messages without buttons: DingTalk does not take the card template (${code}).`
  }
  const scope = scopes?.[0] ?? 'Card.Instance.Write'
  const link = `https://open-dev.dingtalk.com/appscope/apply?content=${encodeURIComponent(`${clientId}#${scope}`)}`
  return `Cards go out as plain messages without buttons: the app lacks the permission ${scope}; apply for it at ${link}`
}
