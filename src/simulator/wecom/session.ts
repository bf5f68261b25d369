import type { JsonObject } from '../kit/json.ts'
import { type Answer, ok, refuse, withSuffix } from './answers.ts'
import type { ClientFrame } from './api.ts'
import { COMMANDS } from './commands.ts'
import type { Conn, Connections, OnFrame } from './connections.ts'
import { member, textOf } from './json.ts'
import { underFault } from './under-fault.ts'
import { subscribeBudget, type World } from './world.ts'

/** What a client's frames do: subscribe, ping, or a command, each answered under its own req_id. */
export function createSession(world: World, connections: () => Connections): OnFrame {
  return (conn, raw) => {
    const frame = readFrame(conn, raw)
    if (!frame) return
    const write = (answer: Answer) => {
      const { errcode, errmsg, body } = world.settings.errmsgSuffix ? withSuffix(answer, conn.ip) : answer
      const reply = { headers: { req_id: frame.reqId }, errcode, errmsg, ...(body && { body }) }
      connections().write(conn, reply)
    }
    underFault(world, frame, (lose) => perform(frame, conn, lose), write)
  }

  function perform(frame: ClientFrame, conn: Conn, lose: boolean): Answer {
    if (frame.cmd === 'aibot_subscribe') return subscribe(frame, conn)
    if (frame.cmd === 'ping' && conn.state !== 'new') return ping(conn)
    if (conn.state !== 'subscribed' && world.settings.subscribeFirst) return refuse(846609)
    if (frame.cmd === 'ping') return ping(conn)
    const command = COMMANDS.get(frame.cmd)
    if (!command) return refuse(40058, 'unknown cmd') // inferred
    return command({ world, botId: conn.botId ?? '', reqId: frame.reqId, body: frame.body, lose })
  }

  /** Seen: a wrong pair leaves the socket open. */
  function subscribe({ body }: ClientFrame, conn: Conn): Answer {
    const { subscribesPerMinute, subscribeLimitCode, checkSecret } = world.settings
    const botId = textOf(body, 'bot_id') ?? ''
    const budget = subscribeBudget(world, botId)
    if (budget.spent([{ within: 60_000, max: subscribesPerMinute }])) return refuse(subscribeLimitCode)
    budget.count()
    const bot = world.bots.get(botId)
    if (checkSecret && (!bot || bot.secret !== body.secret)) return refuse(853000)
    conn.lastSign = Date.now()
    connections().subscribed(conn, botId)
    return ok()
  }

  function ping(conn: Conn): Answer {
    conn.pings++
    conn.lastSign = Date.now()
    return ok()
  }
}

function readFrame(conn: Conn, raw: JsonObject): ClientFrame | undefined {
  const reqId = textOf(member(raw, 'headers'), 'req_id')
  if (reqId === undefined) return undefined
  return { cmd: textOf(raw, 'cmd') ?? '', reqId, body: member(raw, 'body') ?? {}, botId: conn.botId }
}
