import type { Log } from '../domain/log.ts'
import { type Message, message } from '../domain/message.ts'
import { clockSentence, failureOf, type HttpAnswer, outcomeOf } from './answer.ts'
import type { Failure, Outcome } from './outcome.ts'
import { sign } from './sign.ts'
import { numberOf } from './values.ts'

export interface TransportOptions {
  appId: string
  appSecret: string
  /** `https://api.thingboot.com`, a private deployment, or a simulator. */
  baseUrl: string
  now: () => number
  timeoutMs: number
  log: Log
  /** Hears of each call when it is over; `ms`: how long it took. */
  heard?: Heard | undefined
}

export type Heard = (call: string, outcome: Outcome<unknown>, ms: number) => void

export interface Transport {
  /** One signed POST, never repeated. */
  call(path: string, body: object, signal?: AbortSignal): Promise<Outcome<unknown>>
  /** How far this machine's clock is ahead of the cloud's, ms. */
  ntp(): Promise<Outcome<number>>
}

/** The call by which contacts move. */
export const ORDERS = 'device/control'

/** An answer longer than this is not one of the cloud's, bytes. */
const MAX_ANSWER = 4 * 1024 * 1024

/** Calls by HTTP. Throws for a base URL that is none. */
export function createTransport(options: TransportOptions): Transport {
  const { appId, appSecret, now, timeoutMs, log, heard } = options
  const base = checkedBase(options.baseUrl)

  async function call(path: string, body: object, signal?: AbortSignal): Promise<Outcome<unknown>> {
    const started = performance.now()
    const ts = Math.floor(now() / 1000)
    const url = `${base}/${encodeURIComponent(appId)}/${path}/?sign=${sign(appSecret, ts)}&ts=${ts}`
    const answer = await exchange(url, post(body), signal)
    const outcome = 'ok' in answer ? answer : outcomeOf(answer)
    const told = outcome.ok ? outcome : await explained(outcome)
    const ms = Math.round(performance.now() - started)
    heard?.(path, told, performance.now() - started)
    // Orders are few; what is asked is asked all day.
    if (told.ok) log[path === ORDERS ? 'info' : 'debug']({ path, ms }, 'cloud call done')
    else log.warn({ path, ms, kind: told.kind, why: told.why.key, ...told.why.values }, 'cloud call failed')
    return told
  }

  async function explained(failure: Failure): Promise<Failure> {
    if (failure.kind === 'refused' && failure.code === 5003) {
      const skew = await ntp()
      return skew.ok ? { ...failure, why: clockSentence(skew.data) } : failure
    }
    return { ...failure, why: mapTexts(failure.why, withoutSecrets) }
  }

  /** The cloud's own text may quote what it was sent. */
  function withoutSecrets(text: string): string {
    return text
      .replaceAll(appSecret, '…')
      .replace(/\?\S+/g, '?…')
      .replace(/[0-9a-f]{32}/gi, '…')
  }

  async function ntp(): Promise<Outcome<number>> {
    const before = now()
    const answer = await exchange(`${base}/ntp/`, {}, undefined)
    if ('ok' in answer) return answer
    const time = answer.status === 200 ? cloudTime(answer.text) : undefined
    if (time === undefined)
      return { ok: false, kind: 'unknown', why: message('cloud.no-time', { status: String(answer.status) }) }
    return { ok: true, data: Math.round((before + now()) / 2 - time) }
  }

  async function exchange(
    url: string,
    init: RequestInit,
    signal?: AbortSignal,
  ): Promise<HttpAnswer | Failure> {
    const limit = AbortSignal.timeout(timeoutMs)
    const either = signal ? AbortSignal.any([limit, signal]) : limit
    try {
      // A followed redirect would carry the signature elsewhere and could repeat a command.
      const response = await fetch(url, { ...init, redirect: 'manual', signal: either })
      return { status: response.status, text: await readText(response) }
    } catch (error) {
      return failureOf(error, limit.aborted, timeoutMs / 1000)
    }
  }

  return { call, ntp }
}

/**
 * The body goes as a stream because `fetch` sends a body that it can read again a second time when the answer is 421,
 * and a command may leave only once.
 */
function post(body: object): RequestInit {
  const bytes = new Blob([JSON.stringify(body)])
  const headers = { 'content-type': 'application/json', 'content-length': String(bytes.size) }
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers,
    body: bytes.stream(),
    duplex: 'half',
  }
  return init
}

/** The same message with its plain texts changed. */
function mapTexts({ key, values = {} }: Message, change: (text: string) => string): Message {
  const changed = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? change(value) : value,
  ])
  return message(key, Object.fromEntries(changed))
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_ANSWER) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Plain text of 10 or 13 digits (documented). Whole seconds are on average half a second old. */
function cloudTime(text: string): number | undefined {
  const digits = text.trim()
  if (!/^(?:\d{10}|\d{13})$/.test(digits)) return undefined
  const time = numberOf(digits)
  return time === undefined || digits.length === 13 ? time : time * 1000 + 500
}

function checkedBase(baseUrl: string): string {
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? ''))
    throw new Error('thingboot.baseUrl is not an http(s) address')
  return baseUrl.replace(/\/+$/, '')
}
