import { randomBytes } from 'node:crypto'
import { scopePage } from '../../channels/dingtalk/errors.ts'
import { callJson } from '../../channels/kit/http.ts'
import type { ChannelsConfig } from '../../config/schema.ts'
import { type Finding, field, ill, PATIENCE, type RoomChat, well } from './finding.ts'

type DingTalk = NonNullable<ChannelsConfig['dingtalk']>

/** What DingTalk answered; without a status it did not. */
interface Reply {
  status?: number
  body?: unknown
  why?: string
}

const CONSOLE = 'open-dev.dingtalk.com'

/**
 * Tries the credentials, both permissions, the connection and each room's group, by calls that can change nothing: of a
 * card, and of a message, that do not exist. That a missing permission is told before a missing card is inferred; so is
 * what the answers about groups mean. Costs some calls of the monthly quota.
 */
export async function tryDingTalk(config: DingTalk, chats: readonly RoomChat[]): Promise<Finding[]> {
  const { apiBase, clientId, clientSecret } = config
  const credentials = { appKey: clientId, appSecret: clientSecret }
  const answer = await ask('POST', `${apiBase}/v1.0/oauth2/accessToken`, credentials)
  const token = field(answer.body, 'accessToken')
  if (typeof token !== 'string')
    return [
      ill(
        'dingtalk',
        `${saidBy(answer)}; check clientId and clientSecret (${CONSOLE}: the app, 凭证与基础信息)`,
      ),
    ]
  const call = (method: 'POST' | 'PUT', path: string, body: object) =>
    ask(method, apiBase + path, body, { 'x-acs-dingtalk-access-token': token })
  const [cards, stream, ...groups] = await Promise.all([
    call('PUT', '/v1.0/card/instances', {
      outTrackId: `check-${randomBytes(9).toString('hex')}`,
      cardData: { cardParamMap: { title: 'check' } },
      cardUpdateOptions: { updateCardDataByKey: true },
    }),
    tryStream(config),
    ...(chats.length > 0 ? chats : [NO_CHAT]).map(async (one) => ({
      ...one,
      reply: await askOf(call, config, one.chat),
    })),
  ])
  return [
    well('dingtalk', 'clientId and clientSecret are right'),
    aboutCards(cards, clientId),
    aboutMessages(groups[0]!.reply, clientId),
    stream,
    ...groups.filter(({ room, reply }) => room !== '' && !lacks(reply)).map(aboutGroup),
  ]
}

/** Asked of where no room has a group yet: the permission is told all the same. */
const NO_CHAT: RoomChat = { room: '', chat: 'cidCHECK==' }

type Call = (method: 'POST' | 'PUT', path: string, body: object) => Promise<Reply>

const askOf = (call: Call, { clientId }: DingTalk, openConversationId: string) =>
  call('POST', '/v1.0/robot/groupMessages/query', {
    robotCode: clientId,
    openConversationId,
    processQueryKey: 'check',
    maxResults: 1,
  })

function aboutCards(reply: Reply, clientId: string): Finding {
  const part = 'dingtalk cards'
  const missing = lackOf(reply, clientId, 'Card.Instance.Write')
  if (missing) return ill(part, missing)
  const isKnown = codeOf(reply) === 'param.cardNotExist' || reply.status === 200
  return isKnown ? well(part, 'the permission Card.Instance.Write is there') : ill(part, saidBy(reply))
}

function aboutMessages(reply: Reply, clientId: string): Finding {
  const part = 'dingtalk messages'
  const missing = lackOf(reply, clientId, 'qyapi_robot_sendmsg')
  if (missing) return ill(part, missing)
  if (/^invalidParameter\.robotCode/.test(codeOf(reply)))
    return ill(
      part,
      `${saidBy(reply)}: the app has no robot; add one (${CONSOLE}: the app, 机器人), Stream mode, and publish`,
    )
  // What is wrong with the group itself is told of that.
  const isServed =
    reply.status === 200 || /^(invalid\.open|resource\.not|invalidParameter\.)/.test(codeOf(reply))
  return isServed ? well(part, 'the permission qyapi_robot_sendmsg is there') : ill(part, saidBy(reply))
}

function aboutGroup({ room, chat, reply }: RoomChat & { reply: Reply }): Finding {
  const part = `dingtalk ${room}`
  const code = codeOf(reply)
  if (code === 'invalid.openConversationId')
    return ill(
      part,
      `${chat}: there is no such group (${code}); «绑定», sent to the robot there, prints its id`,
    )
  if (code === 'resource.not.found')
    return ill(part, `${chat}: the robot is not in the group (${code}): group settings → robots → add`)
  const isThere = reply.status === 200 || code === 'invalidParameter.param.invalid'
  return isThere ? well(part, `${chat}: the group is known`) : ill(part, `${chat}: ${saidBy(reply)}`)
}

/** Asks for a ticket and does not use it: a running service keeps its connection. */
async function tryStream({ apiBase, clientId, clientSecret }: DingTalk): Promise<Finding> {
  const part = 'dingtalk stream'
  const topics = ['/v1.0/im/bot/messages/get', '/v1.0/card/instances/callback']
  const subscriptions = topics.map((topic) => ({ type: 'CALLBACK', topic }))
  const body = { clientId, clientSecret, ua: 'breakerbot-check', subscriptions }
  const reply = await ask('POST', `${apiBase}/v1.0/gateway/connections/open`, body)
  if (typeof field(reply.body, 'ticket') === 'string') return well(part, 'a connection may be opened')
  if (reply.status === 400)
    return ill(
      part,
      `${saidBy(reply)}: publish a version of the app, set its robot to Stream mode, and look at its list of server addresses (${CONSOLE})`,
    )
  return ill(part, saidBy(reply))
}

const lacks = (reply: Reply) => /AccessTokenPermissionDenied/.test(codeOf(reply))

/** Which permission is missing, and the page to ask for it. */
function lackOf(reply: Reply, clientId: string, scope: string): string | undefined {
  if (!lacks(reply)) return undefined
  const told = field(field(reply.body, 'accessdenieddetail'), 'requiredScopes')
  const scopes = Array.isArray(told) && told.length > 0 ? told.map(String) : [scope]
  const links = scopes.map((one) => scopePage(clientId, one))
  return `the permission ${scopes.join(', ')} is missing: ask for it at ${links.join(' ')}, then publish a new version of the app`
}

const codeOf = ({ body }: Reply) => String(field(body, 'code') ?? '')

/** What stands in the way of all calls, and where to mend that. */
const MENDS: [code: RegExp, mend: string][] = [
  [
    /IpNotInWhiteList/,
    `this machine's address is not among the app's servers (${CONSOLE}: the app, 安全设置)`,
  ],
  [/ApiCountLimitForOrg/, "the organisation's calls of this month are used up: buy more in the console"],
  [/QpsLimit/, 'too many calls at once: try again'],
]

function saidBy(reply: Reply): string {
  if (reply.why) return reply.why
  const code = codeOf(reply)
  const said =
    [code, field(reply.body, 'message')].filter(Boolean).join(' ') || `HTTP ${reply.status}, no usable answer`
  const mend = MENDS.find(([known]) => known.test(code))?.[1]
  return mend ? `${said}; ${mend}` : said
}

async function ask(
  method: 'POST' | 'PUT',
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const outcome = await callJson({ method, url, body, headers, timeout: PATIENCE })
  return outcome.kind === 'answer' ? outcome : { why: `${outcome.why}; check apiBase and the network` }
}
