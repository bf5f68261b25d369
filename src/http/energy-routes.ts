import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'

export interface EnergyParts {
  /** The table that an address stands for, piece by piece. */
  energyTable?: (query: Record<string, string>) => AsyncIterable<string> | 'expired' | undefined
}

/** So many tables are made at a time: each reads months of values, and pushes come first. */
const AT_ONCE = 2

/** Tables of energy, for whoever has an address that was made for one: nothing can be had without. */
export function energyRoutes({ energyTable }: EnergyParts) {
  return async (app: FastifyInstance): Promise<void> => {
    let underWay = 0
    app.get('/energy.csv', async (request, reply) => {
      const table = energyTable?.(texts(request.query))
      if (table === 'expired')
        return reply
          .code(410)
          .send({ error: 'EXPIRED', message: 'this address has run out: ask for another in the chat' })
      if (table === undefined)
        return reply
          .code(403)
          .send({ error: 'FORBIDDEN', message: 'this address was not made here: ask for one in the chat' })
      if (underWay >= AT_ONCE)
        return reply
          .code(503)
          .header('retry-after', '10')
          .send({ error: 'BUSY', message: 'other tables are being made: try again in some seconds' })
      underWay++
      const body = Readable.from(table).once('close', () => underWay--)
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="energy.csv"')
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .send(body)
    })
  }
}

/** Of what stands twice, nothing: no address that was made here has it. */
const texts = (query: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
