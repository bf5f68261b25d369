import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Console } from '../../engine/console/console.ts'
import type { Deed, Told } from '../../engine/console/deed.ts'
import { notHere, refuse, viewerOf } from './auth.ts'
import * as deedForms from './deed-forms.ts'
import * as forms from './forms.ts'

const circuit = z.string().max(64).optional().describe('of a breaker of several circuits')
const nonce = z.string().min(1).max(64)
const reason = z.string().trim().min(1).max(100)
const one = z.strictObject({ circuit })

/** What can be asked of a breaker, and what each takes: the words of the chat by their names here. */
const ASKS = {
  close: { action: 'reclose', takes: one, says: 'Ask for a close; it needs the confirming step' },
  confirm: {
    action: 'confirm',
    takes: z.strictObject({ circuit, nonce }),
    says: 'The confirming step of a close: the gate is asked again, and the command leaves',
  },
  cancel: {
    action: 'cancel',
    takes: z.strictObject({ circuit, nonce: nonce.optional() }),
    says: 'Take back a close that is not confirmed',
  },
  open: { action: 'open', takes: one, says: 'Open, at once' },
  hold: {
    action: 'hold',
    takes: z.strictObject({ circuit, reason }),
    says: 'Hang a tag out: nobody closes until it is lifted',
  },
  release: {
    action: 'release',
    takes: z.strictObject({ circuit, reason: reason.optional() }),
    says: 'Lift one’s own tag, or as an admin, with a reason, those of others',
  },
  acknowledge: { action: 'ack', takes: one, says: 'Acknowledge the open incident' },
} as const

const byKey = z.object({
  'idempotency-key': z.string().min(1).max(128).optional().describe('the same key counts once, for a day'),
})
const answers = forms.answers({
  200: deedForms.deed,
  202: deedForms.deed.describe('a command is on its way, or the decision is'),
  403: z.union([deedForms.refusedDeed, forms.fault]).describe('the role, or not from the console’s own page'),
  404: forms.fault,
  409: deedForms.refusedDeed.describe('refused, with the reasons'),
  415: forms.fault.describe('the body is not JSON'),
  422: forms.fault.describe('the Idempotency-Key was used for something else'),
})

/** What can be done: each becomes a job of the inbox, and is decided like a typed line. */
export function deedRoutes({ deeds, reading, callers, runs }: Console) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    const schema = { tags: ['acting'], headers: byKey, params: forms.byId, response: answers }

    async function act(request: FastifyRequest, reply: FastifyReply, deed: Deed): Promise<FastifyReply> {
      const key = request.headers['idempotency-key']
      const told = await deeds.take(viewerOf(request).caller, deed, typeof key === 'string' ? key : undefined)
      return answer(request, reply, told)
    }

    function answer(request: FastifyRequest, reply: FastifyReply, told: Told): FastifyReply {
      if (told.state === 'other')
        return refuse(
          reply,
          422,
          'KEY_USED',
          'the Idempotency-Key was used for something else; take a new one',
        )
      return reply.code(statusOf(told)).send(reading.told(viewerOf(request), told))
    }

    for (const [name, { action, takes, says }] of Object.entries(ASKS)) {
      const of = { ...schema, summary: says, body: takes.nullish().transform((body) => body ?? {}) }
      app.post(`/breakers/:id/${name}`, { schema: of }, async (request, reply) => {
        const { id } = request.params
        if (!reading.find(viewerOf(request), id)) return notHere(reply)
        // No body at all says nothing of what it lacks.
        const { data, error } = takes.safeParse(request.body)
        if (!data) return refuse(reply, 400, 'INVALID', error.message)
        return act(request, reply, { do: 'ask', breaker: id, action, ...data } as Deed)
      })
    }

    app.post(
      '/groups/:name/off',
      {
        schema: {
          ...schema,
          params: z.object({ name: z.string().min(1).max(200) }),
          summary: 'Ask for all of a group, site or room to be opened; it needs the confirming step',
        },
      },
      async (request, reply) => {
        const { name } = request.params
        if (!callers.hasPlace(viewerOf(request).person, name)) return notHere(reply)
        return act(request, reply, { do: 'off', place: name })
      },
    )
    for (const action of ['confirm', 'cancel'] as const)
      app.post(
        `/runs/:id/${action}`,
        {
          schema: {
            ...schema,
            body: z.strictObject({ nonce }),
            summary: action === 'confirm' ? 'The confirming step of a group' : 'Take back, or stop',
          },
        },
        async (request, reply) => {
          const { id } = request.params
          if (!(await runs.find(viewerOf(request), id))) return notHere(reply)
          return act(request, reply, { do: 'run', action, run: id, nonce: request.body.nonce })
        },
      )
    app.get(
      '/deeds/:id',
      {
        schema: {
          tags: ['acting'],
          summary: 'What came of something one has asked for, for a day',
          params: forms.byId,
          response: answers,
        },
      },
      async (request, reply) => {
        const told = await deeds.outcomeOf(viewerOf(request).caller, request.params.id)
        return told ? answer(request, reply, told) : notHere(reply)
      },
    )
  }
}

/** 202: a command is on its way, or the decision is. */
function statusOf(told: Exclude<Told, { state: 'other' }>): number {
  if (told.state === 'waiting' || told.state === 'sent') return 202
  if (told.state !== 'refused') return 200
  return FORBIDDEN.includes(told.reply.text.key) ? 403 : 409
}

/** Refused for who asks, not for how things stand. */
const FORBIDDEN: readonly string[] = [
  'gate.role',
  'ask.role-here',
  'ask.stranger',
  'ask.anonymous',
  'unlock.admin-only',
]
