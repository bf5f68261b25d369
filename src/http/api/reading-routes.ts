import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Console } from '../../engine/console/console.ts'
import { notHere, viewerOf } from './auth.ts'
import * as forms from './forms.ts'
import * as runForms from './run-forms.ts'

const READ = { tags: ['reading'] }
/** How far back is looked where nothing is said, ms. */
const DAY = 24 * 3_600_000
const place = z.string().max(200).optional()
const wanted = forms.paging.extend({
  site: place,
  room: place,
  group: place,
  search: z.string().max(200).optional().describe('stands in the name, site, room or id'),
})
const open = wanted.extend({
  cursor: z
    .string()
    .max(100)
    .regex(/^\d+(\.\d+)?-./, 'must be `next` of the page before')
    .optional()
    .describe('`next` of the page before'),
  breaker: z.string().max(64).optional(),
  severity: forms.severity.optional(),
})
const past = z.object({
  ended: z.coerce.number().int().min(0).max(50).default(10).describe('so many of the newest that have ended'),
})
const ms = z.coerce.number().int().min(0)
const history = z.object({
  breaker: z.string().max(64).optional(),
  room: place,
  from: ms.optional().describe('ms since 1970; left out: a day before `to`'),
  to: ms.optional().describe('left out: now'),
  limit: z.coerce.number().int().min(1).max(500).default(200),
  cursor: ms.optional().describe('`next` of the page before'),
})

/** What can be looked at; each only as far as the caller may see it. */
export function readingRoutes({ reading, runs, history: readHistory, now }: Console) {
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
          querystring: wanted,
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
          params: forms.byId,
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
      '/incidents',
      {
        schema: {
          ...READ,
          summary: 'Open incidents, newest first',
          querystring: open,
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
          params: forms.byId,
          response: forms.answers({ 200: forms.fullIncident, 404: forms.fault }),
        },
      },
      async (request, reply) =>
        (await reading.incident(viewerOf(request), request.params.id)) ?? notHere(reply),
    )
    app.get(
      '/runs',
      {
        schema: {
          ...READ,
          summary: 'Openings and closings of groups: those that go on, then the newest that have ended',
          querystring: past,
          response: forms.answers({ 200: runForms.runs }),
        },
      },
      (request) => runs.newest(viewerOf(request), request.query.ended),
    )
    app.get(
      '/runs/:id',
      {
        schema: {
          ...READ,
          summary: 'One of those, with what became of each circuit',
          params: forms.byId,
          response: forms.answers({ 200: runForms.fullRun, 404: forms.fault }),
        },
      },
      async (request, reply) => (await runs.run(viewerOf(request), request.params.id)) ?? notHere(reply),
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
