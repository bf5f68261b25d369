import { randomUUID } from 'node:crypto'
import { WSClient } from '@wecom/aibot-node-sdk'
import { z } from 'zod'
import type { Log } from '../channel.ts'
import { readNetworkError } from '../kit/network.ts'
import { NOT_SUBSCRIBED, type Reply, redact } from './errors.ts'

/** Why a session ended. `kicked`: another client has subscribed for the same bot. */
export type End =
  | { kind: 'refused'; code: number; why: string }
  | { kind: 'kicked' }
  | { kind: 'lost'; why: string }

/** All in ms. */
export interface SessionTiming {
  handshakeWithin: number
  /** From the open socket to the answer to `aibot_subscribe`. */
  authWithin: number
  /** 30 000 is recommended (documented). Without an answer the link is given up after three times that. */
  pingEvery: number
}

export interface SessionOptions {
  botId: string
  secret: string
  wsUrl: string
  timing: SessionTiming
  log: Log
  /** Called once, when the server has taken the subscription. */
  onReady(): void
  /** Called with each frame that the server pushes, as it came. */
  onPush(frame: unknown, session: Session): void
}

/** One socket from its opening to its end, and never another one. */
export interface Session {
  /** Resolves when the socket is closed. Never rejects. */
  readonly ended: Promise<End>
  /** ms since the server last said anything. */
  quietFor(): number
  /**
   * Sends a command and waits for its answer, 5 s at most (the SDK's own limit). Never rejects.
   * @param reqId of the callback that is answered; at most one command may carry it, as a late answer to one would be
   * taken for that to the next (seen in the SDK). Left out: a new one.
   */
  request(cmd: string, body: object, reqId?: string): Promise<Reply>
  end(why: string): void
}

/** What the SDK rejects with for a code other than 0: the frame itself. */
const refusal = z.object({ errcode: z.number(), errmsg: z.string().catch('') })

/** Opens a session. The SDK speaks the protocol; it reconnects never, as its own way of doing so loses sockets. */
export function openSession({ timing, log, onReady, onPush, ...account }: SessionOptions): Session {
  const ended = Promise.withResolvers<End>()
  let authenticated = false
  let lastSign = performance.now()
  let reason: End | undefined
  let closing = false
  let deadline: NodeJS.Timeout | undefined

  const client = new WSClient({
    ...account,
    heartbeatInterval: timing.pingEvery,
    maxReconnectAttempts: 0,
    maxAuthFailureAttempts: 0,
    wsOptions: {
      handshakeTimeout: timing.handshakeWithin,
      // The one way past the SDK to see that the server answers its pings.
      finishRequest(request, socket) {
        socket.on('message', () => {
          lastSign = performance.now()
        })
        request.end()
      },
    },
    logger: quietLogger(log, account.secret),
  })

  function close(why: End): void {
    reason ??= why
    clearTimeout(deadline)
    if (closing) return
    closing = true
    client.disconnect()
  }

  function settle(why: End): void {
    reason ??= why
    clearTimeout(deadline)
    ended.resolve(reason)
  }

  const session: Session = {
    ended: ended.promise,
    quietFor: () => performance.now() - lastSign,
    async request(cmd, body, reqId = `${cmd}_${randomUUID()}`) {
      // The SDK is connected before it is authenticated, and for a while after it was told to end.
      if (!authenticated || reason || !client.isConnected) return { kind: 'unsent' }
      const reply = await client.reply({ headers: { req_id: reqId } }, body, cmd).then(answered, rejected)
      // Only a new subscription helps.
      if (reply.kind === 'answered' && reply.code === NOT_SUBSCRIBED) session.end(reply.text)
      return reply
    },
    end: (why) => close({ kind: 'lost', why }),
  }
  const answered = ({ body }: { body?: unknown }): Reply => ({ kind: 'answered', code: 0, text: 'ok', body })
  const rejected = (thrown: unknown): Reply => {
    const { data } = refusal.safeParse(thrown)
    if (data) return { kind: 'answered', code: data.errcode, text: redact(data.errmsg, account.secret) }
    return { kind: 'lost', why: redact(messageOf(thrown), account.secret) }
  }

  client.on('connected', () => {
    const within = `${timing.authWithin / 1_000} s`
    deadline = setTimeout(
      () => session.end(`no answer to aibot_subscribe within ${within}`),
      timing.authWithin,
    )
  })
  client.on('authenticated', () => {
    clearTimeout(deadline)
    authenticated = true
    onReady()
  })
  client.on('message', (frame) => onPush(frame, session))
  client.on('event', (frame) => onPush(frame, session))
  // The server would keep the socket half alive for minutes. Ending it here also keeps the SDK from stripping it of
  // its error listener first.
  client.on('event.disconnected_event', () => close({ kind: 'kicked' }))
  client.on('error', (error) => {
    reason ??= readFault(error, account.secret)
    // The last word of the SDK, also where there never was a socket.
    if (/^Max (reconnect|auth failure) attempts/.test(error.message)) settle(reason)
  })
  client.on('disconnected', (why) =>
    settle({ kind: 'lost', why: `connection closed (${redact(why, account.secret)})` }),
  )
  client.connect()
  return session
}

/** The code stands in the text only (seen in the SDK), and where several addresses failed there is no text. */
function readFault(error: Error, secret: string): End {
  const why = redact(error.message, secret) || readNetworkError(error).text
  const code = /^Authentication failed: .*\(code: (-?\d+)\)$/s.exec(error.message)?.[1]
  return code === undefined ? { kind: 'lost', why } : { kind: 'refused', code: Number(code), why }
}

const messageOf = (thrown: unknown) =>
  thrown instanceof Error ? thrown.message : 'an answer that cannot be read'

/**
 * The SDK's further arguments and its debug lines hold whole frames, with `response_url` and what people wrote. What
 * it says of the connection is told by health, and only what it says of a single frame is news.
 */
function quietLogger(log: Log, secret: string) {
  const tell = (line: string) =>
    log[/message|frame/i.test(line) ? 'warn' : 'debug']({ from: 'sdk' }, redact(line, secret))
  const silent = () => {}
  return { debug: silent, info: silent, warn: tell, error: tell }
}
