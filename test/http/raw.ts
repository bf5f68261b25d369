import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { closeServer, listenOn } from '../../src/http/server.ts'
import { until } from '../support/until.ts'
import type { serverFor } from './support.ts'

/** A server on loopback, spoken to byte by byte. */
export interface Raw {
  url: string
  port: number
  /** Opens a connection and writes what is given; what comes back is gathered. */
  open(first?: string | Uint8Array): Promise<Talk>
}

export interface Talk {
  socket: Socket
  heard(): string
  /** What came, once the server has closed the connection. */
  ended(): Promise<string>
  /** What came, once a whole answer without a body of unknown length is there. */
  answered(): Promise<string>
}

export async function listening({ app }: ReturnType<typeof serverFor>): Promise<Raw> {
  const url = await listenOn(app, { host: '127.0.0.1', port: 0 })
  onTestFinished(() => closeServer(app))
  const port = Number(new URL(url).port)
  return {
    url,
    port,
    async open(first) {
      const socket = connect(port, '127.0.0.1')
      const chunks: Buffer[] = []
      socket.on('data', (chunk) => chunks.push(chunk))
      // A server that lets go in the middle of something resets the connection.
      socket.on('error', () => {})
      const closed = new Promise((resolve) => socket.once('close', resolve))
      onTestFinished(() => void socket.destroy())
      await once(socket, 'connect')
      if (first !== undefined) socket.write(first)
      const heard = () => Buffer.concat(chunks).toString('latin1')
      return {
        socket,
        heard,
        async ended() {
          await closed
          return heard()
        },
        answered: () => until(() => /^HTTP\/1\.1 \d+.*?\r\n\r\n/s.test(heard()) && heard(), 'an answer'),
      }
    },
  }
}

/** The status of the first answer, or what came in its place. */
export const statusOf = (text: string): number | string => {
  const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1]
  return status === undefined ? text : Number(status)
}

export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))
