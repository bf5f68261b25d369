import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultScript } from '../kit/faults.ts'
import type { ApiCall, TelegramFault } from './api.ts'
import { ApiError, describe, type ErrorParameters } from './errors.ts'
import { findMethod } from './methods/index.ts'
import type { Params } from './params.ts'
import type { Bot, World } from './world.ts'

export interface Exchange {
  /** A call that came over HTTP: logged, hit by faults, answered. */
  answer(bot: Bot, method: string, params: Params, response: ServerResponse): Promise<void>
  /** A call that came in the answer to a webhook push; nobody hears its result (documented). */
  perform(bot: Bot, method: string, params: Params): Promise<void>
}

interface Reply {
  status: number
  body: string
  contentType: string
  description?: string
  /** Seconds. */
  retryAfter?: number
}

/** What to do with the connection instead of answering. */
type Broken = 'reset' | 'hang'

export function createExchange(
  world: World,
  calls: ApiCall[],
  faults: FaultScript<ApiCall, TelegramFault>,
): Exchange {
  function record(bot: Bot, method: string, params: Params): ApiCall {
    const call: ApiCall = {
      n: calls.length + 1,
      at: world.clock.now(),
      bot: bot.user.id,
      method: findMethod(method)?.name ?? method,
      payload: params.payload(),
    }
    calls.push(call)
    return call
  }

  function finish(call: ApiCall, status: number, description?: string) {
    call.status = status
    call.answeredAt = world.clock.now()
    if (description !== undefined) call.description = description
  }

  async function answer(bot: Bot, method: string, params: Params, response: ServerResponse) {
    const call = record(bot, method, params)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const fault = faults.hit(call)
    if (fault) call.fault = fault
    const run = () => runMethod(world, bot, method, params, gone.signal)
    const reply = fault ? await withFault(fault, run) : await run()
    if (reply === 'reset') response.socket?.resetAndDestroy()
    if (reply === 'reset' || reply === 'hang') return finish(call, 0)
    finish(call, reply.status, reply.description)
    await write(response, reply, fault?.kind === 'slow' ? fault : undefined)
  }

  return {
    answer,
    async perform(bot, method, params) {
      const call = record(bot, method, params)
      const reply = await runMethod(world, bot, method, params, new AbortController().signal)
      finish(call, reply.status, reply.description)
    },
  }
}

async function withFault(fault: TelegramFault, run: () => Promise<Reply>): Promise<Reply | Broken> {
  switch (fault.kind) {
    case 'error':
      return errorReply(fault.code, fault.description, fault.parameters)
    case 'body':
      if (fault.done) await run()
      return { ...fault, contentType: fault.contentType ?? 'text/plain' }
    case 'truncated': {
      const reply = await run()
      return { ...reply, body: reply.body.slice(0, reply.body.length / 2) }
    }
    case 'reset':
      if (fault.when === 'after') await run()
      return 'reset'
    case 'hang':
      if (fault.done) await run()
      return 'hang'
    case 'slow':
      return run()
  }
}

async function runMethod(
  world: World,
  bot: Bot,
  name: string,
  params: Params,
  signal: AbortSignal,
): Promise<Reply> {
  let description: string | undefined
  try {
    const method = findMethod(name)
    if (!method) throw new ApiError(404, 'Method not found')
    const result = await method.run({
      world,
      bot,
      params,
      signal,
      describe(text) {
        description = text
      },
    })
    const body = JSON.stringify({ ok: true, result, ...(description && { description }) })
    return { status: 200, contentType: 'application/json', body, ...(description && { description }) }
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error.code, error.message, error.parameters)
    return errorReply(500, describe(500, error instanceof Error ? `Simulator: ${error.message}` : ''))
  }
}

/** An error as the official server writes it: the HTTP status is the error's code, a 429 has a header too. */
export function errorReply(code: number, description: string, parameters: ErrorParameters = {}): Reply {
  const known = Object.keys(parameters).length > 0
  return {
    status: code,
    contentType: 'application/json',
    body: JSON.stringify({ ok: false, error_code: code, description, ...(known && { parameters }) }),
    description,
    ...(parameters.retry_after !== undefined && { retryAfter: parameters.retry_after }),
  }
}

/** Writes a reply, late or byte by byte where a fault says so. */
export async function write(
  response: ServerResponse,
  { status, body, contentType, retryAfter }: Reply,
  slow?: Extract<TelegramFault, { kind: 'slow' }>,
): Promise<void> {
  if (slow && !slow.drip) await sleep(slow.ms, undefined, { ref: false })
  if (response.destroyed) return
  const bytes = Buffer.from(body)
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter)
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length })
  if (slow?.drip) await drip(response, bytes, slow.ms)
  else response.write(bytes)
  response.end()
}

async function drip(response: ServerResponse, bytes: Buffer, ms: number) {
  for (const byte of bytes) {
    if (response.destroyed) return
    response.write(Buffer.of(byte))
    await sleep(ms / bytes.length, undefined, { ref: false })
  }
}
