import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Console } from '../engine/console/console.ts'
import { cookieName, cookieOptions, isOwnOrigin, keepNothing, localeOf } from './api/auth.ts'
import { limited } from './api/index.ts'
import { consoleFiles, consolePage } from './console-files.ts'
import { errorPage, goOnPage, STYLE, signInPage, waitPage } from './console-pages.ts'

export interface ConsoleParts {
  console: Console
  publicUrl: string | undefined
}

/** Tries from one address in a minute. */
const TRIES = 10
const MAX_FORM = 4 * 1024

/** Nothing from elsewhere, nothing inline, in nobody’s frame; and no address with a code told to others. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
}

/** Signing in to the console and out of it. A link is used up by the button on its page, not by looking at it. */
export function consoleRoutes(parts: ConsoleParts) {
  const { console, publicUrl } = parts
  const { sessions, callers } = console
  const name = cookieName(publicUrl)
  const words = (request: FastifyRequest) => console.words(localeOf(request, console.locale()))

  async function personOf(request: FastifyRequest) {
    const token = request.cookies[name]
    const caller = token && console.isReady() ? await sessions.callerOf(token) : undefined
    const person = caller && callers.personOf(caller)
    return person && { caller, person }
  }

  const show = (reply: FastifyReply, page: string, status = 200) =>
    reply.code(status).type('text/html; charset=utf-8').send(page)

  async function signIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const w = words(request)
    if (!isOwnOrigin(request.headers.origin, publicUrl))
      return show(reply, errorPage(w, 'console.page.foreign'), 403)
    if (!console.isReady()) return show(reply, errorPage(w, 'console.page.starting'), 503)
    const session = await sessions.take(codeIn(request.body))
    if (!session) return show(reply, errorPage(w, 'console.page.used'), 403)
    // Nobody looks at what the browser had before.
    const before = await personOf(request)
    if (before) await sessions.end(before.caller, before.person.name)
    reply.setCookie(name, session.token, { ...cookieOptions(publicUrl), expires: new Date(session.until) })
    return reply.redirect('/console', 303)
  }

  async function signOut(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const w = words(request)
    if (!isOwnOrigin(request.headers.origin, publicUrl))
      return show(reply, errorPage(w, 'console.page.foreign'), 403)
    const found = await personOf(request)
    if (found) await sessions.end(found.caller, found.person.name)
    reply.clearCookie(name, cookieOptions(publicUrl))
    return show(reply, errorPage(w, 'console.page.signed-out'))
  }

  /** Who tries too often is told so as they read: a page in a browser. All else is told as Fastify does. */
  function explain(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const isRead = request.headers.accept?.includes('text/html')
    if (error.statusCode !== 429 || !isRead) throw error
    return show(reply, waitPage(words(request), Number(reply.getHeader('retry-after'))), 429)
  }

  return async (app: FastifyInstance): Promise<void> => {
    await app.register(cookie)
    await app.register(rateLimit, { ...limited(TRIES), global: false })
    keepNothing(app)
    app.setErrorHandler(explain)
    app.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS))
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_FORM },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    )
    await app.register(consoleFiles)
    const page = await consolePage()
    const few = { config: { rateLimit: limited(TRIES) } }

    app.get('/console/style.css', async (_request, reply) =>
      reply.header('cache-control', 'max-age=3600').type('text/css; charset=utf-8').send(STYLE),
    )
    app.get<{ Querystring: { code?: unknown } }>('/console/sign-in', few, async (request, reply) => {
      const { code } = request.query
      return typeof code === 'string'
        ? show(reply, signInPage(words(request), code))
        : show(reply, goOnPage(words(request)), 400)
    })
    app.post('/console/sign-in', few, signIn)
    app.post('/console/sign-out', few, signOut)
    // The same for everybody: a link in another site's page brings no cookie along, and what is asked from here does.
    app.get('/console', async (_request, reply) => show(reply, page))
  }
}

const codeIn = (body: unknown): string => (body instanceof URLSearchParams ? (body.get('code') ?? '') : '')
