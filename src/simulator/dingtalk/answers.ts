import { randomUUID } from 'node:crypto'
import type { Upload } from '../kit/multipart.ts'
import type { Core } from './core.ts'
import type { DingTalkCall, FaultAnswer } from './faults.ts'
import type { App } from './world.ts'

export type Answer = FaultAnswer

/** A request as the handlers see it. */
export interface Exchange extends DingTalkCall {
  query: Record<string, string>
  headers: Record<string, string | string[] | undefined>
  /** Of a form, by its field. */
  files?: ReadonlyMap<string, Upload>
  /** A fault says that the card shall not be delivered, and why. */
  undelivered?: string
}

/** Returns the answer or throws a {@link Refusal}. */
export type Handler = (exchange: Exchange) => Answer

/** Handlers by `METHOD /path`. */
export type Routes = Record<string, Handler>

/** An answer that ends the work. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(`refused: ${JSON.stringify(answer.body)}`)
    this.answer = answer
  }
}

export const ok = (body: object): Answer => ({ status: 200, body })

/** The new API's error family: an HTTP status with `{code, message, requestid}`. */
export function refuse(status: number, code: string, message: string, more: object = {}): never {
  const requestid = randomUUID().toUpperCase()
  throw new Refusal({ status, body: { code, message, requestid, ...more } })
}

/** A code of the old kind: a number, or a string where that is switched on. */
export const oldCode = (core: Core, code: number): number | string =>
  core.behaviour.errcodeAsString ? String(code) : code

/** The old API's error family: HTTP 200 with `{errcode, errmsg}`. */
export function refuseOld(core: Core, errcode: number, errmsg: string, status = 200): never {
  throw new Refusal({ status, body: { errcode: oldCode(core, errcode), errmsg } })
}

/** The old API's success. */
export const okOld = (core: Core): Answer => ok({ errcode: oldCode(core, 0), errmsg: 'ok' })

/** The client id behind the request's access token, if that is valid. */
export const tokenOwner = (core: Core, { headers }: Exchange): string | undefined =>
  core.tokens.owner(String(headers['x-acs-dingtalk-access-token'] ?? ''))

/** The app behind the token, if it may: valid token, scope, rate, month (in this order), each with its documented code. */
export function authorize(core: Core, exchange: Exchange, scope: string): App {
  const app = core.world.apps.get(tokenOwner(core, exchange) ?? '')
  if (!app) refuse(core.behaviour.invalidTokenStatus, 'InvalidAuthentication', '不合法的access_token')
  if (!app.scopes.includes(scope)) {
    const link = `https://open-dev.dingtalk.com/appscope/apply?content=${app.clientId}%23${scope}`
    refuse(
      403,
      'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      `应用尚未开通所需的权限:[${scope}],点击链接申请并开通即可:${link}`,
      { accessdenieddetail: { requiredScopes: [scope] } },
    )
  }
  if (!core.quota.withinRate(`${app.clientId} ${exchange.method} ${exchange.path}`)) {
    refuse(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', '您的应用调用该接口频率过高')
  }
  if (!core.quota.takeCall()) {
    refuse(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', '企业本月API调用量已超出限制')
  }
  return app
}
