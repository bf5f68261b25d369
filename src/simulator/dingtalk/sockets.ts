import type { IncomingMessage, Server } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { SimSocket } from './api.ts'
import type { Core } from './core.ts'
import type { DingTalkFault } from './faults.ts'
import { type Ack, decodeAck, encodeFrame, type Frame } from './frames.ts'
import type { Admission, Gateway } from './gateway.ts'
import { createPings } from './pings.ts'

/** A live connection, as the parts that deliver see it. */
export interface StreamSocket extends SimSocket {
  takes(type: string, topic: string): boolean
  send(frame: Frame): void
}

export interface SocketEvents {
  opened(socket: StreamSocket): void
  acked(socket: StreamSocket, ack: Ack): void
}

/** The WebSocket side: handshakes with a ticket, live sockets, SYSTEM frames. */
export function createSockets(core: Core, gateway: Gateway, server: Server, events: SocketEvents) {
  const live = new Set<StreamSocket>()
  // Pongs are sent by hand, so that a zombie can withhold them.
  const webSockets = new WebSocketServer({ noServer: true, autoPong: false })
  const connections = new Set<Duplex>()
  let opened = 0

  server.on('upgrade', async (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    connections.add(raw)
    raw.on('error', () => raw.destroy())
    raw.on('close', () => connections.delete(raw))
    const address = URL.parse(request.url ?? '/', core.url())
    if (address?.pathname !== '/connect') return turnAway(raw, 404)
    const admission = gateway.admit(address.searchParams.get('ticket') ?? '')
    const clientId = admission?.clientId
    const call = { method: 'GET', path: address.pathname, body: undefined, ...(clientId && { clientId }) }
    const fault = core.faults.hit(call)
    if (fault && 'latency' in fault) await core.timers.sleep(fault.latency)
    else if (fault) return fail(raw, fault)
    if (!admission) return turnAway(raw, 401)
    webSockets.handleUpgrade(request, raw, head, (webSocket) => accept(webSocket, raw, admission))
  })

  function accept(webSocket: WebSocket, raw: Duplex, admission: Admission) {
    const socket = createSocket(core, webSocket, raw, admission, `conn${++opened}`)
    const { id, clientId } = socket
    live.add(socket)
    core.record.note({ kind: 'socket opened', socket: id, clientId })
    webSocket.on('close', () => {
      live.delete(socket)
      core.record.note({ kind: 'socket closed', socket: id, clientId })
    })
    webSocket.on('message', (text) => {
      if (socket.state === 'zombie') return
      const ack = decodeAck(String(text))
      if (!ack) core.record.violation(`upstream frame is no ACK: ${String(text).slice(0, 200)}`)
      else if (!socket.pings.echoed(ack)) events.acked(socket, ack)
    })
    if (core.behaviour.legacySystemFrames)
      for (const topic of ['CONNECTED', 'REGISTERED']) socket.system(topic)
    events.opened(socket)
  }

  return {
    live: (): StreamSocket[] => [...live],
    close() {
      for (const raw of connections) raw.destroy()
      webSockets.close()
    },
  }
}

export type Sockets = ReturnType<typeof createSockets>

function createSocket(core: Core, webSocket: WebSocket, raw: Duplex, admission: Admission, id: string) {
  const { clientId, subscriptions } = admission
  let state: SimSocket['state'] = 'open'

  const send = (frame: Frame) => {
    const { type, topic, messageId, data } = frame
    core.record.note({ kind: 'frame', socket: id, type, topic, messageId, data })
    if (state !== 'zombie') {
      webSocket.send(encodeFrame(frame, { appId: clientId, connectionId: id, time: core.clock.now() }))
    }
  }
  const system = (topic: string, data: object = {}) => {
    const messageId = crypto.randomUUID()
    send({ type: 'SYSTEM', topic, messageId, data })
    return messageId
  }
  const pings = createPings(core, system, () => webSocket.terminate())
  webSocket.on('ping', (data) => {
    if (state !== 'zombie') webSocket.pong(data)
  })
  webSocket.on('error', (error) => core.record.violation(`WebSocket error: ${error.message}`))
  webSocket.on('close', pings.stop)

  return {
    id,
    clientId,
    openedAt: core.clock.now(),
    topics: subscriptions.map(({ topic }) => topic),
    get state() {
      return state
    },
    pings,
    send,
    system,
    takes: (type: string, topic: string) =>
      subscriptions.some((one) => one.type === type && one.topic === topic),
    disconnect(reason = 'connection is expired') {
      system('disconnect', { reason })
      state = 'going away'
      pings.pause()
      core.timers.after(core.behaviour.closeAfterDisconnect, () => webSocket.close())
    },
    zombie() {
      state = 'zombie'
    },
    sendRaw: (text: string) => webSocket.send(text),
    ping: () => pings.ping(),
    reset() {
      if (raw instanceof Socket) raw.resetAndDestroy()
    },
  }
}

function fail(raw: Duplex, fault: Exclude<DingTalkFault, { latency: number }>): void {
  if ('hang' in fault) return
  if ('answer' in fault) turnAway(raw, fault.answer.status)
  else raw.destroy()
}

const turnAway = (raw: Duplex, status: number): void =>
  void raw.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
