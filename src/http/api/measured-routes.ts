import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Console } from '../../engine/console/console.ts'
import { notHere, refuse, viewerOf } from './auth.ts'
import * as forms from './forms.ts'
import * as measuredForms from './measured-forms.ts'

const DAY = 24 * 3_600_000
const ms = z.coerce.number().int().min(0)
const minutes = z.object({ minutes: z.coerce.number().int().min(1).max(60).default(10) })

/** How far back is looked where nothing is said, and how far at most, ms. */
const USUAL = { minute: DAY, hour: 7 * DAY, day: 31 * DAY }
const LONGEST = { minute: 2 * DAY, hour: 62 * DAY, day: 800 * DAY }
const to = ms.optional().describe('left out: now')
const load = z.object({
  by: z.enum(['minute', 'hour', 'day']).default('minute'),
  from: ms.optional().describe('left out: a day before `to`, by hour 7, by day 31'),
  to,
})
const used = z.object({
  by: z.enum(['hour', 'day']).default('hour'),
  from: ms.optional().describe('left out: a day before `to`, by day 31'),
  to,
})

/** What a breaker has measured. */
export function measuredRoutes({ reading, energy, load: readLoad, now }: Console) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    const schema = { tags: ['reading'], params: forms.byId }

    app.get(
      '/breakers/:id/samples',
      {
        schema: {
          ...schema,
          summary: 'What a breaker measured in the last minutes, oldest first',
          querystring: minutes,
          response: forms.answers({ 200: measuredForms.samples, 404: forms.fault }),
        },
      },
      async (request, reply) => {
        const config = reading.find(viewerOf(request), request.params.id)
        return config ? reading.samples(config, request.query.minutes) : notHere(reply)
      },
    )
    app.get(
      '/breakers/:id/load',
      {
        schema: {
          ...schema,
          summary:
            'What a breaker carried, by minute, hour or day, oldest first; without what was not measured',
          querystring: load,
          response: forms.answers({ 200: measuredForms.load, 404: forms.fault }),
        },
      },
      async (request, reply) => {
        const config = reading.find(viewerOf(request), request.params.id)
        if (!config) return notHere(reply)
        const { by, to = now(), from = to - USUAL[by] } = request.query
        return isTooLong(by, from, to)
          ? refuse(reply, 400, 'INVALID', bounds(by))
          : readLoad(config, { by, from, to })
      },
    )
    app.get(
      '/breakers/:id/energy',
      {
        schema: {
          ...schema,
          summary: 'What a breaker used, by hour or day, oldest first',
          querystring: used,
          response: forms.answers({ 200: measuredForms.energy, 404: forms.fault }),
        },
      },
      async (request, reply) => {
        const config = reading.find(viewerOf(request), request.params.id)
        if (!config) return notHere(reply)
        const { by, to = now(), from = to - (by === 'hour' ? DAY : USUAL.day) } = request.query
        return isTooLong(by, from, to)
          ? refuse(reply, 400, 'INVALID', bounds(by))
          : energy(config, { by, from, to })
      },
    )
  }
}

const isTooLong = (by: keyof typeof LONGEST, from: number, to: number): boolean =>
  to < from || to - from > LONGEST[by]

const bounds = (by: keyof typeof LONGEST): string =>
  `by ${by}, from and to may be ${LONGEST[by] / DAY} days apart`
