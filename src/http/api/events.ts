import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callerName, type Viewer } from '../../engine/console/caller.ts'
import type { Change } from '../../engine/console/changes.ts'
import type { Console } from '../../engine/console/console.ts'
import { refuse, viewerOf } from './auth.ts'
import * as forms from './forms.ts'

/** So many at a time: of one caller, and of all. */
const MOST = { own: 6, all: 500 }
/** So often at least something is sent, so that a proxy keeps the connection, and the session is looked at; ms. */
const BEAT = 15_000
/** So many changes are remembered for those who come back. */
const REMEMBERED = 1000
/** Whoever takes nothing for so many bytes is let go: coming back, it fetches anew. */
const BEHIND = 256 * 1024

interface Stream {
  viewer: Viewer
  write(text: string): void
  end(): void
}

export interface EventOptions {
  /** ms; tests shorten it. */
  beat?: number
}

const SCHEMA = {
  tags: ['reading'],
  summary: 'What changes, as server-sent events',
  description:
    'event «changed»: a list of { kind, id, version }, to be fetched anew; event «reset»: everything is. Goes on from the header Last-Event-ID.',
  response: forms.answers({
    200: { description: 'the events', content: { 'text/event-stream': { schema: z.string() } } },
  }),
}

/**
 * Tells those who look on what has changed, by kind and id: they fetch what they show. Whoever comes back with the last
 * number they have heard gets what they missed, or `reset` where that is too long ago.
 */
export function eventRoutes(console: Console, { beat = BEAT }: EventOptions = {}) {
  const { callers, sessions } = console
  /** Of this run: after a restart all numbers are others'. */
  const run = randomUUID().slice(0, 8)
  let last = 0
  let past: { number: number; changes: Change[] }[] = []
  const streams = new Set<Stream>()

  const idOf = (number: number) => `${run}-${number}`

  function tell(changes: Change[]): void {
    if (changes.some(({ kind }) => kind === 'session')) void look().catch(() => {})
    past = [...past, { number: ++last, changes }].slice(-REMEMBERED)
    for (const one of streams) send(one, last, changes)
  }

  function send({ viewer, write }: Stream, number: number, changes: readonly Change[]): void {
    const person = callers.personOf(viewer.caller)
    const seen = person ? changes.filter(callers.seesIn(person)) : []
    if (seen.length === 0) return
    const data = seen.map(({ kind, id, version }) => ({ kind, id, version }))
    write(`id: ${idOf(number)}\nevent: changed\ndata: ${JSON.stringify(data)}\n\n`)
  }

  /** What was missed since the number that a caller last heard, or word that all is to be fetched. */
  function catchUp(stream: Stream, heard: unknown): void {
    const [of, number] = typeof heard === 'string' ? heard.split('-') : []
    const since = of === run ? Number(number) : Number.NaN
    const isKnown = since <= last && (since === last || past[0]!.number <= since + 1)
    if (!isKnown) stream.write(`id: ${idOf(last)}\nevent: reset\ndata: {}\n\n`)
    else for (const one of past) if (one.number > since) send(stream, one.number, one.changes)
  }

  async function look(): Promise<void> {
    for (const one of streams) {
      const { caller } = one.viewer
      const isGone = caller.via === 'console' ? !(await sessions.lives(caller)) : !callers.personOf(caller)
      if (isGone) one.end()
      else one.write(': still here\n\n')
    }
  }

  function open(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const viewer = viewerOf(request)
    const own = [...streams].filter((one) => callerName(one.viewer.caller) === callerName(viewer.caller))
    if (own.length >= MOST.own || streams.size >= MOST.all)
      return refuse(reply, 429, 'TOO_MANY', 'too many are listening already; close one')
    reply.hijack()
    const { raw } = reply
    const stream: Stream = {
      viewer,
      write: (text) => void (raw.writableLength > BEHIND ? raw.destroy() : raw.write(text)),
      end: () => void raw.end(),
    }
    raw.on('close', () => streams.delete(stream))
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    streams.add(stream)
    raw.write('retry: 3000\n\n')
    catchUp(stream, request.headers['last-event-id'])
    return reply
  }

  return async (app: FastifyInstance): Promise<void> => {
    const deafen = console.hear(tell)
    const beating = setInterval(() => void look().catch(() => {}), beat).unref()
    // Before the server waits for what is under way: these would never end by themselves.
    app.addHook('preClose', async () => {
      clearInterval(beating)
      deafen()
      for (const one of streams) one.end()
    })
    app.get('/events', { schema: SCHEMA }, async (request, reply) => open(request, reply))
  }
}
