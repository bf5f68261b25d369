import http from 'node:http'
import https from 'node:https'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { SocksProxyAgent } from 'socks-proxy-agent'
import { Telegraf } from 'telegraf'
import { createCuts } from '../kit/cuts.ts'
import { type ApiResult, readFault } from './faults.ts'

export interface ClientOptions {
  token: string
  /** For example `https://api.telegram.org`; a path in front of `/bot…` is kept. */
  apiRoot: string
  /** `http://`, `https://` or `socks5://` (also 4, 4a, 5h), with credentials where needed. */
  proxy: string | null
  /** ms that a call may take. */
  callTimeout: number
}

/** The Bot API through telegraf: one attempt a call, with a deadline, and errors as values. */
export interface Client {
  /** telegraf as a router of updates. Neither launched nor given anything to send. */
  readonly bot: Telegraf
  /** Aborted by {@link close}. */
  readonly stopped: AbortSignal
  /** Never rejects. `hold` is how long Telegram may let the answer wait on purpose, ms. */
  call(method: string, payload: object, hold?: number): Promise<ApiResult>
  /** Breaks off the calls that are under way, lets no more leave and closes all connections. */
  close(): void
}

type CallApi = (method: string, payload: object, options: { signal: AbortSignal }) => Promise<unknown>

/** An idle connection may have died unseen behind a router, and a send through it would time out (our choice, ms). */
const IDLE_CONNECTION = 10_000

/** Throws a TypeError for a `proxy` or `apiRoot` that is no URL or of an unknown kind. */
export function createClient({ token, apiRoot, proxy, callTimeout }: ClientOptions): Client {
  // Without the slash at the end telegraf drops the root's last path segment (tried).
  const root = apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`
  const agent = createAgent(new URL(root), proxy)
  const bot = new Telegraf(token, {
    handlerTimeout: Number.POSITIVE_INFINITY,
    telegram: { apiRoot: root, webhookReply: false },
  })
  // The constructor throws an agent away when the root is http:// (seen in telegraf), and with it the way to close its sockets.
  bot.telegram.options.agent = onlyFor(new URL(root), agent)
  // telegraf's types stop at Bot API 7.1; methods and fields that it does not know go through unchanged (tried).
  const callApi = bot.telegram.callApi.bind(bot.telegram) as unknown as CallApi
  const stop = new AbortController()
  const cuts = createCuts()

  return {
    bot,
    stopped: stop.signal,
    async call(method, payload, hold = 0) {
      if (stop.signal.aborted) return { ok: false, fault: { kind: 'unreached', text: 'stopped' } }
      const cut = cuts.begin(hold + callTimeout)
      try {
        return { ok: true, result: await callApi(method, payload, { signal: cut.signal }) }
      } catch (error) {
        return { ok: false, fault: readFault(error, token) }
      } finally {
        cut.done()
        // Frees the socket of an answer ≥ 500, whose body telegraf leaves unread.
        cut.abort()
      }
    },
    close() {
      stop.abort()
      cuts.abort()
      agent.destroy()
    },
  }
}

/**
 * node-fetch asks such a function for each address, also for those that it is redirected to: what we say to Telegram goes
 * nowhere else. (telegraf hands it through, and its types do not know of it.)
 */
function onlyFor(root: URL, agent: http.Agent): http.Agent {
  const agentFor = ({ protocol, host }: { protocol: string; host: string }) => {
    if (protocol === root.protocol && host === root.host) return agent
    throw new Error('the answer leads to another host, and is not followed')
  }
  return agentFor as unknown as http.Agent
}

function createAgent(root: URL, proxy: string | null): http.Agent {
  const options = { keepAlive: true, keepAliveMsecs: IDLE_CONNECTION, timeout: IDLE_CONNECTION }
  if (proxy === null) return root.protocol === 'http:' ? new http.Agent(options) : new https.Agent(options)
  const { protocol } = new URL(proxy)
  if (protocol === 'http:' || protocol === 'https:') return new HttpsProxyAgent(proxy, options)
  if (protocol.startsWith('socks')) return new SocksProxyAgent(proxy, options)
  throw new TypeError(`telegram: proxy must begin with http://, https:// or socks5://, not ${protocol}//`)
}
