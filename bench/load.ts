import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * A generator that costs little beside what it measures: requests are written by hand on kept connections, and of an
 * answer only its status and its end are looked at.
 */
export interface Connection {
  /** Posts JSON; resolves with the status when the answer is whole. One at a time. */
  post(body: string): Promise<number>
  /** False once the other side has closed it, as it does with one that nothing came over. */
  isOpen(): boolean
  close(): void
}

export async function connect(url: string): Promise<Connection> {
  const { hostname, port, pathname } = new URL(url)
  const socket = createConnection({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: `
  let waiting: PromiseWithResolvers<number> | undefined
  let came = ''

  socket.setEncoding('latin1').on('data', (text: string) => {
    came += text
    const end = came.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/content-length: (\d+)/i.exec(came)?.[1] ?? 0)
    if (came.length < end + 4 + length) return
    const status = Number(came.slice(9, 12))
    came = ''
    waiting?.resolve(status)
  })
  const fail = () => waiting?.reject(new Error('the connection was lost'))
  socket.on('error', fail)
  socket.on('close', fail)

  return {
    post(body) {
      waiting = Promise.withResolvers()
      socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
      return waiting.promise
    },
    isOpen: () => !socket.destroyed,
    close: () => socket.destroy(),
  }
}

/** Posts so many as fast as so many connections allow; answers with how long it took, ms. */
export async function saturate(target: Target, body: () => string, count: number, connections = 64) {
  const all = await connectMany(target, connections)
  const began = performance.now()
  let left = count
  const one = async (connection: Connection) => {
    while (left-- > 0) await postWell(connection, body())
  }
  await Promise.all(all.map(one))
  const took = performance.now() - began
  for (const connection of all) connection.close()
  return took
}

/** Posts all of them; answers with how long it took, ms. */
export function postAll(target: Target, bodies: readonly string[]): Promise<number> {
  const left = bodies.values()
  return saturate(target, () => left.next().value!, bodies.length)
}

/** One address, or several that share the load. */
export type Target = string | readonly string[]

async function connectMany(target: Target, count: number): Promise<Connection[]> {
  const urls = [target].flat()
  return Promise.all(Array.from({ length: count }, (_, index) => connect(urls[index % urls.length]!)))
}

async function postWell(connection: Connection, body: string): Promise<void> {
  const status = await connection.post(body)
  if (status !== 200) throw new Error(`answered ${status}`)
}

/** Posts as fast as so many connections allow for so long; answers with how many were answered and how long it took, ms. */
export async function saturateFor(target: Target, body: () => string, ms: number, connections = 64) {
  const all = await connectMany(target, connections)
  const began = performance.now()
  let done = 0
  const one = async (connection: Connection) => {
    for (; performance.now() < began + ms; done++) await postWell(connection, body())
  }
  await Promise.all(all.map(one))
  for (const connection of all) connection.close()
  return { count: done, took: performance.now() - began }
}

/**
 * Posts so many a second, evenly, whether the answers come or not; answers with the time from when each was due to its
 * answer, ms. `body` is told when it was due.
 */
export async function pace(
  target: Target,
  body: (due: number) => string,
  perSecond: number,
  ms: number,
): Promise<number[]> {
  const free = await connectMany(target, 128)
  const all = [...free]
  const times: number[] = []
  const began = performance.now()
  const running = new Set<Promise<void>>()
  const waiting: ((connection: Connection) => void)[] = []

  async function take(): Promise<Connection> {
    const connection = free.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)))
    if (connection.isOpen()) return connection
    const another = await connect([target].flat()[0]!)
    all.push(another)
    return another
  }

  async function one(due: number) {
    const connection = await take()
    await postWell(connection, body(due))
    times.push(performance.now() - due)
    const next = waiting.shift()
    if (next) next(connection)
    else free.push(connection)
  }

  const total = Math.round((perSecond * ms) / 1000)
  for (let sent = 0; sent < total; await delay(1)) {
    for (; sent < total && began + (sent * 1000) / perSecond <= performance.now(); sent++) {
      const run = one(began + (sent * 1000) / perSecond).finally(() => running.delete(run))
      running.add(run)
    }
  }
  await Promise.all(running)
  for (const connection of all) connection.close()
  return times
}
