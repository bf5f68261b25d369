import type { JsonObject } from '../kit/json.ts'
import { authorize, type Exchange, ok, type Routes, refuse } from './answers.ts'
import { readDraft, readSpaces, readUpdate, type Space, text } from './card-requests.ts'
import type { Cards } from './cards.ts'
import type { Chats } from './chats.ts'
import type { Core } from './core.ts'
import { fields } from './read.ts'
import { type App, CARD_SCOPE } from './world.ts'

/** Interactive cards: create, deliver, both at once, update. */
export function cardRoutes(core: Core, cards: Cards, chats: Chats): Routes {
  const enter = (exchange: Exchange): { app: App; body: JsonObject } => ({
    app: authorize(core, exchange, CARD_SCOPE),
    body: fields(exchange.body),
  })

  const create = (app: App, body: JsonObject) => {
    const draft = readDraft(core, body)
    if (cards.get(draft.outTrackId)) refuse(400, 'param.cardAlreadyExist', '卡片已存在')
    return () => cards.create({ ...draft, clientId: app.clientId })
  }

  /** The app's own card; another app's is as good as none (our choice). */
  const cardOf = (app: App, body: JsonObject) => {
    const card = cards.get(text(body.outTrackId, 'param.outTrackIdEmpty'))
    if (card?.clientId !== app.clientId) refuse(400, 'param.cardNotExist', '卡片不存在')
    return card
  }

  const deliver = (card: ReturnType<Cards['create']>, spaces: Space[], undelivered: string | undefined) =>
    spaces.map(({ spaceType, spaceId, chat, problem }) => {
      const errorMsg = undelivered ?? problem ?? ''
      if (errorMsg) return { spaceType, spaceId, success: false, carrierId: '', errorMsg }
      card.spaces.push(chat)
      const { outTrackId } = card
      const carrierId = `${outTrackId}@${spaceId}`
      chats.write(chat, { kind: 'card', id: carrierId, at: core.clock.now(), outTrackId })
      return { spaceType, spaceId, success: true, carrierId, errorMsg: '' }
    })

  return {
    'POST /v1.0/card/instances/createAndDeliver': (exchange) => {
      const { app, body } = enter(exchange)
      const commit = create(app, body)
      const spaces = readSpaces(core, app, body)
      const card = commit()
      const deliverResults = deliver(card, spaces, exchange.undelivered)
      return ok({ success: true, result: { outTrackId: card.outTrackId, deliverResults } })
    },
    'POST /v1.0/card/instances': (exchange) => {
      const { app, body } = enter(exchange)
      return ok({ success: true, result: create(app, body)().outTrackId })
    },
    'POST /v1.0/card/instances/deliver': (exchange) => {
      const { app, body } = enter(exchange)
      const card = cardOf(app, body)
      return ok({ success: true, result: deliver(card, readSpaces(core, app, body), exchange.undelivered) })
    },
    'PUT /v1.0/card/instances': (exchange) => {
      const { app, body } = enter(exchange)
      const card = cardOf(app, body)
      const update = readUpdate(core, body)
      if (cards.isPressed(card.outTrackId)) {
        core.record.violation(`PUT of card ${card.outTrackId} before the ACK of a press on it`)
      }
      cards.change(card, 'put', update)
      return ok({ success: true, result: true })
    },
  }
}
