import { z } from 'zod'

/** What the bodies of the HTTP test API look like. */
const circuit = z.templateLiteral(['power', z.union([z.literal(''), z.number()])])
const position = z.enum(['open', 'closed'])
const ms = z.number().min(0)
const share = z.number().min(0).max(1)
const act = z.boolean().exactOptional()

export const trip = z.strictObject({
  circuit: circuit.exactOptional(),
  cause: z
    .enum([
      'overload',
      'short-circuit',
      'leakage',
      'over-temperature',
      'over-voltage',
      'under-voltage',
      'phase-loss',
      'unknown',
    ])
    .exactOptional(),
  rise: z.boolean().exactOptional(),
})
export const retrip = trip.extend({ ms: ms.nullable() })
export const hand = z.strictObject({ position, circuit: circuit.exactOptional() })
export const otherClient = hand.extend({ extra: z.string().exactOptional() })
export const load = z.strictObject({ amps: z.number().min(0), circuit: circuit.exactOptional() })
export const jam = z.strictObject({ answer: z.enum(['silent', 'unchanged', 'error']).default('silent') })
export const tick = z.strictObject({ ms })
export const pushUrl = z.strictObject({ url: z.url().nullable(), appId: z.string().exactOptional() })

export const device = z.strictObject({
  id: z.union([z.string(), z.number()]),
  appId: z.string().exactOptional(),
  name: z.string().exactOptional(),
  product: z.string().exactOptional(),
  circuits: z.array(circuit).min(1).exactOptional(),
  metered: z.boolean().exactOptional(),
  ratedCurrent: z.number().exactOptional(),
  load: z.union([z.number(), z.partialRecord(circuit, z.number())]).exactOptional(),
  positions: z.partialRecord(circuit, position).exactOptional(),
  online: z.boolean().exactOptional(),
})

export const settings = z
  .strictObject({
    tsWindow: z.number(),
    errorStatus: z.union([z.literal(200), z.literal('4xx')]),
    offlineOrders: z.enum(['silent', 'refused', 'queued']),
    offlineCode: z.number(),
    unknownDeviceCode: z.number(),
    unknownOrderCode: z.number(),
    rateLimit: z.boolean(),
    rateCode: z.number(),
    orderPushDelay: ms,
    orderPushLoss: share,
    pushTimeout: ms,
    pushShape: z.enum([
      'plain',
      'device-object',
      'data-data',
      'wrapped',
      'wrapped-twice',
      'no-type',
      'form',
      'form-message',
      'text',
    ]),
    pushValues: z.enum(['strings', 'numbers', 'booleans']),
    pushTime: z.enum(['ms', 's', 'ms-text', 's-text']),
    meteringInterval: z.number().min(1),
  })
  .partial()

const counted = { after: z.number().exactOptional(), times: z.number().exactOptional() }

export const fault = z.strictObject({
  ...counted,
  /** Only calls to this interface. */
  path: z.string().exactOptional(),
  effect: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('slow'), ms }),
    z.strictObject({ kind: z.literal('status'), status: z.number(), act }),
    z.strictObject({ kind: z.literal('code'), code: z.number(), msg: z.string().exactOptional(), act }),
    z.strictObject({ kind: z.enum(['hang', 'reset', 'html', 'garbage']), act }),
  ]),
})
export const pushFault = z.strictObject({
  ...counted,
  /** Only pushes of this type. */
  type: z.enum(['order', 'event', 'state', 'online', 'offline']).exactOptional(),
  effect: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('lose') }),
    z.strictObject({ kind: z.literal('duplicate'), times: z.number().exactOptional() }),
    z.strictObject({ kind: z.literal('slow'), ms }),
  ]),
})
