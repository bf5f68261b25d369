import type { EventEmitter } from 'node:events'

/** Counts the connections of a server that are open. */
export function countSockets(server: EventEmitter): () => number {
  const open = new Set<EventEmitter>()
  server.on('connection', (socket: EventEmitter) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  return () => open.size
}
