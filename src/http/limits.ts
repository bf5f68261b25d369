import type { Server } from 'node:http'
import type { FastifyHttpOptions, FastifyInstance } from 'fastify'

/** What one connection may take of the server, so that nobody can keep others out by being slow or large. */
export interface Limits {
  /** From the connection, or the answer before, to the end of the headers, ms. They fit into one packet. */
  headersWithin: number
  /** To the end of the body, ms: the cloud itself gives a push up after 5 s. */
  requestWithin: number
  /** How often is looked for those who are late, ms. Node’s own 30 s would let them stay that much longer. */
  lookEvery: number
  /** Nothing went either way, though an answer is under way: whoever does not read it is let go, ms. Streams of events beat more often. */
  silentFor: number
  /**
   * A connection without a request is kept for the next one, ms. Longer than proxies keep theirs (mostly 60 s) and than
   * breakers pause between two reports (30 or 60 s): a push that meets the end of its connection is lost, for the cloud
   * makes each once.
   */
  idleFor: number
  /** All headers together, bytes: Node’s own, made sure of. */
  headers: number
  /** Connections at once. Each takes a file and some 20 kB; many more than proxies and browsers need. */
  connections: number
  /** Of them from one address, so that nobody alone can keep the others out; a proxy in front is one address. */
  connectionsEach: number
}

export const LIMITS: Limits = {
  headersWithin: 5_000,
  requestWithin: 10_000,
  lookEvery: 1_000,
  silentFor: 60_000,
  idleFor: 75_000,
  headers: 16 * 1024,
  connections: 4_096,
  connectionsEach: 2_048,
}

/** There is no limit on the requests of one connection: to open another would cost more than they do. */
export const limitsOf = (limits: Limits) =>
  ({
    requestTimeout: limits.requestWithin,
    connectionTimeout: limits.silentFor,
    keepAliveTimeout: limits.idleFor,
    http: {
      headersTimeout: limits.headersWithin,
      connectionsCheckingInterval: limits.lookEvery,
      maxHeaderSize: limits.headers,
    },
  }) satisfies FastifyHttpOptions<Server>

/** What can be said to the server only once it is there. */
export function limitConnections(
  { server }: FastifyInstance,
  { connections, connectionsEach }: Pick<Limits, 'connections' | 'connectionsEach'>,
): void {
  server.maxConnections = connections
  const open = new Map<string, number>()
  server.on('connection', (socket) => {
    const { remoteAddress = '' } = socket
    const count = (open.get(remoteAddress) ?? 0) + 1
    open.set(remoteAddress, count)
    socket.once('close', () => {
      const left = open.get(remoteAddress)! - 1
      if (left > 0) open.set(remoteAddress, left)
      else open.delete(remoteAddress)
    })
    if (count > connectionsEach) socket.destroy()
  })
}
