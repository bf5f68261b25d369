import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Console } from '../../engine/console/console.ts'
import { type AuthParts, cookieName, cookieOptions, notHere, refuse, viewerOf } from './auth.ts'
import * as deedForms from './deed-forms.ts'
import * as forms from './forms.ts'

const schema = { tags: ['session'] }

/** Signing out: of one session, or of all that somebody has. */
export function sessionRoutes({ console, publicUrl }: AuthParts & { console: Console }) {
  const { sessions, callers } = console
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.delete(
      '/session',
      {
        schema: {
          ...schema,
          summary: 'Sign out',
          response: forms.answers({ 200: deedForms.ended, 409: forms.fault }),
        },
      },
      async (request, reply) => {
        const { caller, person } = viewerOf(request)
        if (caller.via === 'api') return refuse(reply, 409, 'NO_SESSION', 'a program has no session')
        await sessions.end(caller, person.name)
        reply.clearCookie(cookieName(publicUrl), cookieOptions(publicUrl))
        return { ended: 1 }
      },
    )
    app.delete(
      '/people/:name/sessions',
      {
        schema: {
          ...schema,
          summary: 'End all sign-ins of somebody: one’s own, or as an admin anybody’s',
          params: z.object({ name: z.string().min(1).max(200) }),
          response: forms.answers({ 200: deedForms.ended, 404: forms.fault }),
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request)
        const { name } = request.params
        if (!callers.mayEnd(viewer, name)) return notHere(reply)
        return { ended: await sessions.endOf(name, viewer.person.name) }
      },
    )
  }
}
