import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, callerName, type Viewer } from '../../engine/console/caller.ts'
import type { Console } from '../../engine/console/console.ts'

/** What a form or a link of another site cannot send: asked for with the cookie wherever something is done. */
export const CSRF_HEADER = 'x-breakerbot'

const callers = new WeakMap<FastifyRequest, Viewer>()

/** Who speaks. Only in routes that {@link requireCaller} guards. */
export function viewerOf(request: FastifyRequest): Viewer {
  const viewer = callers.get(request)
  if (!viewer) throw new Error('the route is not guarded')
  return viewer
}

/** Who is counted together: a caller, or the address of one who is not known. */
export const countedAs = (request: FastifyRequest): string => {
  const viewer = callers.get(request)
  return viewer ? callerName(viewer.caller) : `address:${request.ip}`
}

export interface AuthParts {
  console: Pick<Console, 'callers' | 'sessions' | 'isReady' | 'locale'>
  /** The address that browsers use; absent: nobody can sign in. */
  publicUrl: string | undefined
}

const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** Finds out who speaks: by the cookie of a session, or by a token. Nobody is turned away yet. */
export function createIdentifying({ console, publicUrl }: AuthParts) {
  const { callers: known, sessions } = console

  async function callerOf(request: FastifyRequest): Promise<Caller | undefined> {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token !== undefined) return known.programOf(token)
    const cookie = request.cookies[cookieName(publicUrl)]
    return cookie === undefined || cookie === '' ? undefined : sessions.callerOf(cookie)
  }

  return async (request: FastifyRequest): Promise<void> => {
    if (!console.isReady()) return
    const caller = await callerOf(request)
    const person = caller && known.personOf(caller)
    if (person) callers.set(request, { caller, person, locale: localeOf(request, console.locale()) })
  }
}

/** Turns away whoever is not known, and what another site's page may have sent in somebody's name. */
export function requireCaller({ console, publicUrl }: AuthParts) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const viewer = callers.get(request)
    if (!console.isReady()) {
      reply.header('retry-after', '1')
      return refuse(reply, 503, 'STARTING', 'the service is starting; try again in a moment')
    }
    if (!viewer) {
      reply.header('www-authenticate', 'Bearer realm="breakerbot"')
      return refuse(
        reply,
        401,
        'NOT_SIGNED_IN',
        'sign in to the console (send «console» to the bot), or send an API token as «Authorization: Bearer …»',
      )
    }
    if (viewer.caller.via === 'api' || isOwn(request, publicUrl)) return undefined
    return refuse(reply, 403, 'FOREIGN_ORIGIN', `the console’s own pages send Origin and ${CSRF_HEADER}`)
  }
}

/** True if no other site’s page can have sent it; where something is only read, as far as the browser says so. */
function isOwn({ method, headers }: FastifyRequest, publicUrl: string | undefined): boolean {
  if (['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']))) return false
  return (
    SAFE.includes(method) || (isOwnOrigin(headers.origin, publicUrl) && headers[CSRF_HEADER] !== undefined)
  )
}

/** True if a page of ours sent it. */
export const isOwnOrigin = (origin: string | undefined, publicUrl: string | undefined): boolean =>
  publicUrl !== undefined && origin === new URL(publicUrl).origin

/** Bound to the host, and to https, where the browser can see to that. */
export const cookieName = (publicUrl: string | undefined): string =>
  publicUrl?.startsWith('https:') ? '__Host-breakerbot' : 'breakerbot'

/** What a session's cookie is set with. */
export const cookieOptions = (publicUrl: string | undefined) =>
  ({
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl?.startsWith('https:') ?? false,
  }) as const

/** The first of our languages that the browser asks for. */
export function localeOf(request: FastifyRequest, usual: 'zh-CN' | 'en'): 'zh-CN' | 'en' {
  const wanted = (request.headers['accept-language'] ?? '').toLowerCase().match(/\b(zh|en)\b/)?.[1]
  return wanted === 'zh' ? 'zh-CN' : wanted === 'en' ? 'en' : usual
}

export function refuse(reply: FastifyReply, status: number, error: string, message: string): FastifyReply {
  return reply.code(status).send({ error, message })
}

/** The same for what is not there and for what the caller may not see. */
export const notHere = (reply: FastifyReply): FastifyReply =>
  refuse(reply, 404, 'NOT_FOUND', 'there is nothing of that name that you may see')

/** Says who may keep an answer, or take it for something else: nobody. */
export function keepNothing(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    })
    done()
  })
}
