import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import type { ThingbootSim, ThingbootSimOptions } from '../../../src/simulator/thingboot/api.ts'
import { createThingbootSim } from '../../../src/simulator/thingboot/sim.ts'

export const APP = { appId: 'demoapp0001', appSecret: 'demo-app-secret-0001', debugKey: 'try-me' }

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** The documented formula, written again so that the simulator's own cannot vouch for itself. */
export const signed = (ts: number | string, secret = APP.appSecret) =>
  `sign=${md5(md5(secret) + ts)}&ts=${ts}`

export interface Received {
  contentType: string
  body: string
}

/** A receiver of pushes that answers with a status, or not at all. */
export async function startReceiver(respond: (nth: number) => number | 'never' = () => 200) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    received.push({ contentType: request.headers['content-type'] ?? '', body })
    const status = respond(received.length)
    if (status !== 'never') response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/push`,
    received,
    json: () => received.map((one) => JSON.parse(one.body)),
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** A simulator with one app, short delays and, unless told otherwise, one breaker 820720. */
export async function startSim(options: ThingbootSimOptions = {}): Promise<ThingbootSim> {
  const sim = await createThingbootSim({
    apps: [APP],
    devices: [{ id: 820720, name: '3号增氧机', load: 10 }],
    ...options,
    settings: { orderPushDelay: 20, rateLimit: false, ...options.settings },
  })
  onTestFinished(() => sim.close())
  return sim
}

/** A simulator whose pushes come to a receiver. */
export async function startBoth(options: ThingbootSimOptions = {}) {
  const receiver = await startReceiver()
  const sim = await startSim({ apps: [{ ...APP, pushUrl: receiver.url }], ...options })
  return { sim, receiver }
}

export const nowSeconds = (sim: ThingbootSim) => Math.floor(sim.clock.now() / 1000)

/** A signed call with a JSON body; the parsed reply. */
export async function call(sim: ThingbootSim, path: string, body: unknown) {
  const response = await fetch(`${sim.url}/${APP.appId}/${path}/?${signed(nowSeconds(sim))}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.json()
}

export const control = (sim: ThingbootSim, order: unknown, device: unknown = 820720) =>
  call(sim, 'device/control', { device, order })
