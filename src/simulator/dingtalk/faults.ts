/** What a fault can look at. A WebSocket handshake is `GET /connect`. */
export interface DingTalkCall {
  method: string
  /** Without the query. */
  path: string
  /** The app that it comes from: as its token or session proves, else as it claims. */
  clientId?: string
  /** The JSON body; undefined for a handshake. */
  body: unknown
}

/**
 * What goes wrong with a call. With `done` the work is carried out all the same and only the answer fails:
 * the message is there, and the caller cannot know.
 */
export type DingTalkFault =
  | { answer: FaultAnswer; done?: boolean }
  /** The answer comes this many ms of the sim's clock later. */
  | { latency: number }
  /** The connection is reset: before any answer, or in the middle of the body. */
  | { reset: 'before' | 'body'; done?: boolean }
  /** No answer ever. */
  | { hang: true; done?: boolean }
  /** HTTP 200 with `deliverResults[].success: false` and this text. Cards only. */
  | { undelivered: string }

export interface FaultAnswer {
  status: number
  /** A string is sent as it is, anything else as JSON. */
  body: unknown
  /** Default `application/json`. */
  contentType?: string
}

const forbidden = (code: string, message: string, more: object = {}): DingTalkFault => ({
  answer: {
    status: 403,
    body: { code: `Forbidden.AccessDenied.${code}`, message, requestid: 'FAULT', ...more },
  },
})

const failure = (status: number, code: string, message: string): DingTalkFault => ({
  answer: { status, body: { code, message, requestid: 'FAULT' } },
})

const page = (status: number, title: string): FaultAnswer => ({
  status,
  contentType: 'text/html',
  body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
})

/** Ready-made faults, with the codes and bodies of DingTalk (documented unless marked). */
export const dingTalkFaults = {
  /** The app's own rate on this API. */
  qpsOfApp: () => forbidden('QpsLimitForAppkeyAndApi', '您的应用调用该接口频率过高'),
  /** The whole platform's rate on this API; the text may give the end time. */
  qpsOfPlatform: (until?: string) =>
    forbidden('QpsLimitForApi', `该接口调用频率过高${until ? `,限流结束时间: ${until}` : ''}`),
  monthlyQuota: () => forbidden('ApiCountLimitForOrg', '企业本月API调用量已超出限制'),
  scopeMissing: (scopes: string[]) =>
    forbidden('AccessTokenPermissionDenied', '应用尚未开通所需的权限', {
      accessdenieddetail: { requiredScopes: scopes },
    }),
  ipNotAllowed: () => forbidden('IpNotInWhiteList', '访问ip不在白名单之中'),
  ipBan: (form: 'json' | 'html' = 'json'): DingTalkFault => ({
    answer:
      form === 'html'
        ? page(403, 'Access denied')
        : { status: 200, body: { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'FAULT' } },
  }),
  /** Documented as 400; some report 401. */
  invalidToken: (status: 400 | 401 = 400) => failure(status, 'InvalidAuthentication', '不合法的access_token'),
  systemBusy: () => failure(500, 'system.busy', '系统繁忙'),
  /** Inferred from issue threads. */
  unknownError: () => failure(500, 'unknownError', '未知错误'),
  /** 504; with `done` after the work was carried out. */
  gatewayTimeout: (done: boolean): DingTalkFault => ({ answer: page(504, '504 Gateway Time-out'), done }),
  /** Inferred: 503 with an HTML body. */
  unavailable: (): DingTalkFault => ({ answer: page(503, '503 Service Temporarily Unavailable') }),
  malformed: (done = true): DingTalkFault => ({
    answer: { status: 200, body: '{"success":true,"resu' },
    done,
  }),
  contentUnsafe: () => failure(400, 'param.contentUnsafe', '内容不合规'),
  templateUnpublished: () => failure(400, 'param.templateUnpublished', '卡片模板未发布'),
  /** The old API's family: HTTP 200 with an `errcode`. */
  errcode: (errcode: number, errmsg: string): DingTalkFault => ({
    answer: { status: 200, body: { errcode, errmsg } },
  }),
  latency: (ms: number): DingTalkFault => ({ latency: ms }),
  reset: (at: 'before' | 'body', done = false): DingTalkFault => ({ reset: at, done }),
  hang: (done = false): DingTalkFault => ({ hang: true, done }),
  undelivered: (errorMsg: string): DingTalkFault => ({ undelivered: errorMsg }),
}
