import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Random } from './random.ts'

/** How many pushes reach two instances at the same time, as a proxy that gets impatient would have it. */
const MIRRORED = 0.05
/** What the cloud waits for an answer at most, ms. */
const ANSWER_WITHIN = 5000

/** Stands between the cloud and the instances. */
export interface Balancer {
  url: string
  close(): Promise<void>
}

/**
 * Hands each request to one of the instances at random. One that cannot be reached, does not answer or
 * cannot take it is passed over for the next, so a push may reach both: it must be acted upon once all the same.
 */
export async function startBalancer(instances: readonly string[], random: Random): Promise<Balancer> {
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming)
    const first = random.below(instances.length)
    const order = instances.map((_, index) => instances[(first + index) % instances.length]!)
    const ask = (instance: string) => askOne(`${instance}${incoming.url}`, incoming, body)
    const status = await (random.chance(MIRRORED) ? Promise.any(order.map(ask)) : firstOf(order, ask)).catch(
      () => undefined,
    )
    if (status === undefined) outgoing.destroy()
    else outgoing.writeHead(status).end()
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function firstOf(order: string[], ask: (instance: string) => Promise<number>): Promise<number> {
  for (const instance of order) {
    const status = await ask(instance).catch(() => undefined)
    if (status !== undefined) return status
  }
  throw new Error('no instance answers')
}

function askOne(url: string, { method, headers }: IncomingMessage, body: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const signal = AbortSignal.timeout(ANSWER_WITHIN)
  const asked = request(url, { method, headers, signal, agent: false }, (answer) => {
    answer.resume()
    const status = answer.statusCode!
    if (status < 500) resolve(status)
    else reject(new Error(`${url} answered ${status}`))
  })
  asked.on('error', reject)
  asked.end(body)
  return promise
}
