import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { parseJson } from '../kit/json.ts'
import type { Gate, Incoming, Outgoing } from './gate.ts'
import type { SimSettings } from './settings.ts'
import type { World } from './world.ts'

const HTML = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'

/** Which 4xx a refusal gets under `errorStatus: '4xx'` (invented: the HTTP status of errors is unknown). */
function statusOf(code: number, settings: SimSettings): number {
  if (code === 200 || settings.errorStatus === 200) return 200
  if (code === settings.rateCode) return 429
  if (code >= 5001 && code <= 5007) return 401
  return code === settings.unknownDeviceCode ? 404 : 400
}

/** JSON whatever the header says, else form fields; undefined if it claims to be JSON and is not. */
function readBody(request: FastifyRequest): Record<string, unknown> | undefined {
  const text = typeof request.body === 'string' ? request.body.trim() : ''
  if (text === '') return {}
  const isJson = request.headers['content-type']?.includes('json') ?? false
  // A public caller posts JSON text under the form type, so the text decides before the header does.
  if (!isJson && !text.startsWith('{')) return Object.fromEntries(new URLSearchParams(text))
  const parsed = parseJson(text)
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined
}

/** `/{AppID}/{path}/?…`, with or without the last slash. */
function readCall(request: FastifyRequest): Incoming {
  const { pathname, searchParams } = new URL(request.url, 'http://sim')
  const [appId = '', ...path] = pathname.split('/').filter((part) => part !== '')
  const query = Object.fromEntries(searchParams)
  const { sign: _sign, ts: _ts, debug: _debug, ...others } = query
  const body = readBody(request)
  return { via: 'http', appId, path: path.join('/'), query, params: body && { ...others, ...body } }
}

async function send(reply: FastifyReply, { fault, answer }: Outgoing, world: World) {
  switch (fault?.kind) {
    case 'hang':
      return reply.hijack()
    case 'reset':
      reply.hijack()
      reply.raw.destroy()
      return reply
    case 'status':
      return reply.code(fault.status).type('text/html').send(HTML)
    case 'html':
      return reply.type('text/html').send(HTML)
    case 'garbage':
      return reply.type('application/json').send('{"code":200,"ms')
    case 'slow':
      await world.outbox.pause(fault.ms)
  }
  return reply.code(statusOf(answer.code, world.settings)).send(answer)
}

/** The cloud's HTTP side, not yet listening. */
export function createHttp(world: World, gate: Gate): FastifyInstance {
  const server = fastify({ forceCloseConnections: true, bodyLimit: 1024 * 1024 })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  const time = (_request: FastifyRequest, reply: FastifyReply) =>
    reply.type('text/plain').send(String(world.clock.now()))
  server.get('/ntp', time)
  server.get('/ntp/', time)

  server.route({
    method: ['GET', 'POST'],
    url: '/*',
    handler: (request, reply) => send(reply, gate.enter(readCall(request)), world),
  })
  return server
}
