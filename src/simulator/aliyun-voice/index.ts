import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { createClock } from '../kit/clock.ts'
import { createFaultScript } from '../kit/faults.ts'
import type { AliyunVoiceSim, AliyunVoiceSimOptions, VoiceFault, VoiceRequest } from './api.ts'
import { createCalls } from './call.ts'
import { Refusal } from './refusal.ts'
import { createGate } from './signature.ts'

export type * from './api.ts'
export { DOCUMENTED_LIMITS } from './call.ts'

/**
 * Starts a voice service of Aliyun's own kind on 127.0.0.1: SingleCallByTts of the API 2017-05-25, signed in the RPC
 * style. It encodes what is documented; it proves nothing about the real one.
 */
export async function createAliyunVoiceSim(options: AliyunVoiceSimOptions): Promise<AliyunVoiceSim> {
  const clock = options.clock ?? createClock()
  const gate = createGate(options.keys, clock)
  const { calls, take } = createCalls(options, clock)
  const faults = createFaultScript<VoiceRequest, VoiceFault>()
  const requests: VoiceRequest[] = []
  const drips = new Set<NodeJS.Timeout>()

  function work({ method, params }: VoiceRequest): Answer {
    try {
      gate(method, params)
      if (params.Action !== 'SingleCallByTts')
        throw new Refusal(404, 'InvalidAction.NotFound', 'no such action')
      if (params.Version !== '2017-05-25') throw new Refusal(400, 'InvalidVersion', 'no such version')
      return answerOf(200, 'OK', 'OK', { CallId: take(params).id })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return answerOf(error.status, error.code, error.message)
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = await readRequest(request)
    requests.push(read)
    const fault = faults.hit(read)
    const answer = fault && !fault.done ? answerOf(200, 'OK', 'OK') : work(read)
    if (fault) hurt(response, fault, answer)
    else send(response, answer)
  }

  function hurt(response: ServerResponse, fault: VoiceFault, answer: Answer): void {
    if ('hang' in fault) return
    if ('answer' in fault) {
      send(response, fault.answer)
      return
    }
    const body = JSON.stringify(answer.body)
    if ('reset' in fault) {
      if (fault.reset === 'before') return void response.socket?.resetAndDestroy()
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
      response.write(body.slice(0, body.length / 2), () =>
        setImmediate(() => response.socket?.resetAndDestroy()),
      )
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    const drip = setInterval(() => response.write(' '), fault.drip)
    drips.add(drip)
    response.on('close', () => clearInterval(drip))
  }

  const server = createServer(
    (request, response) => void handle(request, response).catch(() => response.destroy()),
  )
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const sockets = new Set<object>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    clock,
    faults,
    calls,
    requests,
    connections: () => sockets.size,
    async close() {
      for (const drip of drips) clearInterval(drip)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Answer {
  status: number
  body: unknown
  contentType?: string
}

const answerOf = (status: number, Code: string, Message: string, more: object = {}): Answer => ({
  status,
  body: { RequestId: randomUUID().toUpperCase(), Code, Message, ...more },
})

function send(response: ServerResponse, { status, body, contentType = 'application/json' }: Answer): void {
  response.writeHead(status, { 'content-type': contentType })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Parameters stand in the address, in a form, or in both. */
async function readRequest(request: IncomingMessage): Promise<VoiceRequest> {
  const query = new URL(request.url ?? '/', 'http://here').searchParams
  const form = new URLSearchParams(await text(request))
  return { method: request.method ?? '', params: Object.fromEntries([...query, ...form]) }
}
