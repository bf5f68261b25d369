import { isObject } from '../kit/json.ts'
import type { Answer, Exchange, Routes } from './answers.ts'
import { ok, oldCode, Refusal, refuse, refuseOld } from './answers.ts'
import type { Core } from './core.ts'
import { fields, isText } from './read.ts'
import { secret } from './tokens.ts'
import type { App } from './world.ts'

export interface Subscription {
  type: string
  topic: string
}

/** What a ticket stands for. */
export interface Admission {
  clientId: string
  subscriptions: Subscription[]
}

/** Access tokens of both APIs, and the opening of Stream connections with their single-use tickets. */
export function createGateway(core: Core) {
  const tickets = new Map<string, Admission & { until: number }>()

  const appBy = (clientId: unknown, clientSecret: unknown): App | undefined => {
    const app = isText(clientId) ? core.world.apps.get(clientId) : undefined
    return app?.clientSecret === clientSecret ? app : undefined
  }

  const open = ({ body, headers }: Exchange): Answer => {
    const { clientId, clientSecret, subscriptions } = fields(body)
    const app = appBy(clientId, clientSecret)
    if (!app) refuse(401, 'authFailed', '鉴权失败')
    // Inferred: 400 for an app that is not published; the code is our choice.
    if (!app.published && !core.behaviour.unpublishedConnects) refuse(400, 'appNotPublished', '应用未发布')
    if (!isSubscriptions(subscriptions)) refuse(400, 'invalidParameter', 'subscriptions')
    const ticket = secret(core.record)
    const until = core.clock.now() + core.behaviour.ticketLifetime
    tickets.set(ticket, { clientId: app.clientId, subscriptions, until })
    // By the name that the client knows us by: there may be something in between.
    return ok({ endpoint: `ws://${headers.host}/connect`, ticket })
  }

  const routes: Routes = {
    'POST /v1.0/oauth2/accessToken': ({ body }) => {
      const { appKey, appSecret } = fields(body)
      const app = appBy(appKey, appSecret)
      if (!app) refuse(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret')
      return ok({
        accessToken: core.tokens.issue(app.clientId),
        expireIn: core.behaviour.tokenLifetime / 1000,
      })
    },
    'GET /gettoken': ({ query }) => {
      const app = appBy(query.appkey, query.appsecret)
      // The code is our choice: the page names none.
      if (!app) refuseOld(core, 40089, '不合法的corpid或corpsecret')
      const expires_in = core.behaviour.tokenLifetime / 1000
      return ok({
        errcode: oldCode(core, 0),
        access_token: core.tokens.issue(app.clientId),
        expires_in,
        errmsg: 'ok',
      })
    },
    'POST /v1.0/gateway/connections/open': (exchange) => {
      core.record.opened()
      try {
        return inAskedForm(exchange, open(exchange))
      } catch (error) {
        if (error instanceof Refusal) return inAskedForm(exchange, error.answer)
        throw error
      }
    },
  }
  return {
    routes,
    /** Uses the ticket up. */
    admit(ticket: string): Admission | undefined {
      const held = tickets.get(ticket)
      tickets.delete(ticket)
      return held && held.until > core.clock.now() ? held : undefined
    },
  }
}

export type Gateway = ReturnType<typeof createGateway>

const isSubscriptions = (value: unknown): value is Subscription[] =>
  Array.isArray(value) && value.every((one) => isObject(one) && isText(one.type) && isText(one.topic))

/** XML unless JSON was asked for by name (documented for a missing `Accept`; for anything else it is our choice). */
function inAskedForm(exchange: Exchange, answer: Answer): Answer {
  if (String(exchange.headers.accept ?? '').includes('application/json')) return answer
  const members = Object.entries(fields(answer.body)).map(([name, value]) => `<${name}>${value}</${name}>`)
  return {
    status: answer.status,
    contentType: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?><response>${members.join('')}</response>`,
  }
}
