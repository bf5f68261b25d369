import {
  BUILT_IN_TEMPLATE,
  createDingTalkSim,
  type DingTalkSim,
  type DingTalkSimOptions,
} from '../../../src/simulator/dingtalk/index.ts'

export const APP = { clientId: 'dingapp1', clientSecret: 'app-secret-1' }
export const GROUP = 'cidGroup1=='

/** An organisation with one app, one group, an admin, an electrician and an outsider. */
export async function startSim(options: DingTalkSimOptions = {}): Promise<DingTalkSim> {
  const sim = await createDingTalkSim(options)
  sim.addApp(APP)
  sim.addUser({ userId: 'manager123', name: '张三', admin: true })
  sim.addUser({ userId: 'elec7', name: '电工甲' })
  sim.addUser({ userId: 'guest', name: '访客', outsider: true })
  sim.addUser({ userId: 'stranger', name: '路人' })
  const members = ['manager123', 'elec7', 'guest']
  sim.addGroup({ conversationId: GROUP, title: '配电运维群', members, robots: [APP.clientId] })
  return sim
}

export interface Reply {
  status: number
  type: string
  body: unknown
}

/** A plain HTTP call; the body of the reply is parsed where it is JSON. */
export async function call(
  sim: DingTalkSim,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(new URL(path, sim.url), {
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, body: type.includes('json') ? JSON.parse(text) : text }
}

export async function accessToken(sim: DingTalkSim, app = APP): Promise<string> {
  const credentials = { appKey: app.clientId, appSecret: app.clientSecret }
  const { body } = await call(sim, 'POST', '/v1.0/oauth2/accessToken', credentials)
  return String((body as { accessToken?: unknown }).accessToken)
}

/** A caller of the new API that holds a token. */
export async function signedIn(sim: DingTalkSim, app = APP) {
  const token = await accessToken(sim, app)
  return (method: string, path: string, body: unknown) =>
    call(sim, method, path, body, { 'x-acs-dingtalk-access-token': token })
}

export const CARDS = '/v1.0/card/instances'
export const CREATE = '/v1.0/card/instances/createAndDeliver'

export const buttonsJson = (...ids: string[]): string =>
  JSON.stringify({
    msgButtons: ids.map((id) => ({ text: id, request: true, id, params: { id, n: 'k7Qp2x' } })),
  })

/** A request that creates a card with the built-in template. */
export const cardRequest = (outTrackId: string, change: Record<string, unknown> = {}) => ({
  cardTemplateId: BUILT_IN_TEMPLATE,
  outTrackId,
  callbackType: 'STREAM',
  cardData: {
    cardParamMap: { title: '跳闸', tips: '未确认', sys_full_json_obj: buttonsJson('ack', 'reclose') },
  },
  openSpaceId: `dtv1.card//IM_GROUP.${GROUP}`,
  imGroupOpenSpaceModel: { supportForward: false },
  imGroupOpenDeliverModel: { robotCode: APP.clientId },
  userIdType: 1,
  ...change,
})
