import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { unixSeconds } from '../kit/clock.ts'
import type { JsonObject } from '../kit/json.ts'
import type { ConnView, LoggedFrame } from './api.ts'
import { member, numberOf, parseObject, textOf } from './json.ts'
import { newId, type World } from './world.ts'

export interface Conn {
  id: number
  socket: WebSocket
  /** The client's address, as error texts show it. */
  ip: string
  botId?: string
  state: ConnView['state']
  openedAt: number
  pings: number
  /** Real time, for {@link WeComSettings.idleTimeout}. */
  lastSign: number
}

/** All sockets of the simulator: which there are, what went through them, and who gets the callbacks of a bot. */
export interface Connections {
  /** The connection that callbacks of a bot go to: the newest subscriber that is still open. */
  current(botId: string): Conn | undefined
  write(conn: Conn, frame: JsonObject): void
  /** Sends to every open, subscribed connection. */
  broadcast(text: string): void
  subscribed(conn: Conn, botId: string): void
  kick(conn: Conn, closeDelay: number): void
  drop(code?: number): void
  frames(): LoggedFrame[]
  views(): ConnView[]
  close(): void
}

/** Called with each frame that is a JSON object. */
export type OnFrame = (conn: Conn, frame: JsonObject) => void

/** How often idle connections are looked for, real ms. */
const PATROL_EVERY = 20

const isOpen = (conn: Conn) => conn.socket.readyState === conn.socket.OPEN

export function createConnections(world: World, server: Server, onFrame: OnFrame): Connections {
  const conns: Conn[] = []
  const log: LoggedFrame[] = []
  const hanging = new Set<Duplex>()
  const sockets = new WebSocketServer({ noServer: true })

  server.on('upgrade', (request, socket, head) => {
    const effect = world.faults.upgrades.hit(request.url ?? '/')
    socket.on('error', () => socket.destroy())
    if (effect?.kind === 'hang') {
      hanging.add(socket)
    } else if (effect?.kind === 'refuse') {
      socket.end(`HTTP/1.1 ${effect.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    } else {
      const ip = request.socket.remoteAddress ?? ''
      sockets.handleUpgrade(request, socket, head, (opened) => accept(opened, ip))
    }
  })

  function accept(socket: WebSocket, ip: string) {
    const conn: Conn = {
      ...{ id: conns.length + 1, socket, ip, state: 'new', openedAt: world.clock.now(), pings: 0 },
      lastSign: Date.now(),
    }
    conns.push(conn)
    socket.on('error', () => socket.terminate())
    socket.on('message', (data) => {
      const text = data.toString()
      const frame = parseObject(text)
      record(conn, 'sent', text, frame)
      // Inferred: what is no JSON object, or has no req_id to answer to, is left without an answer.
      if (frame) onFrame(conn, frame)
    })
  }

  function record(conn: Conn, direction: LoggedFrame['direction'], text: string, frame?: JsonObject) {
    const cmd = textOf(frame, 'cmd')
    const reqId = textOf(member(frame, 'headers'), 'req_id')
    const errcode = numberOf(frame, 'errcode')
    log.push({
      ...{ at: world.clock.now(), conn: conn.id, direction, text },
      ...(cmd !== undefined && { cmd }),
      ...(reqId !== undefined && { reqId }),
      ...(errcode !== undefined && { errcode }),
      ...(frame && { frame }),
    })
  }

  function writeText(conn: Conn, text: string) {
    if (!isOpen(conn)) return
    record(conn, 'received', text, parseObject(text))
    conn.socket.send(text)
  }

  function end(conn: Conn) {
    if (world.settings.kickCloseMode === 'abrupt') conn.socket.terminate()
    else conn.socket.close(1000)
  }

  const patrol = setInterval(() => {
    const oldest = Date.now() - world.settings.idleTimeout
    for (const conn of conns) if (isOpen(conn) && conn.lastSign < oldest) conn.socket.close(1000) // code unknown
  }, PATROL_EVERY)

  const connections: Connections = {
    current: (botId) =>
      conns.findLast((conn) => conn.botId === botId && conn.state === 'subscribed' && isOpen(conn)),
    write: (conn, frame) => writeText(conn, JSON.stringify(frame)),
    broadcast(text) {
      for (const conn of conns) if (conn.state === 'subscribed') writeText(conn, text)
    },
    subscribed(conn, botId) {
      const others = conns.filter(
        (it) => it !== conn && it.botId === botId && it.state === 'subscribed' && isOpen(it),
      )
      Object.assign(conn, { botId, state: 'subscribed' })
      if (!world.settings.oneConnectionPerBot) return
      for (const other of others) connections.kick(other, world.settings.kickCloseDelay)
    },
    kick(conn, closeDelay) {
      connections.write(conn, disconnectedEvent(world, conn.botId ?? ''))
      conn.state = 'kicked'
      world.timers.after(closeDelay, () => end(conn))
    },
    drop(code) {
      for (const conn of conns.filter(isOpen)) {
        if (code === undefined) conn.socket.terminate()
        else conn.socket.close(code)
      }
    },
    frames: () => [...log],
    views: () => conns.map(viewOf),
    close() {
      clearInterval(patrol)
      for (const conn of conns) conn.socket.terminate()
      for (const socket of hanging) socket.destroy()
      sockets.close()
    },
  }
  return connections
}

function viewOf(conn: Conn): ConnView {
  const { id, botId, state, openedAt, pings } = conn
  return { id, state, open: isOpen(conn), openedAt, pings, ...(botId !== undefined && { botId }) }
}

function disconnectedEvent(world: World, botId: string): JsonObject {
  const body = {
    msgid: newId(),
    create_time: unixSeconds(world.clock.now()),
    aibotid: botId,
    msgtype: 'event',
    event: { eventtype: 'disconnected_event' },
  }
  return { cmd: 'aibot_event_callback', headers: { req_id: newId() }, body }
}
