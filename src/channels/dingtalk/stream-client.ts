import { DWClient, type DWClientConfig, TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { callJson } from '../kit/http.ts'
import { filled } from '../kit/shapes.ts'
import { excerpt } from '../kit/text.ts'
import { isTrusted } from './hosts.ts'

export { TOPIC_CARD, TOPIC_ROBOT }

export interface StreamOptions {
  clientId: string
  clientSecret: string
  /** Base of the gateway, without a trailing slash. */
  apiBase: string
  /** ms for the gateway call and for the handshake, each. */
  openWithin: number
  /** ms between two looks at whether the other side lives. */
  pingEvery: number
  /** A CALLBACK frame, as the SDK parsed it; what it holds is not checked yet. */
  onCallback(frame: unknown, connection: StreamConnection): void
  /** A frame that could not be dealt with. The connection lives on. */
  onFrameError(error: Error): void
}

/** One WebSocket to DingTalk. */
export interface StreamConnection {
  /** Resolves when the server announces its end (SYSTEM disconnect) or it has ended. */
  readonly leaving: Promise<void>
  /** Resolves when it has ended. */
  readonly closed: Promise<void>
  /** Answers a frame on the socket that brought it. False when that socket is gone. */
  ack(messageId: string, response: object): boolean
  /** Ends it; resolves with {@link closed}. */
  close(): Promise<void>
}

/** The gateway gave no connection. `rejected` means that only a person can mend it. */
export class GatewayError extends Error {
  readonly rejected: boolean
  readonly code: string | undefined
  constructor(why: string, rejected: boolean, code?: string) {
    super(why)
    this.rejected = rejected
    this.code = code
  }
}

const gatewayAnswer = z.object({ endpoint: z.url({ protocol: /^wss?$/ }), ticket: filled })
const gatewayRefusal = z.object({ code: z.string(), message: z.string().catch('') })

/** Opens one connection. Rejects with {@link GatewayError}, or another error when the handshake fails. */
export async function openStream(options: StreamOptions, signal: AbortSignal): Promise<StreamConnection> {
  const client = new StreamClient(options, signal)
  await client.connect()
  return client.connection
}

/**
 * The SDK's client without its own connecting: version 2.1.5 retries in doubling numbers, swallows errors, has no
 * time-outs, comes back after `disconnect()`, and prints to the console (all verified). What remains in use is its
 * protocol: subscriptions, the dispatch of frames, the answers to SYSTEM frames and the form of the ACK.
 */
class StreamClient extends DWClient {
  readonly connection: StreamConnection
  readonly #options: StreamOptions
  readonly #signal: AbortSignal
  readonly #leaving = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<void>()
  #socket: WebSocket | undefined
  #url: URL | undefined

  constructor(options: StreamOptions, signal: AbortSignal) {
    // A list of its own: the SDK's default one is shared by all clients and asks for all events.
    const subscriptions = [TOPIC_ROBOT, TOPIC_CARD].map((topic) => ({ type: 'CALLBACK', topic }))
    const { clientId, clientSecret } = options
    const config: DWClientConfig = { clientId, clientSecret, subscriptions, autoReconnect: false }
    super(config)
    this.#options = options
    this.#signal = signal
    this.connection = {
      leaving: this.#leaving.promise,
      closed: this.#closed.promise,
      ack: (messageId, response) => this.#ack(messageId, response),
      close: () => this.#close(),
    }
    for (const topic of [TOPIC_ROBOT, TOPIC_CARD]) {
      this.registerCallbackListener(topic, (frame) => options.onCallback(frame, this.connection))
    }
  }

  override async connect(): Promise<void> {
    await this.getEndpoint()
    await this._connect()
  }

  override async getEndpoint(): Promise<this> {
    const { clientId, clientSecret, subscriptions } = this.config
    const outcome = await callJson({
      method: 'POST',
      url: `${this.#options.apiBase}/v1.0/gateway/connections/open`,
      body: { clientId, clientSecret, ua: 'breakerbot', subscriptions },
      timeout: this.#options.openWithin,
      signal: this.#signal,
    })
    if (outcome.kind !== 'answer') throw new GatewayError(outcome.why, false)
    const answer = gatewayAnswer.safeParse(outcome.body)
    if (outcome.status !== 200 || !answer.success) throw gatewayError(outcome.status, outcome.body)
    const { endpoint } = answer.data
    // The ticket goes there, and what comes from there is taken for DingTalk's word.
    if (!isTrusted(endpoint, this.#options.apiBase, { port: 'any' }))
      throw new GatewayError(
        `the gateway names a host that is not DingTalk's: ${new URL(endpoint).host}`,
        false,
      )
    this.#url = new URL(endpoint)
    this.#url.searchParams.set('ticket', answer.data.ticket)
    return this
  }

  override _connect(): Promise<void> {
    if (!this.#url || this.#signal.aborted) return Promise.reject(new GatewayError('stopped', false))
    const socket = new WebSocket(this.#url, { handshakeTimeout: this.#options.openWithin })
    this.#socket = socket
    // The SDK's private field for the socket that it answers on.
    Object.assign(this, { socket })
    socket.on('message', (data) => this.onDownStream(data.toString()))
    socket.on('close', () => {
      this.#leaving.resolve()
      this.#closed.resolve()
    })
    watch(socket, this.#options.pingEvery)
    const abort = () => socket.terminate()
    this.#signal.addEventListener('abort', abort)
    const opened = new Promise<void>((resolve, reject) => {
      socket.on('open', resolve)
      // Stays after the opening: an `error` without a listener would end the process.
      socket.on('error', reject)
    })
    return opened.finally(() => this.#signal.removeEventListener('abort', abort))
  }

  override onDownStream(data: string): void {
    try {
      super.onDownStream(data)
    } catch (error) {
      this.#options.onFrameError(error instanceof Error ? error : new Error(String(error)))
    }
  }

  override onSystem(...[frame]: Parameters<DWClient['onSystem']>): void {
    super.onSystem(frame)
    if (frame.headers.topic === 'disconnect') this.#leaving.resolve()
  }

  #ack(messageId: string, response: object): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.socketCallBackResponse(messageId, response)
    return true
  }

  #close(): Promise<void> {
    const socket = this.#socket
    if (!socket) return Promise.resolve()
    socket.close(1000)
    const end = setTimeout(() => socket.terminate(), 1_000)
    return this.#closed.promise.finally(() => clearTimeout(end))
  }
}

function gatewayError(status: number, body: unknown): GatewayError {
  const refusal = gatewayRefusal.safeParse(body)
  const code = refusal.success ? refusal.data.code : undefined
  const said = refusal.success ? excerpt(`${refusal.data.code} ${refusal.data.message}`) : 'no reason given'
  const rejected = status >= 400 && status < 500 && status !== 408 && status !== 429
  return new GatewayError(`HTTP ${status}: ${said}`, rejected, code)
}

/** Pings, and ends a socket from which nothing came for two rounds. The SDK's own way leaks timers. */
function watch(socket: WebSocket, every: number): void {
  let silent = 0
  const heard = () => {
    silent = 0
  }
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return
    if (silent >= 2) return socket.terminate()
    silent++
    socket.ping()
  }, every)
  socket.on('pong', heard)
  socket.on('message', heard)
  socket.on('close', () => clearInterval(timer))
}
