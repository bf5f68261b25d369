import { z } from 'zod'
import type { CardText } from '../../domain/card-text.ts'
import type { Delivery, Mention } from '../channel.ts'
import { userOf } from '../kit/chat-id.ts'
import { excerpt } from '../kit/text.ts'
import { speaksOfLostChat } from './errors.ts'
import { calledById, renderCard, renderSummary } from './render.ts'

/** «MarkdownButton», used by DingTalk's own Python SDK; spares users the card builder. */
export const BUILT_IN_TEMPLATE = '1366a1eb-bc54-4859-ac88-517c56a9acb1.schema'

/** A card to be sent, and whom it calls on. */
export interface CardContent {
  card: CardText
  mention?: Mention[]
}

/** What a new card is to be, apart from what it says. */
export interface CardIds {
  outTrackId: string
  /** The client id, which is the robot code too. */
  clientId: string
  templateId: string
}

/** The body of createAndDeliver. People can be called on in groups only. */
export function creation(chat: string, card: CardText, mention: Mention[], ids: CardIds): object {
  const user = userOf(chat)
  const summary = renderSummary(card)
  const space = {
    supportForward: false,
    lastMessageI18n: { ZH_CN: summary, EN_US: summary },
    notification: { alertContent: summary, notificationOff: false },
  }
  const robot = { robotCode: ids.clientId }
  const atUserIds = mention.length > 0 && { atUserIds: calledById(mention) }
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
          imGroupOpenDeliverModel: { ...robot, ...atUserIds },
        }
      : {
          openSpaceId: `dtv1.card//IM_ROBOT.${user}`,
          imRobotOpenSpaceModel: space,
          imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', ...robot },
        }),
  }
}

const deliverResult = z.object({ success: z.boolean(), errorMsg: z.string().catch('') })
const created = z.object({
  success: z.literal(true),
  result: z.object({ deliverResults: z.array(deliverResult).refine((all) => all.length > 0) }),
})

/** HTTP 200 is not delivery: `success` and each of the spaces must say so (documented). */
export function deliveredWhere(body: unknown, outTrackId: string): Delivery {
  const answer = created.safeParse(body)
  if (!answer.success) return { outcome: 'later', why: 'DingTalk did not confirm the card' }
  const failed = answer.data.result.deliverResults.find((result) => !result.success)
  if (!failed) return { outcome: 'delivered', message: outTrackId }
  const why = `the card was not delivered: ${excerpt(failed.errorMsg)}`
  return { outcome: 'refused', why, ...(speaksOfLostChat(failed.errorMsg) ? { gone: 'chat' as const } : {}) }
}

/** The body of an update; `viewers` see the public variables again. */
export function change(outTrackId: string, card: CardText, viewers: string[]): object {
  return {
    outTrackId,
    cardData: { cardParamMap: renderCard(card) },
    // A whole replacement by nothing.
    ...(viewers.length > 0 && {
      privateData: Object.fromEntries(viewers.map((viewer) => [viewer, { cardParamMap: {} }])),
    }),
    cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: false },
    userIdType: 1,
  }
}

const changed = z.object({ success: z.literal(true) })

export const isChanged = (body: unknown): boolean => changed.safeParse(body).success
