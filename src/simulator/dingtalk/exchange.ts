import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isObject, parseJson } from '../kit/json.ts'
import { type Form, readForm } from '../kit/multipart.ts'
import { type Answer, type Exchange, type Handler, Refusal, type Routes, refuse } from './answers.ts'
import type { Core } from './core.ts'
import type { DingTalkFault } from './faults.ts'
import { fields, isText } from './read.ts'

/** Puts the routes on the server, each logged and within reach of the faults. */
export function serve(server: FastifyInstance, core: Core, routes: Routes, clientOf: ClientOf): void {
  // Bodies are parsed here whatever their content type says: the two APIs answer bad ones differently.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
    done(null, parseJson(String(body))),
  )
  server.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) =>
      readForm(String(request.headers['content-type']), body).catch(() => undefined),
  )
  for (const [name, work] of Object.entries(routes)) {
    const [method = '', url = ''] = name.split(' ')
    server.route({ method, url, handler: (request, reply) => handle(request, reply, work) })
  }
  server.setNotFoundHandler((request, reply) =>
    handle(request, reply, () => refuse(404, 'InvalidAction.NotFound', `no such API: ${request.url}`)),
  )

  async function handle(request: FastifyRequest, reply: FastifyReply, work: Handler) {
    const exchange = read(request)
    const clientId = clientOf(exchange)
    if (clientId !== undefined) exchange.clientId = clientId
    const { method, path, query, body } = exchange
    const entry = core.record.request({ method, path, query, body, ...(clientId && { clientId }) })
    const fault = core.faults.hit(exchange)
    if (fault && 'undelivered' in fault) exchange.undelivered = fault.undelivered
    const answer = fault && !worksFirst(fault) ? NOTHING : attempt(work, exchange)
    if (fault && 'latency' in fault) await core.timers.sleep(fault.latency)
    const sent = send(reply, answer, fault)
    if (sent) Object.assign(entry, { status: sent.status, answer: sent.body })
    return reply
  }
}

/** Which app a request comes from, as far as it says. */
export type ClientOf = (exchange: Exchange) => string | undefined

const NOTHING: Answer = { status: 200, body: {} }

const worksFirst = (fault: DingTalkFault): boolean =>
  'latency' in fault || 'undelivered' in fault || fault.done === true

function attempt(work: Handler, exchange: Exchange): Answer {
  try {
    return work(exchange)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}

function read(request: FastifyRequest): Exchange {
  const query = Object.entries(fields(request.query)).filter((pair): pair is [string, string] =>
    isText(pair[1]),
  )
  const common = {
    method: request.method,
    path: request.url.split('?')[0] ?? '',
    query: Object.fromEntries(query),
    headers: request.headers,
  }
  if (!isForm(request.body)) return { ...common, body: request.body }
  const { values, files } = request.body
  const sizes = [...files].map(([field, { name, bytes }]) => [field, { file: name, bytes: bytes.length }])
  return { ...common, body: { ...values, ...Object.fromEntries(sizes) }, files }
}

const isForm = (body: unknown): body is Form => isObject(body) && body.files instanceof Map

/** Sends the answer as far as the fault lets it through; returns what was sent in whole. */
function send(reply: FastifyReply, answer: Answer, fault: DingTalkFault | undefined): Answer | undefined {
  if (fault && ('hang' in fault || 'reset' in fault)) {
    reply.hijack()
    if ('reset' in fault) reset(reply.raw, fault.reset, answer)
    return undefined
  }
  const shown = fault && 'answer' in fault ? fault.answer : answer
  reply
    .code(shown.status)
    .type(shown.contentType ?? 'application/json')
    .send(serialize(shown))
  return shown
}

const serialize = ({ body }: Answer): string => (isText(body) ? body : JSON.stringify(body))

function reset(response: ServerResponse, at: 'before' | 'body', answer: Answer): void {
  const cut = () => response.socket?.resetAndDestroy()
  if (at === 'before') return void cut()
  const body = Buffer.from(serialize(answer))
  response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': body.length })
  response.write(body.subarray(0, body.length / 2), () => setImmediate(cut))
}
