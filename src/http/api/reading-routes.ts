import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Console } from '../../engine/console/console.ts'
import { notHere, refuse, viewerOf } from './auth.ts'
import * as forms from './forms.ts'

const READ = { tags: ['reading'] }
/** How far back is looked where nothing is said, ms. */
const DAY = 24 * 3_600_000
const ofBreaker = z.object({ id: z.string().max(64) })
const minutes = z.object({ minutes: z.coerce.number().int().min(1).max(60).default(10) })
const place = z.string().max(200).optional()
const fleet = forms.paging.extend({ site: place, room: place, group: place })
const ms = z.coerce.number().int().min(0)
const history = z.object({
  breaker: z.string().max(64).optional(),
  room: place,
  from: ms.optional().describe('ms since 1970; left out: a day before `to`'),
  to: ms.optional().describe('left out: now'),
  limit: z.coerce.number().int().min(1).max(500).default(200),
  cursor: ms.optional().describe('`next` of the page before'),
})

const used = z.object({
  by: z.enum(['hour', 'day']).default('hour'),
  from: ms.optional().describe('left out: a day before `to`, by day 31'),
  to: ms.optional().describe('left out: now'),
})
/** How far back energy goes where nothing is said, and how far at most, ms. */
const USUAL = { hour: DAY, day: 31 * DAY }
const LONGEST = { hour: 62 * DAY, day: 800 * DAY }

/** What can be looked at; each only as far as the caller may see it. */
export function readingRoutes({ reading, energy, history: readHistory, now }: Console) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.get(
      '/me',
      {
        schema: {
          ...READ,
          summary: 'Who I am, and what I may do',
          response: forms.answers({ 200: forms.me }),
        },
      },
      (request) => reading.me(viewerOf(request)),
    )
    app.get(
      '/breakers',
      {
        schema: {
          ...READ,
          summary: 'Breakers: state, load, last report, and what keeps each from being closed',
          querystring: fleet,
          response: forms.answers({ 200: forms.breakersPage }),
        },
      },
      (request) => reading.breakers(viewerOf(request), request.query),
    )
    app.get(
      '/breakers/:id',
      {
        schema: {
          ...READ,
          summary: 'One breaker',
          params: ofBreaker,
          response: forms.answers({ 200: forms.breaker, 404: forms.fault }),
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request)
        const config = reading.find(viewer, request.params.id)
        return config ? reading.breaker(viewer, config) : notHere(reply)
      },
    )
    app.get(
      '/breakers/:id/samples',
      {
        schema: {
          ...READ,
          summary: 'What a breaker measured in the last minutes, oldest first',
          params: ofBreaker,
          querystring: minutes,
          response: forms.answers({ 200: forms.samples, 404: forms.fault }),
        },
      },
      async (request, reply) => {
        const config = reading.find(viewerOf(request), request.params.id)
        return config ? reading.samples(config, request.query.minutes) : notHere(reply)
      },
    )
    app.get(
      '/breakers/:id/energy',
      {
        schema: {
          ...READ,
          summary: 'What a breaker used, by hour or day, oldest first',
          params: ofBreaker,
          querystring: used,
          response: forms.answers({ 200: forms.energy, 404: forms.fault }),
        },
      },
      async (request, reply) => {
        const config = reading.find(viewerOf(request), request.params.id)
        const { by, to = now(), from = to - USUAL[by] } = request.query
        if (!config) return notHere(reply)
        if (to < from || to - from > LONGEST[by])
          return refuse(reply, 400, 'INVALID', `by ${by}, from and to may be ${LONGEST[by] / DAY} days apart`)
        return energy(config, { by, from, to })
      },
    )
    app.get(
      '/incidents',
      {
        schema: {
          ...READ,
          summary: 'Open incidents, newest first',
          querystring: forms.paging,
          response: forms.answers({ 200: forms.incidentsPage }),
        },
      },
      (request) => reading.incidents(viewerOf(request), request.query),
    )
    app.get(
      '/incidents/:id',
      {
        schema: {
          ...READ,
          summary: 'One incident with its story, also when it is over',
          params: ofBreaker,
          response: forms.answers({ 200: forms.fullIncident, 404: forms.fault }),
        },
      },
      async (request, reply) =>
        (await reading.incident(viewerOf(request), request.params.id)) ?? notHere(reply),
    )
    app.get(
      '/history',
      {
        schema: {
          ...READ,
          summary: 'Who did what, from the audit, oldest first',
          querystring: history,
          response: forms.answers({ 200: forms.historyPage }),
        },
      },
      (request) => {
        const { to = now(), from = to - DAY, ...rest } = request.query
        return readHistory(viewerOf(request), { ...rest, from, to })
      },
    )
    app.get(
      '/channels',
      {
        schema: {
          ...READ,
          summary: 'How the chat platforms are connected',
          response: forms.answers({ 200: forms.channels }),
        },
      },
      async (request) => reading.channels(viewerOf(request)),
    )
    app.get(
      '/rooms',
      {
        schema: {
          ...READ,
          summary: 'Rooms, and who is on duty there',
          response: forms.answers({ 200: forms.rooms }),
        },
      },
      (request) => reading.rooms(viewerOf(request)),
    )
    app.get(
      '/people',
      {
        schema: {
          ...READ,
          summary: 'People and their roles; who is no admin sees only themselves',
          response: forms.answers({ 200: forms.people }),
        },
      },
      async (request) => reading.people(viewerOf(request)),
    )
  }
}
