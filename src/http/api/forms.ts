import { z } from 'zod'

/** The forms of what the API takes and answers; the description at /openapi.json is made of them. */

export const at = z.number().describe('ms since 1970')
const role = z.enum(['viewer', 'operator', 'admin'])
export const position = z.enum(['open', 'closed'])

/** What programs go by, and the same in the language asked for. */
export const said = z.object({ key: z.string(), text: z.string() })

export const fault = z.object({ error: z.string(), message: z.string() })

/** An answer that is no JSON. */
interface Described {
  description: string
  content: Record<string, { schema: z.ZodType }>
}

/** The answers of a route, with the faults that each may answer. */
export const answers = <T extends Record<number, z.ZodType | Described>>(own: T) => ({
  400: fault.describe('what was sent is not of its form'),
  401: fault.describe('neither a sign-in nor a token'),
  403: fault.describe('not from the console’s own page'),
  429: fault.describe('too many calls; `retry-after` says when to go on'),
  500: fault.describe('a fault of the service'),
  503: fault.describe('the service is starting'),
  ...own,
})

export const byId = z.object({ id: z.string().max(64) })

export const paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().max(64).optional().describe('`next` of the page before'),
})

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().describe('asks for what follows; null at the end'),
  })
const countedPageOf = <T extends z.ZodType>(item: T) => pageOf(item).extend({ total: z.int() })

const places = z.array(z.object({ role, sites: z.array(z.string()), groups: z.array(z.string()) }))

export const me = z.object({
  name: z.string(),
  via: z.enum(['console', 'api']),
  role: role.describe('the highest that is held anywhere'),
  everywhere: role.nullable(),
  places,
  language: z.enum(['zh-CN', 'en']),
  timezone: z.string(),
  actuation: z.boolean().describe('false: no command leaves'),
  now: at,
})

export const values = {
  voltage: z.number().nullable().describe('V'),
  current: z.number().nullable().describe('A'),
  power: z.number().nullable().describe('W'),
  energy: z.number().nullable().describe('the counter, kWh'),
}

const operation = z.object({
  id: z.string(),
  to: position,
  stage: z.enum(['asked', 'confirmed', 'sent', 'done', 'unconfirmed', 'failed', 'cancelled', 'expired']),
  underWay: z.boolean(),
  askedBy: z.string(),
  askedAt: at,
  confirmedBy: z.string().nullable(),
  sentAt: at.nullable(),
  expiresAt: at,
  secondPerson: z.boolean().describe('another person has to confirm'),
  nonce: z.string().nullable().describe('what the confirming step takes; null for whoever may not confirm'),
  why: said.nullable(),
})

const rights = z
  .array(z.enum(['acknowledge', 'open', 'close', 'confirm', 'hold', 'unlock']))
  .describe('what the caller may do there')

export const severity = z.enum(['info', 'warning', 'critical'])

export const incident = z.object({
  id: z.string(),
  breaker: z.string(),
  circuit: z.string(),
  title: z.string(),
  site: z.string(),
  room: z.string(),
  version: z.int(),
  cause: z.string(),
  causeText: z.string(),
  severity: z.string(),
  openedAt: at,
  resolvedAt: at.nullable(),
  owner: z.string().nullable(),
  acknowledgedAt: at.nullable(),
  repeats: z.int(),
})

export const fullIncident = incident.extend({ story: z.array(z.object({ at, text: z.string() })) })

const circuit = z.object({
  key: z.string(),
  title: z.string(),
  position: position.nullable().describe('null: not known'),
  since: at.nullable(),
  openedBy: z.enum(['trip', 'hand', 'command', 'client']).nullable(),
  held: z.boolean(),
  lockedOut: z.enum(['short-circuit', 're-trip', 'leakage-again']).nullable(),
  incident: incident.nullable(),
  operation: operation.nullable().describe('the present one, or the last'),
  close: z
    .object({ may: z.enum(['confirm', 'second-person', 'no']), reasons: z.array(said) })
    .describe('what the gate would say to a close asked for now by the caller'),
})

export const breaker = z.object({
  id: z.string(),
  name: z.string(),
  site: z.string(),
  room: z.string(),
  groups: z.array(z.string()),
  ratedCurrent: z.number().nullable().describe('A'),
  version: z.int(),
  online: z.boolean().nullable(),
  silentSince: at.nullable(),
  lastReportAt: at.nullable(),
  heardAt: at.nullable(),
  load: z.object({ at, ...values }).nullable(),
  holds: z.array(z.object({ circuit: z.string().nullable(), by: z.string(), at, reason: z.string() })),
  rights,
  circuits: z.array(circuit),
})

export const breakersPage = countedPageOf(breaker)
export const incidentsPage = pageOf(incident.extend({ rights })).extend({
  total: z.int().describe('of all that fit; of more than a page, as of the last ten seconds'),
})
export const historyPage = pageOf(
  z.object({
    seq: z.int(),
    at,
    who: z.string(),
    what: z.string(),
    breaker: z.string().nullable(),
    subject: z.string(),
    via: z.enum(['console', 'api']).nullable(),
    text: z.string(),
  }),
)

export const channels = z.object({
  items: z.array(
    z.object({
      name: z.enum(['telegram', 'dingtalk', 'wecom']),
      state: z.enum(['starting', 'ready', 'standby', 'waiting', 'failed', 'stopped']),
      since: at,
      detail: z.string().nullable().describe('for admins'),
    }),
  ),
})

export const rooms = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      timezone: z.string(),
      channels: z.array(z.string()),
      sites: z.array(z.string()),
      groups: z.array(z.string()),
      breakers: z.int(),
      onDuty: z.array(z.string()),
    }),
  ),
})

export const people = z.object({
  items: z.array(
    z.object({ name: z.string(), role: role.nullable(), places, channels: z.array(z.string()) }),
  ),
})
